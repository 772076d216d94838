/** Measures what a page loads, and fails where that is over the budget. Sizes are of 1000 bytes, as brotli 11 and gzip 9
 * give them; gzip counts over plain http, where browsers take nothing else. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

const DIST = join(import.meta.dirname, "../dist");

interface Chunk {
  file: string;
  isEntry?: boolean;
  imports?: string[];
  css?: string[];
}

const MANIFEST = join(DIST, "manifest.json");
const manifest = JSON.parse(readFileSync(MANIFEST, "utf8")) as Record<string, Chunk>;

interface Size {
  brotli: number;
  gzip: number;
}

function sizeOf(files: Iterable<string>): Size {
  const bodies = [...files].map((file) => readFileSync(join(DIST, file)));
  return {
    brotli: bodies.reduce((sum, body) => sum + brotliCompressSync(body).length, 0),
    gzip: bodies.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0),
  };
}

/** All files that come with a chunk: what it imports, and their styles. */
function filesOf(name: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[name];
  if (chunk !== undefined && !seen.has(chunk.file)) {
    seen.add(chunk.file);
    for (const style of chunk.css ?? []) {
      seen.add(style);
    }
    for (const other of chunk.imports ?? []) {
      filesOf(other, seen);
    }
  }
  return seen;
}

let isOver = false;

function report(what: string, { brotli, gzip }: Size, limits: Partial<Size> = {}): void {
  const over = brotli > (limits.brotli ?? Infinity) * 1000 || gzip > (limits.gzip ?? Infinity) * 1000;
  const limit = limits.gzip ? ` (at most ${limits.gzip} gzip)` : limits.brotli ? ` (at most ${limits.brotli} br)` : "";
  const figures = `${(brotli / 1000).toFixed(1).padStart(6)} br ${(gzip / 1000).toFixed(1).padStart(6)} gzip`;
  console.log(`${figures}  ${what}${limit}${over ? "  TOO MUCH" : ""}`);
  isOver ||= over;
}

/** What pages may load until they can be used. The plot comes with the page of a zip. */
const GZIP_LIMITS: Record<string, number> = {
  "src/pages/registration/Login.tsx": 98,
  "src/pages/shared/Shared.tsx": 98,
  "src/pages/zips/Zips.tsx": 115,
  "src/pages/zip/Plot.tsx": 138,
};

const entry = Object.keys(manifest).find((name) => manifest[name]?.isEntry) ?? "";
const first = new Set([...filesOf(entry), "index.html"]);
report("the frame: index.html and all that each page needs", sizeOf(first));
for (const name of Object.keys(manifest).filter((each) => each.startsWith("src/pages/"))) {
  const page = name.slice("src/pages/".length);
  report(`first load of ${page}`, sizeOf(filesOf(name, new Set(first))), { gzip: GZIP_LIMITS[name] });
}
for (const chunk of Object.values(manifest).filter((each) => each.file.endsWith(".js") && !first.has(each.file))) {
  report(chunk.file, sizeOf([chunk.file]), { brotli: 35 });
}
const styles = new Set(Object.values(manifest).flatMap((chunk) => [...(chunk.css ?? []), chunk.file]));
report("all styles", sizeOf([...styles].filter((file) => file.endsWith(".css"))), { brotli: 12 });
rmSync(MANIFEST);
process.exitCode = isOver ? 1 : 0;
