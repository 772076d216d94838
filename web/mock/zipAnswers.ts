/** What the mock answers about zips, links, files, buckets and usage. */
import type { Schema } from "../src/api/calls.ts";
import { type Answer, error } from "./answers.ts";
import { LONG_NAME, longStreams, longZips, streams, unendedZips, zip, zips } from "./zips.ts";

/** Undefined: the call is about something else. */
export function zipAnswer(call: string, query: URLSearchParams, mode: string, body: unknown): Answer | undefined {
  const ok = (answer: unknown, status = 200): Answer => ({ status, body: answer });
  if (call === "POST /api/zips/estimate" || call === "POST /api/streams/estimate") {
    return ok(estimate(call === "POST /api/zips/estimate"));
  }
  const [, id = "", action = ""] = /^\w+ \/api\/zips\/([^/]+)\/?(\w*)/.exec(call) ?? [];
  if (id !== "") {
    return aboutZip(call, id, action, query, mode);
  }
  if (/^POST \/api\/admin\/zips\/.*\/cancel$/.test(call)) {
    return ok({ ...unendedZips()[0], state: "cancelled" });
  }
  if (/^POST \/api\/streams\/.*\/revoke$/.test(call)) {
    return ok({ ...streams[0], state: "revoked", links: [] });
  }
  switch (call) {
    case "GET /api/zips": {
      const state = query.get("state");
      const search = (query.get("search") ?? "").toLowerCase();
      const all = mode === "empty" ? [] : mode === "long" ? longZips() : zips();
      const found = all.filter(
        ({ id, target, ...each }) =>
          (state === null || each.state === state) &&
          `${id} ${target.bucket}/${target.key}`.toLowerCase().includes(search),
      );
      return ok({ zips: found, nextCursor: state === null && search === "" && mode !== "empty" ? "next" : null });
    }
    case "POST /api/zips":
      return ok(zips()[0], 201);
    case "GET /api/streams": {
      const search = (query.get("search") ?? "").toLowerCase();
      const all = mode === "empty" ? [] : mode === "long" ? longStreams() : streams;
      const found = all.filter(({ id, fileName }) => `${id} ${fileName}`.toLowerCase().includes(search));
      return ok({ streams: found, nextCursor: null });
    }
    case "GET /api/admin/zips":
      return ok({ zips: mode === "empty" ? [] : unendedZips() });
    case "POST /api/streams":
      return ok(streams[1], 201);
    case "GET /api/usage":
      return ok(usage(mode === "empty" ? 0 : 1, Number(query.get("days") ?? 0)));
    case "POST /api/browse":
      return browse(body as Record<string, string>, mode);
    default:
      return undefined;
  }
}

function aboutZip(call: string, id: string, action: string, query: URLSearchParams, mode: string): Answer {
  const found = zip(id);
  if (found === undefined) {
    return error(404, "there is no such zip");
  }
  switch (action) {
    case "retry":
      return error(400, "credentials are required, as the account keeps none here");
    case "again":
      return { status: 201, body: zips()[0] };
    case "request":
      return { status: 200, body: MADE_BY };
    case "cancel":
      return { status: 200, body: { ...found, state: "cancelled", endedAt: new Date().toISOString() } };
    case "files":
      return found.state === "succeeded" ? { status: 200, body: files(query, mode) } : error(409, `the zip is ${found.state}`);
    case "report":
      return found.archives.length === 0 ? error(409, "the files have not been listed yet") : report(found.state);
    case "deliveries":
      return { status: 200, body: { deliveries: [] } };
    default:
      return call.startsWith("GET ") ? { status: 200, body: found } : error(404, "there is nothing here");
  }
}

const MADE_BY = {
  method: "POST",
  path: "/api/zips",
  headers: {},
  body: { bucket: "media-archive", sources: ["holiday/", "notes.txt"], target: { key: "zips/holiday.zip" } },
};

function estimate(isIntoBucket: boolean): Schema["Estimate"] {
  return {
    entries: 42,
    bytes: 84_004_305,
    archives: [{ entries: 42, bytes: 84_012_345 }],
    renamed: {
      count: 2,
      entries: [
        { bucket: "media-archive", key: "holiday/a:b.txt", name: "holiday/a_b.txt", change: "cleaned" },
        { bucket: "media-archive", key: "holiday/A_B.txt", name: "holiday/A_B (2).txt", change: "numbered" },
      ],
    },
    leftOut: { missing: 0, ownZips: 1, excluded: 0 },
    calls: [
      { name: "ListObjectsV2", count: 1 },
      { name: "HeadObject", count: 1 },
      { name: "GetObject", count: 122 },
      ...(isIntoBucket ? [{ name: "UploadPart", count: 11 }] : []),
    ],
    dollars: 0.00011,
    priceList: "Amazon S3 Standard, us-east-1, price list of 2025: $0.005 per 1,000 PUT, COPY, POST and LIST requests",
    target: isIntoBucket ? { bytes: 1_200_000_000 } : null,
  };
}

export function files(query: URLSearchParams, mode = "") {
  const prefix = query.get("prefix") ?? "";
  const search = query.get("search") ?? "";
  const names = search !== "" ? ["2026/raw/0001.dng", "2026/a.jpg"] : prefix === "" ? [mode === "long" ? `${LONG_NAME}.jpg` : "notes.txt"] : [`${prefix}a.jpg`, `${prefix}b.jpg`];
  return {
    entries: names.map((name, at) => ({
      name,
      size: 2_412_077 * (at + 1),
      modified: "2026-11-20T08:00:00Z",
      crc32: "9ae0daaf",
      isFolder: false,
      archive: 1,
    })),
    folders: search !== "" ? [] : prefix === "" ? ["2026/", "docs/"] : prefix === "2026/" ? ["2026/raw/"] : [],
    entryCount: 1198,
    nextCursor: prefix === "" && search === "" ? "next" : null,
  };
}

function report(state: string): Answer {
  const line = (fields: object) =>
    JSON.stringify({ archive: 1, bucket: "media-archive", versionId: "", size: 4300, crc32: "", nameChange: "", reason: "", state: state === "succeeded" ? "zipped" : "planned", ...fields });
  const lines = [
    line({ name: "2026/a.jpg", key: "2026/a.jpg" }),
    line({ name: "2026/a_b.jpg", key: "2026/a:b.jpg", nameChange: "cleaned", reason: "the name was made fit for all systems" }),
    line({ name: "2026/A (2).jpg", key: "2026/A.jpg", nameChange: "numbered", reason: "another entry has this name" }),
    line({ name: "", key: "2026/gone.jpg", size: null, state: "missing", reason: "there is no such object" }),
  ];
  return { status: 200, body: `${lines.join("\n")}\n`, headers: { "Content-Type": "application/x-ndjson" } };
}

function usage(factor: number, dayCount: number) {
  const dayOf = (at: number) => ({
    zips: factor * ((at * 7) % 23),
    zipsSucceeded: factor * Math.max(0, ((at * 7) % 23) - (at % 3)),
    zipsFailed: factor * (at % 3),
    zipsCancelled: 0,
    streams: factor * (at % 11),
    bytesZipped: factor * ((at * 31) % 17) * 9e9,
    bytesStreamed: factor * (at % 7) * 1e9,
  });
  return {
    now: { pending: 0, running: factor, retrying: 0 },
    last24Hours: dayOf(9),
    last30Days: { ...dayOf(20), zips: factor * 240, zipsFailed: factor * 30, bytesZipped: factor * 2.4e12 },
    days: Array.from({ length: dayCount }, (_, at) => ({
      day: new Date(Date.now() - (dayCount - 1 - at) * 86_400_000).toISOString().slice(0, 10),
      ...dayOf(at),
    })),
  };
}

function browse({ bucket = "", prefix = "", delimiter = "/", ...rest }: Record<string, string>, mode: string): Answer {
  const { secretAccessKey } = (rest.credentials ?? {}) as unknown as Record<string, string>;
  if (secretAccessKey === "wrong") {
    return error(403, "the store refuses the credentials: the secret access key is not right");
  }
  if (bucket === "") {
    return { status: 200, body: { buckets: ["media-archive", "photos"].map((name) => ({ name, createdAt: null })) } };
  }
  const objectOf = (key: string, size: number) => ({
    key,
    size,
    lastModified: "2026-11-20T08:00:00Z",
    etag: '"9a16"',
    storageClass: "STANDARD",
  });
  const folder = prefix.endsWith("/") ? prefix : "";
  const objects = delimiter === ""
    ? Array.from({ length: 40 }, (_, at) => objectOf(`${prefix}IMG_${at}.jpg`, 2_100_000)).concat(objectOf(`${prefix}a:b.txt`, 5))
    : [objectOf(`${folder}notes.txt`, 4300), objectOf(`${folder}readme.md`, 900)].filter(({ key }) => key.startsWith(prefix));
  const folders = delimiter === "" || folder.split("/").length > 3 ? [] : [mode === "long" ? `${LONG_NAME}/` : "2026/", "holiday/", "raw/"].map((name) => folder + name);
  return { status: 200, body: { bucket, prefix, folders, objects, nextCursor: null } };
}
