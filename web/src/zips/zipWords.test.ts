import { expect, test } from "vitest";
import type { Schema } from "../api/calls";
import { folderOf, nameOf, progressInWords, shareDone, stateInWords } from "./zipWords";

type Zip = Schema["Zip"];

function zipOf(fields: Partial<Zip>): Zip {
  return {
    id: "1",
    state: "running",
    createdAt: "2026-11-30T10:00:00Z",
    startedAt: null,
    endedAt: null,
    error: null,
    target: { bucket: "photos", key: "out/2026/a.zip" },
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

const planned = { archives: [{ entries: 3, bytes: 2_400_000_000 }] };

test("a running zip is listing, zipping or finishing", () => {
  const done = (bytesDone: number) => ({ entriesDone: 0, entriesTotal: 3, bytesDone, bytesTotal: 1000 });
  expect(stateInWords(zipOf({})).word).toBe("Listing");
  expect(stateInWords(zipOf({ ...planned, progress: done(10) })).word).toBe("Zipping");
  expect(stateInWords(zipOf({ ...planned, progress: done(1000) })).word).toBe("Finishing");
});

test("a zip that was deleted when its time was over is not ready", () => {
  expect(stateInWords(zipOf({ state: "succeeded" })).word).toBe("Ready");
  expect(stateInWords(zipOf({ state: "succeeded", deletedAt: "2026-11-30T10:00:00Z" })).word).toBe("Expired");
});

test("progress is unknown while files are being listed", () => {
  const found = { entriesDone: 0, entriesTotal: 12_400, bytesDone: 0, bytesTotal: 0 };
  expect(shareDone(zipOf({}))).toBeUndefined();
  expect(progressInWords(zipOf({}))).toBe("");
  expect(progressInWords(zipOf({ progress: found }))).toBe("12,400 files found");
  expect(progressInWords(zipOf({ state: "succeeded", ...planned }))).toBe("2.4 GB · 3 files");
});

test("a name is the end of the target's key", () => {
  expect([folderOf(zipOf({})), nameOf(zipOf({}))]).toEqual(["photos/out/2026", "a.zip"]);
  expect(folderOf(zipOf({ target: { bucket: "photos", key: "a.zip" } }))).toBe("photos");
});
