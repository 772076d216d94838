import { expect, test } from "vitest";
import { chosenFile } from "./choice";
import { estimate } from "./estimate";
import { type Count, NOTHING_COUNTED, withFiles } from "./count";

const MIB = 1 << 20;

function folderOf(count: number, size: number, state: Count["state"] = "counted") {
  const files = Array.from({ length: count }, (_, at) => ({ key: `f/${at}`, size }));
  return { bucket: "b", key: "f/", count: withFiles(NOTHING_COUNTED, files, state) };
}

function callsOf(...args: Parameters<typeof estimate>) {
  return Object.fromEntries(estimate(...args).calls.map(({ name, count }) => [name, count]));
}

test("a small zip is one PutObject", () => {
  expect(callsOf([chosenFile("b", "a.txt", 5)], true)).toEqual({ HeadObject: 1, GetObject: 1, PutObject: 1 });
});

test("a large zip is read in segments and written in parts", () => {
  expect(callsOf([folderOf(1500, 2 * MIB)], true)).toEqual({
    ListObjectsV2: 2,
    HeadObject: 1,
    GetObject: 3000,
    CreateMultipartUpload: 1,
    UploadPart: 376,
    ListParts: 1,
    CompleteMultipartUpload: 1,
  });
});

test("a link writes nothing", () => {
  expect(callsOf([folderOf(3, 10)], false)).toEqual({ ListObjectsV2: 1, GetObject: 3 });
});

test("what is not counted whole is at least so much", () => {
  expect(estimate([folderOf(3, 10, "stopped")], true).isWhole).toBe(false);
  expect(estimate([folderOf(3, 10)], true)).toMatchObject({ entries: 3, isWhole: true });
});
