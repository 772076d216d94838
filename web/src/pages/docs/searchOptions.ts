/** How the index of the docs is made and read; the build and the page must agree. */
import type { Options } from "minisearch";

export interface SearchEntry {
  /** The page's path, and the section's anchor: "guides/events#resuming". */
  id: string;
  /** The section's heading. */
  title: string;
  /** The page's title. */
  page: string;
  text: string;
}

export const SEARCH_OPTIONS: Options<SearchEntry> = {
  fields: ["title", "page", "text"],
  storeFields: ["title", "page"],
  searchOptions: { boost: { title: 4, page: 2 }, prefix: true, fuzzy: 0.15, combineWith: "AND" },
};
