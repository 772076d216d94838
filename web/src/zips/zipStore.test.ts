import { expect, test, vi } from "vitest";
import type { Schema } from "../api/calls";
import { ZipStore } from "./zipStore";

type Zip = Schema["Zip"];

function zipOf(id: string, bytesDone: number, state: Zip["state"] = "running"): Zip {
  return {
    id,
    state,
    createdAt: "2026-11-30T10:00:00Z",
    startedAt: "2026-11-30T10:00:00Z",
    endedAt: null,
    error: null,
    target: { bucket: "photos", key: "a.zip" },
    progress: { entriesDone: 0, entriesTotal: 10, bytesDone, bytesTotal: 10_000 },
    archives: [{ entries: 10, bytes: 11_000 }],
    links: [],
    expiresAt: null,
    deletedAt: null,
    deletionNote: null,
    missing: { count: 0, paths: [] },
    cleaning: false,
  };
}

test("a message draws only the rows that it names", () => {
  const store = new ZipStore();
  const [a, b] = [vi.fn(), vi.fn()];
  store.subscribe("a", a);
  const leave = store.subscribe("b", b);
  store.hear({ type: "zip", zip: zipOf("a", 1) }, 0);
  expect([a.mock.calls.length, b.mock.calls.length]).toEqual([1, 0]);
  leave();
  store.hear({ type: "zip", zip: zipOf("b", 1) }, 0);
  expect(b).not.toHaveBeenCalled();
});

test("what has not changed draws nothing, and stays the same object", () => {
  const store = new ZipStore();
  store.put(zipOf("a", 1), 0);
  const before = store.get("a");
  const listener = vi.fn();
  store.subscribe("a", listener);
  store.put(zipOf("a", 1), 1000);
  expect(listener).not.toHaveBeenCalled();
  expect(store.get("a")).toBe(before);
});

test("the rate comes from what is heard, and goes when the zip ends", () => {
  const store = new ZipStore();
  store.put(zipOf("a", 0), 0);
  store.put(zipOf("a", 4000), 4000);
  expect(store.get("a")?.rate).toBe(1000);
  store.put(zipOf("a", 10_000, "succeeded"), 5000);
  expect(store.get("a")?.rate).toBeUndefined();
});

test("a lost stream is told of with the time of its loss, until it is live again", () => {
  const store = new ZipStore();
  expect(store.connection).toBeUndefined();
  store.hear({ type: "live" }, 0);
  store.hear({ type: "lost" }, 1000);
  store.hear({ type: "lost" }, 2000);
  expect(store.connection).toEqual({ isLive: false, since: 1000 });
  store.hear({ type: "live" }, 3000);
  expect(store.connection).toEqual({ isLive: true });
});
