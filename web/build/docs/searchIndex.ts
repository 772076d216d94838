/** The index for the search in the docs, a section of a page for each entry. */
import MiniSearch from "minisearch";
import { SEARCH_OPTIONS, type SearchEntry } from "../../src/pages/docs/searchOptions.ts";
import { textOf } from "./html.ts";
import type { DocPage } from "./pages.ts";

export function searchIndex(pages: DocPage[]): string {
  const index = new MiniSearch<SearchEntry>(SEARCH_OPTIONS);
  index.addAll(pages.flatMap(sectionsOf));
  return JSON.stringify(index);
}

function sectionsOf({ path, title, html }: DocPage): SearchEntry[] {
  return html.split(/(?=<h[23] id=)/).map((section) => {
    const [, anchor, words] = /^<h[23] id="([^"]*)">(.*?)<\/h[23]>/.exec(section) ?? [];
    return {
      id: anchor === undefined ? path : `${path}#${anchor}`,
      title: words === undefined ? title : textOf(words),
      page: title,
      text: textOf(section),
    };
  });
}
