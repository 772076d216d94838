// Packs the site's built files into one, as src/site/bundle.h describes it: the plain bodies, and
// beside each its gzip and brotli where they are smaller.
//
//   node tools/pack_site.mjs FOLDER FILE
//
// The same folder gives the same bytes.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
  ".xml": "application/xml",
};

// A path stands in a URL and in a line of the list as it is.
const PATH = /^\/[A-Za-z0-9._~@/-]+$/;

function paths(folder, below = "") {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = `${below}/${entry.name}`;
    return entry.isDirectory() ? paths(folder, path) : [path];
  });
}

// The page below "/", as html_below of src/site/html.h makes it.
function pageAtRoot(html) {
  return html.replace(/<[^>]*>/g, (tag) => tag.replaceAll('="./', '="/'));
}

async function compressed(body) {
  const brotli = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: body.length } };
  const all = [
    promisify(gzip)(body, { level: 9 }),
    promisify(brotliCompress)(body, brotli), // at its best, which is the default
  ];
  const smaller = (form) => (form.length < body.length ? form : Buffer.alloc(0));
  return (await Promise.all(all)).map(smaller);
}

async function pack(folder, path) {
  const type = TYPES[extname(path)];
  if (!type || !PATH.test(path)) throw new Error(`${path}: a file of no known type or name`);
  const plain = readFileSync(join(folder, path));
  const sent = extname(path) === ".html" ? Buffer.from(pageAtRoot(plain.toString())) : plain;
  const hash = createHash("sha256").update(plain).digest("hex").slice(0, 16);
  return { path, type, hash, bodies: [plain, ...(await compressed(sent))] };
}

const [folder, target] = process.argv.slice(2);
// Source maps are for those who have the sources. The order is that of the bytes of the paths.
const wanted = paths(folder).filter((path) => !path.endsWith(".map"));
if (!wanted.includes("/index.html")) throw new Error(`${folder}: there is no index.html`);
const files = [];
for (const path of wanted.sort()) files.push(await pack(folder, path));
const line = ({ path, type, hash, bodies }) =>
  [path, type, hash, ...bodies.map((body) => body.length)].join("\t") + "\n";
const list = `s3zipper-site 1\n${files.map(line).join("")}\n`;
const bytes = Buffer.concat([Buffer.from(list), ...files.flatMap((file) => file.bodies)]);
writeFileSync(target, bytes);
console.log(`${files.length} files of the site, ${(bytes.length / 1e6).toFixed(2)} MB`);
