/** The pages of the docs: the Markdown of ../docs, and what stands beside it there. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, posix, relative } from "node:path";
import { apiReference } from "./apiReference.ts";
import { escapeHtml } from "./html.ts";
import { manPage } from "./manPage.ts";
import { renderMarkdown } from "./markdown.ts";

export const DOCS_FOLDER = join(import.meta.dirname, "../../../docs");

export interface DocPage {
  /** Below /docs: "guides/events"; empty for the first page. */
  path: string;
  title: string;
  /** What the article holds, with its h1; links are relative to the page, images to IMAGE_PREFIX. */
  html: string;
}

/** Stands before the path of an image in ../docs until the image's own address is known. */
export const IMAGE_PREFIX = "docs-image:";

/** The path of the page for a file of ../docs ("guides/events.md"), or undefined if there is none. */
export function pathOf(file: string): string | undefined {
  if (file.endsWith(".md")) {
    const path = file.slice(0, -".md".length);
    return basename(path) === "README" ? dirname(path).replace(/^\.$/, "") : path;
  }
  if (file === "reference/openapi.json" || file === "reference/s3zipper.1" || file.startsWith("start/examples/")) {
    return file.replace(/\.json$/, "").replaceAll(".", "-");
  }
  return undefined;
}

/** How a page links to another. Neither has a slash at the end of its address. */
export function linkBetween(from: string, to: string): string {
  const [source, target] = [posix.join("docs", from), posix.join("docs", to)];
  const folder = posix.relative(posix.dirname(source), posix.dirname(target));
  return posix.join(folder, posix.basename(target));
}

export function docFiles(): string[] {
  return readdirSync(DOCS_FOLDER, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(DOCS_FOLDER, join(entry.parentPath, entry.name)))
    .sort();
}

export function readDoc(file: string): string {
  return readFileSync(join(DOCS_FOLDER, file), "utf8");
}

export function docPages(): DocPage[] {
  const files = docFiles();
  return files.flatMap((file) => {
    const path = pathOf(file);
    return path === undefined ? [] : [pageOf(file, path, new Set(files))];
  });
}

function pageOf(file: string, path: string, files: Set<string>): DocPage {
  const text = readDoc(file);
  if (file.endsWith(".md")) {
    return { path, ...renderMarkdown(text, (link) => resolveLink(link, file, path, files)) };
  }
  if (file.endsWith(".json")) {
    return { path, ...apiReference(JSON.parse(text)) };
  }
  if (file.endsWith(".1")) {
    return { path, ...manPage(text) };
  }
  const title = basename(file);
  const code = `<pre tabindex="0"><code>${escapeHtml(text)}</code></pre>`;
  return { path, title, html: `<h1 tabindex="-1">${escapeHtml(title)}</h1>\n${code}` };
}

/** Where a link of a file leads on the site; undefined: to nothing that the site has. */
function resolveLink(link: string, file: string, path: string, files: Set<string>): string | undefined {
  if (/^[a-z]+:/.test(link) || link.startsWith("#")) {
    return link;
  }
  const [name = "", anchor] = link.split("#");
  const target = posix.join(posix.dirname(file), name);
  if (!files.has(target)) {
    return undefined;
  }
  if (/\.(svg|png)$/.test(target)) {
    return IMAGE_PREFIX + target;
  }
  const targetPath = pathOf(target);
  return targetPath === undefined ? undefined : linkBetween(path, targetPath) + (anchor ? `#${anchor}` : "");
}
