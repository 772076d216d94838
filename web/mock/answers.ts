/** What the mock server answers. The password "wrong password" is wrong, "admin…" is an administrator, and the header
 * X-Mock (or the variable MOCK) makes another server of it: "open" has no accounts, "setup" not even the first one,
 * "invitation" registration by invitation, "closed" none and no mail, "empty" an account that has nothing, "long" one
 * that has much of everything under long names. Of the calls of "slow" none is answered, those of "broken" all fail, and
 * "down" has no session either. */
import type { IncomingMessage } from "node:http";
import type { Schema } from "../src/api/calls.ts";
import type { Session } from "../src/api/siteCalls.ts";
import { sharedAnswer } from "./sharedAnswers.ts";
import { zipAnswer } from "./zipAnswers.ts";
import { LONG_NAME } from "./zips.ts";

type Key = Schema["UserKey"];

export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

function ago(ms: number): string {
  return new Date(Date.now() - ms).toISOString();
}

let keys: Key[] = [
  {
    userKey: "8F2C91D07AB34E6D",
    name: "default",
    secretEnd: "4aFu",
    createdAt: ago(40 * DAY_MS),
    lastUsedAt: ago(2 * MINUTE_MS),
    lastUsedFrom: "10.0.0.7",
    formerSecretUntil: null,
  },
  {
    userKey: "1B77E0C2D94F4A08",
    name: "nightly backup",
    secretEnd: "x9Qe",
    createdAt: ago(3 * DAY_MS),
    lastUsedAt: null,
    lastUsedFrom: null,
    formerSecretUntil: ago(-20 * 60 * MINUTE_MS),
  },
];

let kept: unknown = {
  accessKeyIdEnd: "MPLE",
  endpoint: "",
  region: "eu-central-1",
  buckets: ["photos", "media-archive"],
  signedLinks: true,
  keptAt: ago(5 * DAY_MS),
};

function accountOf(name: string) {
  return { id: name, name, isAdmin: name.startsWith("admin"), createdAt: ago(90 * DAY_MS) };
}

function sessionOf(mode: string, name: string | undefined): Session {
  return {
    server: {
      version: "0.1.0",
      accounts: mode !== "open",
      registration: mode === "closed" || mode === "invitation" ? mode : "open",
      setup: mode === "setup",
      mail: mode !== "closed",
    },
    account: name === undefined || mode === "open" ? null : accountOf(name),
  };
}

function nameIn(request: IncomingMessage): string | undefined {
  const name = /s3zipper_session=([^;]+)/.exec(request.headers.cookie ?? "")?.[1];
  return name === undefined ? undefined : decodeURIComponent(name);
}

function signedIn(mode: string, name: string): Answer {
  const cookie = `s3zipper_session=${encodeURIComponent(name)}; Path=/; HttpOnly; SameSite=Lax`;
  const session = sessionOf(mode === "setup" ? "" : mode, name);
  return { status: 200, body: session, headers: { "Set-Cookie": cookie } };
}

export function error(status: number, message: string, headers?: Record<string, string>): Answer {
  return { status, body: { message }, headers };
}

function newKey(name: string): Key & { userSecret: string } {
  const key = { ...(keys[0] as Key), name, userKey: `C0FFEE0C0FFEE0A${keys.length}`, secretEnd: "9zzA", lastUsedAt: null };
  keys = [...keys, key];
  return { ...key, userSecret: "kJ8Yw2mQ4vT7xR1bN6pL3sD9fH5gZ0cAeUi9zzA" };
}

/** Which server this is for the request. */
export function modeOf(request: IncomingMessage): string {
  return String(request.headers["x-mock"] ?? process.env.MOCK ?? "");
}

export function answer(request: IncomingMessage, path: string, query: URLSearchParams, body: unknown): Answer {
  const mode = modeOf(request);
  const fields = (body ?? {}) as Record<string, string>;
  const call = `${request.method} ${path}`;
  if (request.method !== "GET" && request.headers["x-s3zipper-site"] !== "1") {
    return error(403, "the header X-S3zipper-Site is missing");
  }
  if (mode === "down" || (mode === "broken" && path.startsWith("/api/"))) {
    return error(503, "the database does not answer");
  }
  const shared = sharedAnswer(call, query, `http://${request.headers.host}${process.argv[3] ?? ""}`);
  if (shared !== undefined) {
    return shared;
  }
  if (path.startsWith("/api/")) {
    const name = nameIn(request);
    return name === undefined && mode !== "open"
      ? error(401, "not signed in")
      : (zipAnswer(call, query, mode, body) ?? apiAnswer(call, mode, fields));
  }
  switch (call) {
    case "GET /session":
      return { status: 200, body: sessionOf(mode, nameIn(request)) };
    case "DELETE /session":
      return { status: 204, headers: { "Set-Cookie": "s3zipper_session=; Path=/; Max-Age=0" } };
    case "POST /session":
      return fields.password === "wrong password"
        ? error(401, "mail or password is not right")
        : fields.password === "too many tries"
          ? error(429, "too many wrong passwords", { "Retry-After": "40" })
          : signedIn(mode, fields.name ?? "");
    case "POST /setup":
      return fields.code === "wrong" ? error(401, "wrong code") : signedIn(mode, fields.name ?? "");
    case "POST /registration":
      return fields.name?.startsWith("taken")
        ? error(400, "name is taken")
        : fields.name?.startsWith("mail")
          ? { status: 202, body: { confirm: true } }
          : signedIn(mode, fields.name ?? "");
    case "POST /registration/reset":
      return { status: 202, body: {} };
    default:
      return path.startsWith("/registration/") || path === "/session/link"
        ? signedIn(mode, "me@example.org")
        : error(404, "there is nothing here");
  }
}

function apiAnswer(call: string, mode: string, fields: Record<string, string>): Answer {
  if (/^(PUT|DELETE) \/api\/keys\//.test(call)) {
    return { status: 200, body: call.startsWith("PUT") ? keys[0] : { revoked: true } };
  }
  if (/^POST \/api\/keys\/.*\/rotate$/.test(call)) {
    return { status: 200, body: { ...keys[0], userSecret: "kJ8Yw2mQ4vT7xR1bN6pL3sD9fH5gZ0cAeUi9zzA" } };
  }
  if (/^POST \/api\/admin\/accounts\//.test(call)) {
    return { status: 200, body: { link: "https://zips.example.org/registration/password#kJ8Yw2mQ4vT7xR1bN6pL" } };
  }
  switch (call) {
    case "GET /api/keys":
      return { status: 200, body: { keys: mode === "empty" ? [] : mode === "long" ? LONG_KEYS : keys } };
    case "POST /api/keys":
      return { status: 201, body: newKey(fields.name ?? "") };
    case "GET /api/account":
      return {
        status: 200,
        body: { name: "me", userKey: "8F", createdAt: ago(0), errorUrl: null, credentials: mode === "empty" ? null : kept },
      };
    case "PUT /api/account/credentials":
      kept = { ...(kept as object), signedLinks: fields.userSecret !== undefined };
      return { status: 200, body: kept };
    case "GET /api/buckets":
      return { status: 200, body: { buckets: [{ name: "photos", createdAt: null }] } };
    case "PUT /api/account/password":
      return fields.password === "wrong password" ? error(403, "password: it is not the account's") : { status: 200, body: {} };
    case "GET /api/account/sessions":
      return { status: 200, body: { sessions: SESSIONS } };
    case "GET /api/admin/accounts":
      return { status: 200, body: { accounts: mode === "long" ? LONG_ACCOUNTS : ACCOUNTS } };
    case "POST /api/admin/invitations":
      return { status: 201, body: { link: "https://zips.example.org/registration/register#aB3d", expiresAt: ago(-7 * DAY_MS) } };
    case "GET /api/admin/system":
      return { status: 200, body: SYSTEM };
    default:
      return { status: 200, body: {} };
  }
}

const SESSIONS = [
  { id: "1", browser: "Firefox on Linux", address: "10.0.0.7", createdAt: ago(DAY_MS), lastSeenAt: ago(0), isThis: true },
  {
    id: "2",
    browser: "Safari on iPhone",
    address: "2001:db8:85a3::8a2e:370:7334",
    createdAt: ago(9 * DAY_MS),
    lastSeenAt: ago(3 * DAY_MS),
    isThis: false,
  },
];

const ACCOUNTS = [
  ["admin@example.org", "active", 14, 2.6e9],
  ["me@example.org", "active", 1198, 3.2e12],
  ["somebody.with.a.very.long.address@department.example.org", "disabled", 0, 0],
].map(([name, state, zips30Days, bytes30Days], at) => ({
  ...accountOf(String(name)),
  state,
  zips30Days,
  bytes30Days,
  lastSeenAt: at === 2 ? null : ago(at * DAY_MS),
}));

const LONG_KEYS = keys.map((key) => ({ ...key, name: `${key.name} ${LONG_NAME}` }));
const LONG_ACCOUNTS = Array.from({ length: 30 }, (_, at) => ({
  ...accountOf(`${"somebody-".repeat(1 + (at % 4))}${at}@example.org`),
  state: "active",
  zips30Days: at * 7919,
  bytes30Days: at ** 3 * 1e9,
  lastSeenAt: ago(at * DAY_MS),
}));

const SYSTEM = {
  version: "0.1.0",
  upSeconds: 12 * 86400,
  zips: { queued: 3, running: 2, waiting: 1 },
  store: { kind: "SQLite" },
  disk: { freeBytes: 118_000_000_000, totalBytes: 250_000_000_000 },
  mail: { sends: true, sendsLinks: true },
  settings: [
    { key: "listen", value: "0.0.0.0:8080" },
    { key: "public_url", value: "https://zips.example.org" },
    { key: "s3.allowed_endpoints", value: "https://minio.example.org:9000, https://s3.eu-central-1.amazonaws.com" },
    { key: "tls.certificate_file", value: "" },
  ],
};
