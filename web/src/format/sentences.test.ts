import { expect, test } from "vitest";
import { asSentence } from "./sentences";

test.each([
  ["the bucket raw does not exist", "The bucket raw does not exist."],
  ["Try again later.", "Try again later."],
  ["target.key must end in .zip", "target.key must end in .zip."],
  ["s3://photos/a.jpg has changed", "s3://photos/a.jpg has changed."],
])("%s becomes a sentence", (text, sentence) => {
  expect(asSentence(text)).toBe(sentence);
});
