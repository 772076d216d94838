/** Measures how the list of zips comes over a slow link to a slow machine: the built site, served by the mock.
 *
 *     web/npm run slow [-- RUNS]
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { loadavg } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "@playwright/test";

const PORT = 8092;
const SITE = `http://127.0.0.1:${PORT}/`;
const LINK = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 0.75e6 / 8 };
const CPU_DIVISOR = 4;
/** Work that comes after the rows blocks their reader, too. */
const WATCHED_MS = 2000;

interface Figures {
  firstPaint: number;
  rows: number;
  blocking: number;
  files: string[];
}

/** Runs in the page, before all else. */
function watch(): void {
  const seen = Object.assign(window, { rowsAt: 0, blockedMs: 0 });
  new MutationObserver((_, observer) => {
    if (document.querySelector("tbody tr") !== null) {
      observer.disconnect();
      requestAnimationFrame(() => (seen.rowsAt = performance.now()));
    }
  }).observe(document, { childList: true, subtree: true });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      seen.blockedMs += Math.max(0, duration - 50);
    }
  }).observe({ type: "longtask", buffered: true });
}

/** What the page can tell afterwards. */
function figuresOf(): Figures {
  const { rowsAt, blockedMs } = window as unknown as { rowsAt: number; blockedMs: number };
  const files = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
  return {
    firstPaint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN,
    rows: rowsAt,
    blocking: blockedMs,
    files: files.map(({ startTime, responseEnd, encodedBodySize, name }) => {
      const times = `${startTime.toFixed(0).padStart(6)} to ${responseEnd.toFixed(0).padStart(5)} ms`;
      return `${times} ${(encodedBodySize / 1000).toFixed(1).padStart(6)} kB  ${new URL(name).pathname}`;
    }),
  };
}

/** One visit with an empty cache. */
async function visit(browser: Browser): Promise<Figures> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    await context.request.post(`${SITE}session`, {
      headers: { "X-S3zipper-Site": "1" },
      data: { name: "me@example.org", password: "right password" },
    });
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send("Network.enable");
    await devtools.send("Network.emulateNetworkConditions", LINK);
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: CPU_DIVISOR });
    await page.addInitScript(watch);
    await page.goto(`${SITE}zips`);
    await page.locator("tbody tr").first().waitFor();
    await page.waitForTimeout(WATCHED_MS);
    return await page.evaluate(figuresOf);
  } finally {
    await context.close();
  }
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const runs = Number(process.argv[2] ?? 5);
const server = spawn(process.execPath, [join(import.meta.dirname, "../mock/serve.ts"), String(PORT)]);
await once(server.stdout, "data");
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium" });
try {
  const visits: Figures[] = [];
  for (let run = 0; run < runs; run++) {
    visits.push(await visit(browser));
  }
  console.log(visits.at(-1)?.files.join("\n"));
  for (const [name, limit] of [["firstPaint", 1200], ["rows", 3000], ["blocking", 600]] as const) {
    const values = visits.map((each) => each[name]);
    const all = values.map((value) => value.toFixed(0)).join(", ");
    console.log(`${name}: ${median(values).toFixed(0)} ms, at most ${limit} on a quiet machine (${all})`);
  }
  console.log(`load of this machine: ${loadavg().map((load) => load.toFixed(1)).join(", ")}`);
} finally {
  await browser.close();
  server.kill();
}
