import { expect, test } from "vitest";
import { formatAgo, formatDuration } from "./times";

const NOW = Date.parse("2026-11-30T10:00:00Z");

test.each([
  ["2026-11-30T09:59:59Z", "now"],
  ["2026-11-30T09:59:57Z", "3 sec. ago"],
  ["2026-11-30T09:58:00Z", "2 min. ago"],
  ["2026-11-30T09:00:01Z", "59 min. ago"],
  ["2026-11-29T09:00:00Z", "1 day ago"],
  ["2026-11-30T13:00:00Z", "in 3 hr."],
  ["2024-11-30T10:00:00Z", "2 yr. ago"],
])("%s is %s", (time, words) => {
  expect(formatAgo(time, NOW)).toBe(words);
});

test.each([
  [4.4, "4 s"],
  [90, "90 s"],
  [91, "2 min"],
  [90 * 60, "90 min"],
  [3 * 3600, "3 h"],
  [3 * 3600 + 300, "3 h 5 min"],
  [12 * 86400, "12 d"],
])("%d seconds are %s", (seconds, words) => {
  expect(formatDuration(seconds)).toBe(words);
});
