/** What the mock answers to those who were given a link: /api/shared/TARGET/SIGNATURE, whose TARGET says what they meet,
 * and the download itself, whose connection breaks where it is asked to. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Schema } from "../src/api/calls.ts";
import { type Answer, error } from "./answers.ts";
import { files } from "./zipAnswers.ts";

const SIZE = 3_000_000;
const ETAG = '"52c7a1f0"';

/** Undefined: the call is about something else. */
export function sharedAnswer(call: string, query: URLSearchParams, base: string): Answer | undefined {
  const [, target = "", signature = "", more] = /^GET \/api\/shared\/([^/]+)\/([^/]+)(\/files)?$/.exec(call) ?? [];
  if (target === "") {
    return undefined;
  }
  if (target === "wrong") {
    return error(404, "there is no such download; check the link");
  }
  if (target === "ended") {
    return error(410, "this link has expired; ask for a new one");
  }
  if (more !== undefined) {
    return { status: 200, body: files(query) };
  }
  const state = target === "listing" || target === "failed" ? target : "ready";
  const isPart = target.endsWith(".1");
  const body: Schema["SharedStream"] = {
    state,
    fileName: isPart ? "holiday-2026-2.zip" : "holiday-2026.zip",
    part: isPart ? 2 : 1,
    parts: isPart ? 3 : 1,
    entries: state === "ready" ? 1198 : null,
    bytes: state === "ready" ? SIZE : null,
    expiresAt: new Date(Date.now() + 2 * 86_400_000).toISOString(),
    url: `${base}/stream/${target}/${signature}/holiday-2026.zip`,
  };
  return { status: 200, body };
}

/** Each byte is told by its place, so that a file that is sewn together wrongly is found out. */
export function byteAt(at: number): number {
  return (at * 31 + (at >> 8)) % 251;
}

/** How often the download of each link has been asked for. */
const asked = new Map<string, number>();

const BREAKS = 5;

/** Sends what the range says. Of a link "breaking…" the first answers break off after a part. */
export function sendShared(request: IncomingMessage, response: ServerResponse, path: string): void {
  const target = path.split("/")[2] ?? "";
  const count = (asked.get(path) ?? 0) + 1;
  asked.set(path, count);
  const isRest = request.headers["if-range"] === ETAG;
  const start = isRest ? Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0) : 0;
  const end = target.startsWith("breaking") && count <= BREAKS ? start + SIZE / (BREAKS + 1) : SIZE;
  response.writeHead(start > 0 ? 206 : 200, {
    "Content-Type": "application/zip",
    "Content-Length": SIZE - start,
    "Content-Disposition": "attachment; filename=holiday-2026.zip",
    ETag: ETAG,
    ...(start > 0 && { "Content-Range": `bytes ${start}-${SIZE - 1}/${SIZE}` }),
  });
  response.write(Buffer.from(Array.from({ length: end - start }, (_, at) => byteAt(start + at))), () => {
    if (end < SIZE) {
      // An end instead of a reset: what has been sent arrives.
      response.socket?.end();
    } else {
      response.end();
    }
  });
}
