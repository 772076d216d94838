/** The zips and links of the mock: one of each state, two of which move. */
import type { Schema } from "../src/api/calls.ts";

type Zip = Schema["Zip"];

/** Without a place to break a line at. */
export const LONG_NAME = "IMG_20260815_134501_HDR_edited_final_".repeat(3);

const started = Date.now();

function ago(seconds: number): string {
  return new Date(started - seconds * 1000).toISOString();
}

function idOf(number: number): string {
  return `52c7a1f0-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

function zipOf(number: number, key: string, fields: Partial<Zip>): Zip {
  return {
    id: idOf(number),
    state: "succeeded",
    createdAt: ago(number * 400),
    startedAt: ago(number * 400 - 1),
    endedAt: null,
    error: null,
    target: { bucket: "media-archive", key },
    progress: { entriesDone: 0, entriesTotal: 0, bytesDone: 0, bytesTotal: 0 },
    archives: [],
    links: [],
    expiresAt: null,
    deletedAt: null,
    deletionNote: null,
    missing: { count: 0, paths: [] },
    cleaning: false,
    ...fields,
  };
}

function done(number: number, entries: number, bytes: number): Partial<Zip> {
  return {
    endedAt: ago(number * 400 - 15),
    progress: { entriesDone: entries, entriesTotal: entries, bytesDone: bytes, bytesTotal: bytes },
    archives: [{ entries, bytes: bytes + 140 * entries }],
    links: [`https://media-archive.s3.example.org/${number}.zip?X-Amz-Signature=c6986b703d93308d`],
  };
}

/** A zip that comes round again and again, as if it were made at this rate. */
function moving(entries: number, bytes: number, bytesPerSecond: number, from: number): Partial<Zip> {
  const bytesDone = Math.round((bytes * from + ((Date.now() - started) / 1000) * bytesPerSecond) % bytes);
  return {
    state: "running",
    progress: { entriesDone: Math.floor((bytesDone / bytes) * entries), entriesTotal: entries, bytesDone, bytesTotal: bytes },
    archives: [{ entries, bytes: bytes + 140 * entries }],
  };
}

export function movingZips(): Zip[] {
  return [
    zipOf(1, "zips/holiday-2026.zip", moving(1198, 2.4e9, 17e6, 0.3)),
    zipOf(2, "out/a-rather-long-name-of-a-zip-that-has-all-pictures-of-the-summer-2026.zip", moving(12_400, 48e9, 120e6, 0.1)),
  ];
}

export function zips(): Zip[] {
  return [
    ...movingZips(),
    zipOf(3, "zips/all.zip", {
      state: "running",
      progress: { entriesDone: 0, entriesTotal: 12_400, bytesDone: 0, bytesTotal: 0 },
    }),
    zipOf(4, "zips/next.zip", { state: "pending", startedAt: null }),
    zipOf(5, "zips/2026.zip", { ...moving(3, 1e9, 0, 0.999999), state: "retrying" }),
    zipOf(6, "ledger.zip", {
      state: "failed",
      endedAt: ago(2390),
      error: "access denied reading s3://acme-data/2026/ledger.csv: allow s3:GetObject on it, then run again",
      progress: { entriesDone: 1, entriesTotal: 3, bytesDone: 20_000, bytesTotal: 100_000 },
      archives: [{ entries: 3, bytes: 100_500 }],
    }),
    zipOf(7, "zips/march.zip", { ...done(7, 1198, 2.4e9), missing: { count: 1, paths: ["media-archive/2026/gone.jpg"] } }),
    zipOf(8, "zips/april.zip", { state: "cancelled", endedAt: ago(3100) }),
    zipOf(9, "zips/may.zip", { ...done(9, 3, 4300), links: [], deletedAt: ago(60), expiresAt: ago(70) }),
    ...Array.from({ length: 6 }, (_, at) => zipOf(10 + at, `backup/night-${at + 1}.zip`, done(10 + at, 40 + at, 3.1e8 * (at + 1)))),
  ];
}

/** A full page of the list, with long names among them. */
export function longZips(): Zip[] {
  return Array.from({ length: 50 }, (_, at) => ({
    ...(zips()[at % 9] as Zip),
    id: idOf(200 + at),
    target: { bucket: "media-archive", key: `${at % 3 === 0 ? LONG_NAME : "exports/2026/"}${at}.zip` },
  }));
}

export function zip(id: string): Zip | undefined {
  return [...zips(), ...longZips()].find((each) => each.id === id);
}

type Stream = Schema["Stream"];

function streamOf(number: number, fileName: string, fields: Partial<Stream>): Stream {
  return {
    id: idOf(100 + number),
    state: "ready",
    createdAt: ago(number * 4000),
    expiresAt: ago(number * 4000 - 86_400),
    error: null,
    lastFailure: null,
    fileName,
    archives: [{ entries: 1198, bytes: 2.4e9 }],
    links: [`https://zips.example.org/stream/${idOf(100 + number)}/kJ8Yw2mQ4vT7xR1b/${fileName}`],
    missing: { count: 0, paths: [] },
    downloads: { count: 0, bytes: 0, lastAt: null },
    ...fields,
  };
}

export function longStreams(): Stream[] {
  return streams.map((stream) => ({ ...stream, fileName: `${LONG_NAME}.zip` }));
}

/** The zips of all accounts that run or wait. */
export function unendedZips(): Schema["ManagedZip"][] {
  const accounts = [
    { id: "1", name: "admin@example.org" },
    { id: "2", name: "somebody.with.a.very.long.address@department.example.org" },
  ];
  return zips()
    .filter(({ state }) => state === "running" || state === "retrying" || state === "pending")
    .map((each, at) => ({
      ...each,
      error: each.state === "retrying" ? "the store does not answer: tried again in 40 s" : null,
      account: accounts[at % 2] ?? { id: "", name: "" },
    }));
}

export const streams: Stream[] = [
  streamOf(1, "holiday-2026.zip", { downloads: { count: 12, bytes: 3.4e9, lastAt: ago(7300) } }),
  streamOf(2, "all.zip", { state: "listing", archives: [] }),
  streamOf(3, "ledger.zip", {
    lastFailure: { at: ago(300), requestId: "3f0c", error: "s3://photos/2024/a.jpg has changed since it was listed" },
  }),
  streamOf(4, "raw.zip", { state: "failed", archives: [], error: "the bucket raw does not exist" }),
  streamOf(5, "old.zip", { state: "revoked" }),
  streamOf(30, "older.zip", { state: "expired" }),
];
