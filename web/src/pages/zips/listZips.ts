/** Asks the server for a page of the list. */
import { call } from "../../api/call";
import type { Schema } from "../../api/calls";
import { createdAfter, type Filters, statesOf } from "./filters";

type Zip = Schema["Zip"];
type ZipPage = Schema["ZipList"];

const PAGE = 50;
const LARGEST_PAGE = 200;

export async function listZips(filters: Filters, cursor: string | undefined, signal: AbortSignal): Promise<ZipPage> {
  const states = statesOf(filters.state);
  const after = createdAfter(filters.since, Date.now());
  const search = filters.search.trim() || undefined;
  const list = (limit: number, from: string | undefined, state?: Schema["ZipState"]) =>
    call("GET /api/zips", { query: { limit, cursor: from, state, createdAfter: after, search }, signal });

  if (states !== undefined && states.length > 1) {
    // Zips under way are few, and the server lists one state at a time.
    const lists = await Promise.all(states.map((state) => list(LARGEST_PAGE, undefined, state)));
    return { zips: newestFirst(lists.flatMap(({ zips }) => zips)), nextCursor: null };
  }
  return list(PAGE, cursor, states?.[0]);
}

function newestFirst(zips: Zip[]): Zip[] {
  return zips.sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0));
}
