/** Puts src/start.js into the page's head as it is: a classic script that runs before the first paint, under a name with
 * its hash as all of assets/. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

export function startScript(): Plugin {
  const source = readFileSync(join(import.meta.dirname, "../src/start.js"), "utf8");
  const hash = createHash("sha256").update(source).digest("base64url").slice(0, 8);
  const fileName = `assets/start-${hash}.js`;
  let src = "/src/start.js";
  return {
    name: "start-script",
    configResolved(config) {
      if (config.command === "build") {
        src = `./${fileName}`;
      }
    },
    transformIndexHtml: {
      order: "post",
      handler: () => [{ tag: "script", attrs: { src }, injectTo: "head-prepend" }],
    },
    generateBundle() {
      this.emitFile({ type: "asset", fileName, source });
    },
  };
}
