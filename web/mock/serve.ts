/** A server for looking at the built site, and for its tests: it serves dist/ by the rules that the real server keeps
 * (headers, base path, caching), with the answers of answers.ts.
 *
 *     web/npm run mock -- [PORT [PREFIX]]        PREFIX: the path of the site, "/zips"
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import { gzipSync } from "node:zlib";
import { pageAt } from "../src/app/pages.ts";
import { answer, modeOf } from "./answers.ts";
import { sendShared } from "./sharedAnswers.ts";
import { movingZips } from "./zips.ts";

const [port = "8090", prefix = ""] = process.argv.slice(2);
const DIST = join(import.meta.dirname, "../dist");

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const TYPES: Record<string, string> = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
};

/** The only two things in a page that depend on where the site stands. */
function placed(html: string): string {
  return html.replace('data-base="/"', `data-base="${prefix}/"`).replaceAll('"./assets/', `"${prefix}/assets/`);
}

/** Files in gzip, which is what browsers take over plain http. */
const packed = new Map<string, Buffer>();

function inGzip(file: string): Buffer {
  let body = packed.get(file);
  if (body === undefined) {
    const plain = readFileSync(join(DIST, file));
    body = gzipSync(extname(file) === ".html" ? placed(plain.toString()) : plain, { level: 9 });
    packed.set(file, body);
  }
  return body;
}

function sendFile(response: ServerResponse, status: number, file: string): void {
  const type = extname(file);
  const isHashed = file.startsWith("assets/");
  response.writeHead(status, {
    "Content-Type": TYPES[type] ?? "application/octet-stream",
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Encoding": "gzip",
    "Cache-Control": isHashed ? "public, max-age=31536000, immutable" : "no-cache",
  });
  response.end(inGzip(file));
}

function sendPage(response: ServerResponse, path: string): void {
  const own = normalize(join(path, "index.html")).slice(1);
  if (path.startsWith("/docs") && existsSync(join(DIST, own))) {
    sendFile(response, 200, own);
  } else {
    sendFile(response, path.startsWith("/docs") || !pageAt(path) ? 404 : 200, "index.html");
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) {
    parts.push(part as Buffer);
  }
  return parts.length === 0 ? undefined : JSON.parse(Buffer.concat(parts).toString());
}

/** Tells of the zips that move, once a second. */
function sendEvents(response: ServerResponse): void {
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  response.write("event: hello\ndata: {}\n\n");
  const timer = setInterval(() => {
    for (const zip of movingZips()) {
      response.write(`event: zip\ndata: ${JSON.stringify(zip)}\n\n`);
    }
  }, 1000);
  response.on("close", () => clearInterval(timer));
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://host");
  const path = url.pathname.startsWith(prefix) ? url.pathname.slice(prefix.length) || "/" : "/outside";
  const file = normalize(path).slice(1);
  const isPage = request.headers.accept?.includes("text/html") && !path.startsWith("/api/");
  if (path.startsWith("/assets/")) {
    if (existsSync(join(DIST, file)) && statSync(join(DIST, file)).isFile()) {
      sendFile(response, 200, file);
    } else {
      response.writeHead(404).end();
    }
  } else if (path.startsWith("/api/") && modeOf(request) === "slow") {
    // The answer never comes.
  } else if (path === "/api/events" && modeOf(request) !== "broken") {
    sendEvents(response);
  } else if (path.startsWith("/stream/")) {
    sendShared(request, response, path);
  } else if (request.method === "GET" && isPage) {
    sendPage(response, path);
  } else {
    const { status, body, headers = {} } = answer(request, path, url.searchParams, await bodyOf(request));
    response.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store", ...headers });
    response.end(body === undefined || typeof body === "string" ? body : JSON.stringify(body));
  }
}

createServer((request, response) => {
  serve(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
}).listen(Number(port), "127.0.0.1", () => console.log(`http://127.0.0.1:${port}${prefix}/`));
