/** The man page to HTML: of roff what docs/reference/s3zipper.1 uses, and an error for anything else. */
import { anchorOf, escapeHtml } from "./html.ts";

const TITLE = "The man page";

export function manPage(text: string) {
  const page = new Writer();
  for (const line of text.split("\n")) {
    page.take(line);
  }
  return { title: TITLE, html: `<h1 tabindex="-1">${TITLE}</h1>\n${page.end()}` };
}

class Writer {
  private out: string[] = [];
  private words: string[] = [];
  /** What the words so far are of: a paragraph, or the term or the text of a list's item. */
  private place: "p" | "dt" | "dd" = "p";
  private isInList = false;
  private isCode = false;

  take(line: string): void {
    const macro = /^\.(\S+) ?(.*)$/.exec(line);
    if (line.startsWith('.\\"') || line === "" || line === ".") {
      return;
    }
    if (macro === null) {
      this.add(this.isCode ? `${inline(line)}\n` : inline(line));
    } else {
      this.run(macro[1] ?? "", macro[2] ?? "");
    }
    if (this.place === "dt" && macro?.[1] !== "TP") {
      this.flush();
      this.place = "dd";
    }
  }

  end(): string {
    this.closeList();
    return this.out.join("\n");
  }

  private run(macro: string, rest: string): void {
    switch (macro) {
      case "TH":
        return;
      case "SH":
      case "SS":
        this.closeList();
        this.out.push(headingHtml(macro === "SH" ? 2 : 3, inline(rest.replaceAll('"', ""))));
        return;
      case "PP":
        this.closeList();
        return;
      case "TP":
        this.flush();
        if (!this.isInList) {
          this.out.push("<dl>");
          this.isInList = true;
        }
        this.place = "dt";
        return;
      case "br":
        this.add("<br>");
        return;
      case "EX":
        this.flush();
        this.isCode = true;
        return;
      case "EE":
        this.out.push(`<pre tabindex="0"><code>${this.words.join("").trimEnd()}</code></pre>`);
        this.words = [];
        this.isCode = false;
        return;
      default:
        this.add(fontsHtml(macro, rest));
    }
  }

  private add(html: string): void {
    this.words.push(html);
  }

  private flush(): void {
    if (this.words.length > 0) {
      this.out.push(`<${this.place}>${this.words.join(" ")}</${this.place}>`);
      this.words = [];
    }
  }

  private closeList(): void {
    this.flush();
    if (this.isInList) {
      this.out.push("</dl>");
      this.isInList = false;
    }
    this.place = "p";
  }
}

function headingHtml(depth: 2 | 3, html: string): string {
  const words = depth === 2 ? html.charAt(0) + html.slice(1).toLowerCase() : html;
  return `<h${depth} id="${anchorOf(words)}">${words}</h${depth}>`;
}

/** .B, .I: all words in one font; .BR, .IR, .RB, .RI: by turns, without spaces between. */
function fontsHtml(macro: string, rest: string): string {
  if (!/^([BIR]|[BIR]{2})$/.test(macro)) {
    throw new Error(`the man page has .${macro}, which build/docs/manPage.ts does not know`);
  }
  const words = rest.match(/"[^"]*"|\S+/g)?.map((word) => word.replace(/^"|"$/g, "")) ?? [];
  if (macro.length === 1) {
    return fontHtml(macro, words.join(" "));
  }
  return words.map((word, at) => fontHtml(macro.charAt(at % 2), word)).join("");
}

function fontHtml(font: string, text: string): string {
  const html = inline(text);
  return font === "B" ? `<strong>${html}</strong>` : font === "I" ? `<em>${html}</em>` : html;
}

/** Escapes of roff: \- and \fI…\fR. */
function inline(text: string): string {
  return escapeHtml(text)
    .replaceAll("\\-", "-")
    .replaceAll("\\&amp;", "")
    .replaceAll("\\e", "\\")
    .replace(/\\fI(.*?)\\f[RP]/g, "<em>$1</em>")
    .replace(/\\fB(.*?)\\f[RP]/g, "<strong>$1</strong>");
}
