/** What the list of zips shows, as the page's address says it. */
import type { Schema } from "../../api/calls";

export const STATES = ["all", "running", "succeeded", "failed", "cancelled"] as const;
export const TIMES = ["any", "hour", "day", "week"] as const;

export interface Filters {
  state: (typeof STATES)[number];
  since: (typeof TIMES)[number];
  search: string;
}

const HOUR_MS = 3_600_000;
const SPANS = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS };

export function filtersIn(query: string): Filters {
  const fields = new URLSearchParams(query);
  return {
    state: STATES.find((state) => state === fields.get("state")) ?? "all",
    since: TIMES.find((time) => time === fields.get("since")) ?? "any",
    search: fields.get("search") ?? "",
  };
}

/** The query of the page's address; empty if nothing is filtered. */
export function queryOf({ state, since, search }: Filters): string {
  const fields = new URLSearchParams();
  if (state !== "all") {
    fields.set("state", state);
  }
  if (since !== "any") {
    fields.set("since", since);
  }
  if (search !== "") {
    fields.set("search", search);
  }
  return fields.toString();
}

/** The time since when zips are listed, as the API takes it. */
export function createdAfter(since: Filters["since"], now: number): string | undefined {
  return since === "any" ? undefined : new Date(now - SPANS[since]).toISOString();
}

/** The states that the API is asked for; undefined: all. */
export function statesOf(state: Filters["state"]): Schema["ZipState"][] | undefined {
  return state === "all" ? undefined : state === "running" ? ["running", "pending", "retrying"] : [state];
}

/** Whether a zip that was heard of would be in the list: the server's rule. Heard of is what happens now, so that the
 * span of time does not matter. */
export function fits({ id, state, target }: Schema["Zip"], filters: Filters): boolean {
  const text = filters.search.trim().toLowerCase();
  return (
    (statesOf(filters.state)?.includes(state) ?? true) &&
    [id, `${target.bucket}/${target.key}`].some((field) => field.toLowerCase().includes(text))
  );
}
