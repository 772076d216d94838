import { expect, test } from "vitest";
import type { Schema } from "../../api/calls";
import { createdAfter, filtersIn, fits, queryOf } from "./filters";

test("filters go into the address and come back", () => {
  const filters = { state: "failed", since: "day", search: "a&b" } as const;
  expect(filtersIn(queryOf(filters))).toEqual(filters);
});

test("an address without filters, or with unknown ones, shows all", () => {
  const all = { state: "all", since: "any", search: "" };
  expect(filtersIn("")).toEqual(all);
  expect(filtersIn("state=lost&since=ever")).toEqual(all);
  expect(queryOf(filtersIn(""))).toBe("");
});

test("a span of time is one before now", () => {
  expect(createdAfter("any", 0)).toBeUndefined();
  expect(createdAfter("hour", Date.parse("2026-11-30T10:00:00Z"))).toBe("2026-11-30T09:00:00.000Z");
});

test("a zip that was heard of fits by its place, its id and its state", () => {
  const zip = { id: "52c7a1f0", state: "pending", target: { bucket: "media", key: "zips/Holiday.zip" } } as Schema["Zip"];
  const fitting = (query: string) => fits(zip, filtersIn(query));
  expect(fitting("")).toBe(true);
  expect(fitting("search=holiday")).toBe(true);
  expect(fitting("search=MEDIA/zips")).toBe(true);
  expect(fitting("search=c7a1")).toBe(true);
  expect(fitting("search=ledger")).toBe(false);
  expect(fitting("state=running")).toBe(true);
  expect(fitting("state=failed&search=holiday")).toBe(false);
});
