/** What those do who were given a link. */
import { expect, test } from "./page";

const LINK = "shared/52c7a1f0/kJ8Yw2mQ";

/** In the place of the browser's dialog: a file in the page's memory, which tells whether it is what the mock has sent. */
const FILE_IN_MEMORY = `{
  let bytes = [];
  window.showSaveFilePicker = async () => ({
    createWritable: async () => ({
      write: async (part) => { part.forEach((byte) => bytes.push(byte)); },
      truncate: async () => { bytes = []; },
      seek: async () => {},
      abort: async () => { bytes = []; },
      close: async () => { window.saved = bytes.length + " " + bytes.every((byte, at) => byte === (at * 31 + (at >> 8)) % 251); },
    }),
  });
}`;

test("a link's page shows what is in it, and downloads it", async ({ page, signIn }) => {
  await signIn();
  await page.goto(LINK);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("holiday-2026.zip");
  await expect(page.getByText("3 MB · 1,198 files")).toBeVisible();
  await expect(page.getByRole("link", { name: "Zips" })).toHaveCount(0);
  await page.getByRole("button", { name: "2026/", exact: true }).click();
  await expect(page.getByText("a.jpg", { exact: true })).toBeVisible();
  await page.getByRole("searchbox").fill("dng");
  await page.keyboard.press("Enter");
  await expect(page.getByText("2026/raw/0001.dng")).toBeVisible();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download", exact: true }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("holiday-2026.zip");
});

test.describe("into a file", () => {
  test.use({ forgiven: /net::ERR_/ });

  test("a download goes on by itself when its connection breaks", async ({ page, look }, info) => {
    await page.addInitScript(FILE_IN_MEMORY);
    await page.goto(`shared/breaking-${info.project.name}/kJ8Yw2mQ`);
    const asked: string[] = [];
    page.on("request", (request) => {
      if (request.url().includes("/stream/")) {
        asked.push(request.headers().range ?? "");
      }
    });
    await page.getByRole("button", { name: "Download with progress" }).click();
    await expect(page.getByRole("progressbar")).toBeVisible();
    await look("shared-saving");
    await expect(page.getByText("Saved", { exact: true })).toBeVisible();
    expect(await page.evaluate("window.saved")).toBe("3000000 true");
    // A connection may also break before its first byte.
    expect(asked.filter((range) => /^bytes=\d+-$/.test(range)).length).toBeGreaterThan(2);
    await look("shared-saved");
  });

  test("when all tries were in vain, it goes on at a press of a button", async ({ page, look }) => {
    await page.clock.install();
    await page.addInitScript(FILE_IN_MEMORY);
    await page.route(/\/stream\//, (route) => route.abort());
    await page.goto(LINK);
    await page.getByRole("button", { name: "Download with progress" }).click();
    await expect(async () => {
      await page.clock.runFor(31_000);
      await expect(page.getByRole("button", { name: "Go on" })).toBeVisible({ timeout: 500 });
    }).toPass();
    await page.clock.resume();
    await look("shared-broken");
    await page.unroute(/\/stream\//);
    await page.getByRole("button", { name: "Go on" }).click();
    await expect(page.getByText("Saved", { exact: true })).toBeVisible();
    expect(await page.evaluate("window.saved")).toBe("3000000 true");
  });
});
