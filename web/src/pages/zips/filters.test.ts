import { expect, test } from "vitest";
import { createdAfter, filtersIn, queryOf } from "./filters";

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
