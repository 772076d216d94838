import { expect, test } from "vitest";
import { usageCsv } from "./usageCsv";

test("each day is a line below the names of the columns", () => {
  const day = {
    day: "2026-11-30",
    zips: 9,
    zipsSucceeded: 7,
    zipsFailed: 1,
    zipsCancelled: 1,
    streams: 40,
    bytesZipped: 123,
    bytesStreamed: 456,
  };
  expect(usageCsv([day]).split("\r\n")).toEqual([
    "day,zips,zipsSucceeded,zipsFailed,zipsCancelled,streams,bytesZipped,bytesStreamed",
    "2026-11-30,9,7,1,1,40,123,456",
    "",
  ]);
});
