import { expect, test } from "vitest";
import { nameChanges } from "./names";

test("names that all systems take stay", () => {
  expect(nameChanges(["2026/a.jpg", "2026/b c.jpg", "docs/"])).toEqual([]);
});

test.each([
  ["a:b.txt", "a_b.txt"],
  ["/a.txt", "a.txt"],
  ["2026//a", "2026/_/a"],
  ["nul.txt", "nul_.txt"],
  ["end.", "end._"],
  ["../a", "_/a"],
])("%s becomes %s", (key, name) => {
  expect(nameChanges([key])).toEqual([{ key, name }]);
});

test("names that are equal but for their case are numbered", () => {
  expect(nameChanges(["docs/a.txt", "docs/A.txt", "docs/a (2).txt", "docs/A.TXT"])).toEqual([
    { key: "docs/A.txt", name: "docs/A (2).txt" },
    { key: "docs/a (2).txt", name: "docs/a (2) (2).txt" },
    { key: "docs/A.TXT", name: "docs/A (3).TXT" },
  ]);
});
