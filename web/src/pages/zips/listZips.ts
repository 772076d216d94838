/** Asks the server for a page of the list. */
import { call } from "../../api/call";
import type { Schema } from "../../api/calls";
import { createdAfter, type Filters, matches, statesOf } from "./filters";

type Zip = Schema["Zip"];

export interface ZipPage {
  zips: Zip[];
  nextCursor: string | null;
  /** How many zips were looked at, if there is a search. */
  searched: number;
}

const PAGE = 50;
const LARGEST_PAGE = 200;
/** The server does not search: so many of its largest pages are looked through. */
const SEARCHED_PAGES = 5;

export async function listZips(filters: Filters, cursor: string | undefined, signal: AbortSignal): Promise<ZipPage> {
  const states = statesOf(filters.state);
  const after = createdAfter(filters.since, Date.now());
  const list = (limit: number, from: string | undefined, state?: Schema["ZipState"]) =>
    call("GET /api/zips", { query: { limit, cursor: from, state, createdAfter: after }, signal });

  if (states !== undefined && states.length > 1) {
    // Zips under way are few, and the server lists one state at a time.
    const lists = await Promise.all(states.map((state) => list(LARGEST_PAGE, undefined, state)));
    return searchedIn(filters, newestFirst(lists.flatMap(({ zips }) => zips)));
  }
  if (filters.search.trim() === "") {
    return { ...(await list(PAGE, cursor, states?.[0])), searched: 0 };
  }
  const found: Zip[] = [];
  let next: string | null | undefined;
  for (let page = 0; page < SEARCHED_PAGES && next !== null; page += 1) {
    const { zips, nextCursor } = await list(LARGEST_PAGE, next, states?.[0]);
    found.push(...zips);
    next = nextCursor;
  }
  return searchedIn(filters, found);
}

function searchedIn({ search }: Filters, zips: Zip[]): ZipPage {
  return { zips: zips.filter((zip) => matches(zip, search)), nextCursor: null, searched: zips.length };
}

function newestFirst(zips: Zip[]): Zip[] {
  return zips.sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0));
}
