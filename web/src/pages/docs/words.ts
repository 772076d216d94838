export const words = {
  contents: "Contents",
  docs: "Docs",
  search: "Search the docs",
  searchHint: "Press / to search",
  found: (count: number) => (count === 0 ? "Nothing found" : count === 1 ? "1 place found" : `${count} places found`),
  copy: "Copy",
  copied: "Copied",
  copyFailed: "Press Ctrl+C",
};
