import { expect, test } from "vitest";
import { formatBytes, formatCountOf, formatRate } from "./sizes";

test.each([
  [0, "0 bytes"],
  [1, "1 byte"],
  [999, "999 bytes"],
  [1000, "1 kB"],
  [1234, "1.2 kB"],
  [9949, "9.9 kB"],
  [9950, "10 kB"],
  [999_499, "999 kB"],
  [999_500, "1 MB"],
  [2_600_000_000, "2.6 GB"],
  [1e18, "1,000 PB"],
])("%d bytes are %s", (bytes, words) => {
  expect(formatBytes(bytes)).toBe(words);
});

test("a rate is a size a second", () => {
  expect(formatRate(173_000_000)).toBe("173 MB/s");
});

test("one is not several", () => {
  expect(formatCountOf(1, "file", "files")).toBe("1 file");
  expect(formatCountOf(1198, "file", "files")).toBe("1,198 files");
});
