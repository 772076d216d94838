/** The days as CSV, for a spreadsheet. */
import type { Schema } from "../../api/calls";

const COLUMNS = [
  "day",
  "zips",
  "zipsSucceeded",
  "zipsFailed",
  "zipsCancelled",
  "streams",
  "bytesZipped",
  "bytesStreamed",
] as const;

export function usageCsv(days: Schema["DayUsage"][]): string {
  const lines = days.map((day) => COLUMNS.map((column) => String(day[column])).join(","));
  return [COLUMNS.join(","), ...lines, ""].join("\r\n");
}
