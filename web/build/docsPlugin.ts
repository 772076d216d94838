/** Puts the docs into the site: a static page for each, their contents as the module virtual:docs, and the index for the
 * search as a file that is loaded when somebody searches. */
import { createReadStream, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";
import { contentsOf } from "./docs/contents.ts";
import { DOCS_FOLDER, docFiles, docPages, IMAGE_PREFIX, readDoc } from "./docs/pages.ts";
import { searchIndex } from "./docs/searchIndex.ts";
import { staticPage } from "./docs/staticPage.ts";

const MODULE = "virtual:docs";
const RESOLVED = `\0${MODULE}`;
/** Where the development server has what the build puts into assets/. */
const DEV_SEARCH = "/@docs/search.json";
const DEV_IMAGES = "/@docs/images/";

export function docsPlugin(): Plugin {
  let isBuild = false;
  const images = new Map<string, string>();

  return {
    name: "docs",
    enforce: "post",
    configResolved(config) {
      isBuild = config.command === "build";
    },
    resolveId: (id) => (id === MODULE ? RESOLVED : undefined),
    load(id) {
      if (id !== RESOLVED) {
        return undefined;
      }
      const contents = `export const contents = ${JSON.stringify(contentsOf(readDoc("README.md")))};`;
      if (!isBuild) {
        return `${contents}\nexport const searchUrl = ${JSON.stringify(DEV_SEARCH)};`;
      }
      const index = this.emitFile({ type: "asset", name: "search.json", source: searchIndex(docPages()) });
      return `${contents}\nexport const searchUrl = import.meta.ROLLUP_FILE_URL_${index};`;
    },

    buildStart() {
      if (isBuild) {
        for (const file of docFiles().filter((name) => name.endsWith(".svg"))) {
          const source = readDoc(file);
          images.set(file, this.emitFile({ type: "asset", name: file.split("/").at(-1), source }));
        }
      }
    },
    generateBundle(_options, bundle) {
      const shell = bundle["index.html"];
      if (shell?.type !== "asset") {
        throw new Error("the build has no index.html");
      }
      const contents = contentsOf(readDoc("README.md"));
      const imageUrl = (file: string) => `./${this.getFileName(images.get(file) ?? "")}`;
      for (const page of docPages()) {
        const html = withImages(staticPage(String(shell.source), page, contents), imageUrl);
        this.emitFile({ type: "asset", fileName: `docs/${page.path && `${page.path}/`}index.html`, source: html });
      }
    },

    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const url = new URL(request.url ?? "", "http://host").pathname;
        if (url === DEV_SEARCH) {
          response.end(searchIndex(docPages()));
        } else if (url.startsWith(DEV_IMAGES)) {
          response.setHeader("Content-Type", "image/svg+xml");
          createReadStream(join(DOCS_FOLDER, url.slice(DEV_IMAGES.length))).pipe(response);
        } else {
          const html = devPage(url);
          if (html === undefined) {
            next();
            return;
          }
          response.setHeader("Content-Type", "text/html; charset=utf-8");
          server.transformIndexHtml(url, html).then((text) => response.end(text), next);
        }
      });
    },
  };
}

/** The page of the docs at this path, if there is one, made anew at each request. */
function devPage(url: string): string | undefined {
  const page = /^\/docs(\/|$)/.test(url) ? docPages().find(({ path }) => `/docs${path && `/${path}`}` === url) : undefined;
  if (page === undefined) {
    return undefined;
  }
  const shell = readFileSync(join(import.meta.dirname, "../index.html"), "utf8");
  return withImages(staticPage(shell, page, contentsOf(readDoc("README.md"))), (file) => DEV_IMAGES + file);
}

function withImages(html: string, url: (file: string) => string): string {
  return html.replace(new RegExp(`${IMAGE_PREFIX}([^"]+)`, "g"), (_, file: string) => url(file));
}
