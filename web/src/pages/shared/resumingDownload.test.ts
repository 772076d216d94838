import { expect, test, vi } from "vitest";
import { ApiError } from "../../api/ApiError";
import { Broken, type Progress, ResumingDownload } from "./resumingDownload";

const FILE = new Uint8Array(Array.from({ length: 100 }, (_, at) => at));

interface Served {
  bytes: Uint8Array<ArrayBuffer>;
  etag: string;
  /** After so many bytes of an answer the connection breaks. */
  breakAfter?: number;
}

/** A body that breaks, or ends, after some of the bytes. */
function bodyOf(bytes: Uint8Array<ArrayBuffer>, breakAfter: number | undefined): ReadableStream<Uint8Array<ArrayBuffer>> {
  const parts = [bytes.slice(0, breakAfter).slice(0, 7), bytes.slice(0, breakAfter).slice(7)].filter(({ length }) => length > 0);
  return new ReadableStream({
    pull(controller) {
      const part = parts.shift();
      if (part !== undefined) {
        controller.enqueue(part);
      } else if (breakAfter !== undefined && breakAfter < bytes.length) {
        controller.error(new TypeError("network error"));
      } else {
        controller.close();
      }
    },
  });
}

/** Answers as the server does: 206 if the range is of the same file, and else all of it. */
function answer({ bytes, etag, breakAfter }: Served, headers: Record<string, string>): Response {
  const from = headers["If-Range"] === etag ? Number(/bytes=(\d+)-/.exec(headers.Range ?? "")?.[1] ?? 0) : 0;
  const rest = bytes.slice(from);
  const fields: Record<string, string> = { ETag: etag, "Content-Length": String(rest.length) };
  if (from > 0) {
    fields["Content-Range"] = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
  }
  return new Response(bodyOf(rest, breakAfter), { status: from > 0 ? 206 : 200, headers: fields });
}

/** A download whose requests are answered by these in turn, the last one for all that follow. */
function downloadOf(...answers: (Served | Response | Error)[]) {
  let written: number[] = [];
  const asked: Record<string, string>[] = [];
  const pauses: number[] = [];
  const told: Progress[] = [];
  const sink = {
    write: vi.fn(async (bytes: Uint8Array) => void written.push(...bytes)),
    startOver: vi.fn(async () => {
      written = [];
    }),
  };
  const download = new ResumingDownload({
    request: async (headers) => {
      asked.push(headers);
      const next = answers.length > 1 ? answers.shift() : answers[0];
      if (next instanceof Error || next === undefined) {
        throw next;
      }
      return next instanceof Response ? next.clone() : answer(next, headers);
    },
    sink,
    onProgress: (progress) => told.push(progress),
    pause: async (ms) => void pauses.push(ms),
  });
  const run = () => download.run(new AbortController().signal);
  return { run, asked, pauses, told, sink, written: () => written };
}

const whole: Served = { bytes: FILE, etag: '"a"' };

test("what does not break is asked for once, without a range", async () => {
  const { run, asked, told, written } = downloadOf(whole);
  await run();
  expect(written()).toEqual([...FILE]);
  expect(asked).toEqual([{}]);
  expect(told.at(-1)).toEqual({ received: 100, total: 100, isBroken: false });
});

test("after a break it goes on from the bytes that it has, if the file is the same", async () => {
  const { run, asked, pauses, told, written, sink } = downloadOf({ ...whole, breakAfter: 40 }, new TypeError("offline"), whole);
  await run();
  expect(written()).toEqual([...FILE]);
  expect(asked.at(-1)).toEqual({ Range: "bytes=40-", "If-Range": '"a"' });
  expect(pauses).toEqual([1000, 2000]);
  expect(told.filter(({ isBroken }) => isBroken)).toEqual(Array(2).fill({ received: 40, total: 100, isBroken: true }));
  expect(sink.startOver).not.toHaveBeenCalled();
});

test("another file starts over", async () => {
  const other = FILE.slice().reverse();
  const { run, written, sink, told } = downloadOf({ ...whole, breakAfter: 40 }, { bytes: other, etag: '"b"' });
  await run();
  expect(written()).toEqual([...other]);
  expect(sink.startOver).toHaveBeenCalledOnce();
  expect(told.at(-1)).toEqual({ received: 100, total: 100, isBroken: false });
});

test("a body that ends too early is a break, too", async () => {
  const short = new Response(FILE.slice(0, 10), { headers: { ETag: '"a"', "Content-Length": "100" } });
  const { run, asked, written } = downloadOf(short, whole);
  await run();
  expect(written()).toEqual([...FILE]);
  expect(asked[1]).toEqual({ Range: "bytes=10-", "If-Range": '"a"' });
});

test("another part than the one asked for is not taken", async () => {
  const wrong = new Response(FILE.slice(30), { status: 206, headers: { "Content-Range": "bytes 30-99/100" } });
  const { run, asked, written } = downloadOf({ ...whole, breakAfter: 40 }, wrong, whole);
  await run();
  expect(written()).toEqual([...FILE]);
  expect(asked[2]).toEqual({});
});

test("a range that is not there starts over", async () => {
  const { run, written } = downloadOf({ ...whole, breakAfter: 40 }, new Response("", { status: 416 }), whole);
  await run();
  expect(written()).toEqual([...FILE]);
});

test("a file without a strong tag starts over", async () => {
  const { run, asked, written } = downloadOf({ ...whole, etag: 'W/"a"', breakAfter: 40 }, { ...whole, etag: 'W/"a"' });
  await run();
  expect(asked[1]).toEqual({});
  expect(written()).toEqual([...FILE]);
});

test("tries in vain end, and each that brings bytes makes room for others", async () => {
  const { run, asked, pauses, written } = downloadOf({ ...whole, breakAfter: 40 }, new TypeError("offline"));
  await expect(run()).rejects.toBeInstanceOf(Broken);
  expect(asked.length).toBe(8);
  expect(pauses.at(-1)).toBe(30_000);
  expect(written().length).toBe(40);
});

test("after that it can be told to go on", async () => {
  const offline = Array.from({ length: 7 }, () => new TypeError("offline"));
  const { run, asked, written } = downloadOf({ ...whole, breakAfter: 40 }, ...offline, whole);
  await expect(run()).rejects.toBeInstanceOf(Broken);
  await run();
  expect(asked.at(-1)).toEqual({ Range: "bytes=40-", "If-Range": '"a"' });
  expect(written()).toEqual([...FILE]);
});

test("a refusal is final, and a busy server is given the time that it asks for", async () => {
  const gone = new Response('{"message": "this link has expired"}', { status: 410 });
  await expect(downloadOf({ ...whole, breakAfter: 40 }, gone).run()).rejects.toMatchObject({
    status: 410,
    message: "This link has expired.",
  });
  expect(new ApiError(410, "")).toBeInstanceOf(Error);
  const busy = new Response("", { status: 503, headers: { "Retry-After": "20" } });
  const { run, pauses } = downloadOf(busy, whole);
  await run();
  expect(pauses).toEqual([20_000]);
});

test("what the file's place refuses is told, and not tried again", async () => {
  const { run, asked, sink } = downloadOf(whole);
  sink.write.mockRejectedValue(new Error("the disk is full"));
  await expect(run()).rejects.toThrow("the disk is full");
  expect(asked.length).toBe(1);
});

test("it stops when it is told to", async () => {
  const abort = new AbortController();
  const sink = { write: async () => abort.abort(), startOver: async () => {} };
  const download = new ResumingDownload({
    request: async () => answer(whole, {}),
    sink,
    onProgress: () => {},
    pause: async () => {},
  });
  await expect(download.run(abort.signal)).rejects.toMatchObject({ name: "AbortError" });
});
