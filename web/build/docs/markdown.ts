/** Markdown to HTML. */
import { Marked, type Tokens } from "marked";
import { anchorOf, escapeHtml, textOf } from "./html.ts";

/** `resolve` gives the address for a link; undefined: its words stay, without a link. */
export function renderMarkdown(text: string, resolve: (link: string) => string | undefined) {
  let title = "";
  const anchors = new Map<string, number>();

  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }: Tokens.Heading) {
        const html = this.parser.parseInline(tokens);
        const words = textOf(html);
        if (depth === 1) {
          title = words;
          return `<h1 tabindex="-1">${html}</h1>\n`;
        }
        return `<h${depth} id="${unusedAnchor(words, anchors)}">${html}</h${depth}>\n`;
      },
      link({ href, tokens }: Tokens.Link) {
        const html = this.parser.parseInline(tokens);
        const address = resolve(href);
        return address === undefined ? html : `<a href="${escapeHtml(address)}">${html}</a>`;
      },
      image({ href, text: words }: Tokens.Image) {
        return `<img src="${escapeHtml(resolve(href) ?? href)}" alt="${escapeHtml(words)}" loading="lazy">`;
      },
      code({ text: code }: Tokens.Code) {
        return `<pre tabindex="0"><code>${escapeHtml(code)}</code></pre>\n`;
      },
      table(token: Tokens.Table) {
        const row = (cells: Tokens.TableCell[], tag: string) =>
          `<tr>${cells.map((cell) => `<${tag}>${this.parser.parseInline(cell.tokens)}</${tag}>`).join("")}</tr>`;
        const body = token.rows.map((cells) => row(cells, "td")).join("\n");
        return tableHtml(row(token.header, "th"), body);
      },
    },
  });
  const html = marked.parse(text, { async: false });
  return { title, html };
}

/** A table that scrolls by itself where the window is narrow. */
export function tableHtml(head: string, body: string): string {
  return (
    `<div class="prose-table" role="region" aria-label="Table" tabindex="0">` +
    `<table><thead>${head}</thead><tbody>${body}</tbody></table></div>\n`
  );
}

function unusedAnchor(words: string, anchors: Map<string, number>): string {
  const anchor = anchorOf(words);
  const count = anchors.get(anchor) ?? 0;
  anchors.set(anchor, count + 1);
  return count === 0 ? anchor : `${anchor}-${count}`;
}
