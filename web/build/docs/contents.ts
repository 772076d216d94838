/** The contents of the docs, in the order of docs/README.md: bold lines name groups, and each link is an entry. */
import { posix } from "node:path";
import { pathOf } from "./pages.ts";

export interface ContentsGroup {
  title: string;
  entries: { path: string; title: string }[];
}

export function contentsOf(readme: string): ContentsGroup[] {
  const groups: ContentsGroup[] = [];
  for (const line of readme.split("\n")) {
    const title = /^\*\*(.+)\*\*$/.exec(line)?.[1];
    if (title !== undefined) {
      groups.push({ title, entries: [] });
    }
    for (const [, words = "", file = ""] of line.matchAll(/\[([^\]]+)\]\(([^)#]+)/g)) {
      const path = pathOf(posix.normalize(file));
      if (path !== undefined && !file.startsWith("..")) {
        groups.at(-1)?.entries.push({ path, title: asTitle(words) });
      }
    }
  }
  return groups;
}

/** A link in the middle of a sentence begins small. */
function asTitle(words: string): string {
  const [first = ""] = words.split(/\s/);
  return /[A-Z0-9.]/.test(first) ? words : words.charAt(0).toUpperCase() + words.slice(1);
}
