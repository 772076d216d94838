/** A page of the docs as it is before any script has run, and for readers without script. The app wears the same
 * classes (src/pages/docs/Docs.tsx), so that nothing moves when it takes over. */
import type { ContentsGroup } from "./contents.ts";
import { escapeHtml } from "./html.ts";
import { type DocPage, linkBetween } from "./pages.ts";

const OUTLINE = /<!-- outline -->[\s\S]*<!-- \/outline -->/;

/** `shell`: index.html, whose outline gives way to the page. */
export function staticPage(shell: string, page: DocPage, contents: ContentsGroup[]): string {
  // A function, as the text may have a `$`.
  return shell
    .replace(OUTLINE, () => frameHtml(page, contents))
    .replace(/<title>.*<\/title>/, () => `<title>${escapeHtml(page.title)} · S3zipper</title>`);
}

/** The mark around an article, by which the app finds it: src/pages/docs/article.ts. */
function articleHtml({ path, title, html }: DocPage): string {
  return `<article class="prose" data-doc="${path}" data-title="${escapeHtml(title)}">\n${html}\n</article>`;
}

function frameHtml(page: DocPage, contents: ContentsGroup[]): string {
  const up = linkBetween(page.path, "").replace(/docs$/, "") || "./";
  return `<div class="frame">
<header class="frame-bar"><a class="frame-brand" href="${up}">S3zipper</a><span class="frame-here">Docs</span></header>
<nav class="frame-nav"></nav>
<main id="main" class="frame-main"><div class="docs">
<p class="docs-jump"><a href="#contents">Contents</a></p>
${articleHtml(page)}
<nav id="contents" class="docs-contents" aria-label="Docs">${contents.map((group) => groupHtml(group, page)).join("\n")}</nav>
</div></main></div>`;
}

function groupHtml({ title, entries }: ContentsGroup, page: DocPage): string {
  const items = entries.map(({ path, title: words }) => {
    const current = path === page.path ? ' aria-current="page"' : "";
    return `<li><a href="${linkBetween(page.path, path)}"${current}>${escapeHtml(words)}</a></li>`;
  });
  return `<h2>${escapeHtml(title)}</h2>\n<ul>${items.join("")}</ul>`;
}
