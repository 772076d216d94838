import { expect, test } from "vitest";
import { changesInWords } from "./nameChanges";

test("each change has its words, and one that is not known stays", () => {
  expect(changesInWords("cleaned")).toBe("made fit for all systems");
  expect(changesInWords("mapped+numbered")).toBe("renamed by the map, another entry has that name");
  expect(changesInWords("turned")).toBe("turned");
});
