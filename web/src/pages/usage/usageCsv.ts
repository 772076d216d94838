/** The days as CSV, for a spreadsheet. */
import type { DayUsage } from "../../api/siteCalls";

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

export function usageCsv(days: DayUsage[]): string {
  const lines = days.map((day) => COLUMNS.map((column) => String(day[column])).join(","));
  return [COLUMNS.join(","), ...lines, ""].join("\r\n");
}
