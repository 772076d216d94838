import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { docsPlugin } from "./build/docsPlugin.ts";
import { startScript } from "./build/startScript.ts";

/** The server that the development server stands in front of. */
const server = process.env.S3ZIPPER_URL ?? "http://127.0.0.1:8080";

/** What the server answers itself. A page of the same path is asked for by GET, as HTML. */
const CALLS = ["/api", "/session", "/stream", "/z", "/v1", "/v2", "/gentoken", "/tokenv2", "/registration", "/setup"];

const proxied = Object.fromEntries(
  CALLS.map((path) => [
    `^${path}(/|\\?|$)`,
    {
      target: server,
      changeOrigin: true,
      // The server wants changes to come from its own origin.
      headers: { Origin: server },
      bypass: (request: { method?: string; headers: { accept?: string }; url?: string }) =>
        request.method === "GET" && request.headers.accept?.includes("text/html") ? "/index.html" : undefined,
    },
  ]),
);

export default defineConfig({
  // Chunks find each other relative to themselves, so that the site may stand below any path.
  base: "./",
  plugins: [react(), startScript(), docsPlugin()],
  build: {
    // Browsers that know light-dark(): otherwise it would be written out.
    target: ["chrome123", "firefox120", "safari17.5"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // For build/budget.ts, which removes it.
    manifest: "manifest.json",
    rolldownOptions: {
      output: {
        // What several pages share is three files, as over HTTP/1.1 a dozen small ones would wait for each other: what
        // the frame and the sign-in need, what a page needs to say something (that of a link has no more), and what
        // pages with lists need.
        codeSplitting: {
          groups: [
            { name: "frame", test: /src\/(app|api)\/|components\/(Dialog|ErrorBlock|Field|Form|Icon|Loading|Menu|Toast)\b/ },
            { name: "words", test: /src\/format\/|components\/(Chip|Empty|Time)\b|zips\/(ProgressBar|rate)\b/, minShareCount: 2 },
            { name: "data", test: /src\/(components|format)\/|useQuery|useMutation/, minShareCount: 2 },
          ],
        },
      },
    },
  },
  server: { host: "127.0.0.1", proxy: proxied },
  test: { include: ["src/**/*.test.ts", "build/**/*.test.ts"] },
});
