/** The ways through the pages of zips: watching, cancelling, looking in, and starting one. */
import { expect, test } from "./page";

test.beforeEach(async ({ signIn }) => signIn());

test("a row moves by itself, and its zip has a plot and a table of its rate", async ({ page, look }) => {
  await page.goto("zips");
  const bar = page.getByRole("progressbar", { name: /a-rather-long-name/ });
  const before = await bar.getAttribute("aria-valuenow");
  await expect.poll(() => bar.getAttribute("aria-valuenow"), { timeout: 15_000 }).not.toBe(before);
  await page.getByRole("link", { name: /a-rather-long-name/ }).click();
  await expect(page.getByRole("img", { name: /Throughput: now/ })).toBeVisible({ timeout: 15_000 });
  await look("zip-plot");
  await page.getByRole("button", { name: "Show as table" }).click();
  await expect(page.getByRole("rowheader").first()).toBeVisible();
  await look("zip-rates");
});

test("what is cancelled can be undone", async ({ page }) => {
  await page.goto("zips");
  await page.getByRole("button", { name: "Actions for next.zip" }).click();
  await page.getByRole("menuitem", { name: "Cancel" }).click();
  await expect(page.getByText("Cancelled in some seconds")).toBeVisible();
  await page.getByRole("list", { name: /Zips/ }).or(page.getByRole("table")).getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("Cancelled in some seconds")).toBeHidden();
  await page.getByRole("button", { name: "Actions for next.zip" }).click();
  await page.getByRole("menuitem", { name: "Cancel" }).click();
  const request = await page.waitForRequest(/\/cancel$/);
  expect(request.method()).toBe("POST");
});

test("filters are in the address, and can be cleared", async ({ page, look }) => {
  await page.goto("zips");
  await page.getByLabel("State").selectOption("Failed");
  await expect(page).toHaveURL(/zips\?state=failed$/);
  await expect(page.getByRole("link", { name: "ledger.zip" })).toBeVisible();
  await expect(page.getByRole("link", { name: "march.zip" })).toBeHidden();
  await page.getByRole("searchbox").fill("nothing of this name");
  await expect(page.getByText("Nothing matches.")).toBeVisible();
  await look("zips-no-match");
  await page.getByRole("button", { name: "Clear" }).click();
  await expect(page.getByRole("link", { name: "march.zip" })).toBeVisible();
  await expect(page).toHaveURL(/zips$/);
});

test("a zip whose credentials are gone asks for others to run again", async ({ page, look }) => {
  await page.goto("zips/52c7a1f0-0000-4000-8000-000000000006");
  await page.getByRole("button", { name: "Run again" }).click();
  await expect(page.getByRole("dialog", { name: "Run ledger.zip again" })).toBeVisible();
  await look("dialog-run-again", "window");
});

test("one file, or one folder, is taken out of a zip", async ({ page, look }) => {
  await page.goto("zips/52c7a1f0-0000-4000-8000-000000000007");
  await page.getByRole("button", { name: "2026/" }).click();
  await expect(page.getByRole("link", { name: "Download a.jpg" })).toHaveAttribute("href", /\/files\/2026\/a\.jpg$/);
  await expect(page.getByRole("link", { name: "Download the folder raw/ as a zip" })).toHaveAttribute(
    "href",
    /\/files\/2026\/raw\/$/,
  );
  await page.getByRole("searchbox").fill("dng");
  await page.keyboard.press("Enter");
  await expect(page.getByText("2026/raw/0001.dng")).toBeVisible();
  await page.getByRole("tab", { name: "Report" }).click();
  await expect(page.getByText("there is no such object")).toBeVisible();
  await look("zip-report");
  await page.getByRole("tab", { name: "Request" }).click();
  await look("zip-request");
});

test("a zip is started in the browser, and its credentials stay nowhere", async ({ page, look }) => {
  await page.goto("new");
  await page.getByLabel("Credentials for this zip only").check();
  await page.getByLabel("Access key id").fill("AKIAEXAMPLE");
  await page.getByLabel("Secret access key").fill("wrong");
  await page.getByRole("button", { name: "Connect" }).click();
  await expect(page.getByRole("alert")).toHaveText(/the secret access key is not right/);
  await page.getByLabel("Secret access key").fill("kJ8Yw2mQ4vT7");
  await page.getByRole("button", { name: "Connect" }).click();
  await page.getByRole("button", { name: "media-archive" }).click();
  await page.getByLabel("Choose holiday/").check();
  await page.getByLabel("Choose notes.txt").check();
  await expect(page.getByText("41 files, 84 MB")).toBeVisible();
  await expect(page.getByLabel("Key", { exact: true })).toHaveValue("zips/holiday.zip");
  await expect(page.getByText("42 files · 84 MB zip · 135 requests · under $0.01")).toBeVisible();
  await expect(page.getByText("A file of that name is there (1.2 GB). It will be replaced.")).toBeVisible();
  await expect(page.getByText("Left out: 1 earlier zip.")).toBeVisible();
  await page.locator("summary", { hasText: "2 names change" }).click();
  await expect(page.getByText("made fit for all systems", { exact: true })).toBeVisible();
  await page.locator("summary", { hasText: "Calls and price" }).click();
  await look("new-chosen");
  const [request] = await Promise.all([
    page.waitForRequest((each) => each.method() === "POST" && each.url().endsWith("/api/zips")),
    page.getByRole("button", { name: "Start zip" }).click(),
  ]);
  expect(request.postDataJSON()).toMatchObject({
    bucket: "media-archive",
    sources: ["holiday/", "notes.txt"],
    target: { key: "zips/holiday.zip" },
  });
  await expect(page).toHaveURL(/\/zips\/52c7/);
  await page.getByRole("tab", { name: "Request" }).click();
  await expect(page.getByText(/"holiday\/"/)).toBeVisible();
  expect(await page.content()).not.toContain("kJ8Yw2");
  expect(await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]))).not.toContain("kJ8Yw2");
});

test("a link is made with the kept credentials, and shown to be copied", async ({ page, look }) => {
  await page.goto("new?to=link");
  await expect(page.getByLabel(/that the server keeps/)).toBeChecked();
  await page.getByRole("button", { name: "Connect" }).click();
  await page.getByRole("button", { name: "photos" }).click();
  await page.getByLabel("Choose raw/").check();
  await expect(page.getByLabel("File name")).toHaveValue("raw.zip");
  await page.getByRole("button", { name: "Make the link" }).click();
  await expect(page.getByRole("dialog").getByLabel("Link", { exact: true })).toHaveValue(/\/stream\//);
  await look("dialog-link", "window");
});

test("a busy server is asked for the estimate again, and one that refuses says why", async ({ page, look }) => {
  const answers = [429, 403];
  await page.route(/\/api\/zips\/estimate$/, (route) => {
    const status = answers.shift();
    return status === undefined
      ? route.continue()
      : route.fulfill({ status, json: { message: status === 429 ? "wait" : "the store refuses to list the bucket" } });
  });
  await page.goto("new");
  await page.getByRole("button", { name: "Connect" }).click();
  await page.getByRole("button", { name: "photos" }).click();
  await page.getByLabel("Choose notes.txt").check();
  await expect(page.getByText("1 file · 4.3 kB · Asking the server")).toBeVisible();
  await expect(page.getByRole("alert")).toHaveText(/No estimate: the store refuses to list the bucket/);
  await look("new-no-estimate");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText(/42 files · 84 MB zip/)).toBeVisible();
});

test("links are searched, and give the address of their page", async ({ page, look }) => {
  await page.goto("links");
  await expect(page.getByText("12 downloads, 3.4 GB")).toBeVisible();
  await expect(page.getByText("Not downloaded yet").first()).toBeVisible();
  await page.getByRole("searchbox").fill("nothing of this name");
  await expect(page.getByText("Nothing matches.")).toBeVisible();
  await look("links-no-match");
  await page.getByRole("button", { name: "Clear" }).click();
  await page.getByRole("button", { name: "Actions for holiday-2026.zip" }).click();
  await page.getByRole("menuitem", { name: "Copy page's address" }).click();
  await expect(page.getByText("Copied", { exact: true })).toBeVisible();
});

test("a zip that is ready runs again as a new one", async ({ page }) => {
  await page.goto("zips");
  await page.getByRole("button", { name: "Actions for march.zip" }).click();
  await page.getByRole("menuitem", { name: "Run again" }).click();
  await expect(page.getByText("holiday-2026.zip is made again")).toBeVisible();
  await page.getByRole("link", { name: "march.zip" }).click();
  await page.getByRole("button", { name: "Run again" }).click();
  await expect(page).toHaveURL(/zips\/52c7a1f0-0000-4000-8000-000000000001$/);
});

test("zips are searched by the server", async ({ page }) => {
  await page.goto("zips");
  await page.getByRole("searchbox").fill("NIGHT-3");
  const request = await page.waitForRequest(/api\/zips\?.*search=NIGHT-3/);
  expect(request.url()).toContain("limit=50");
  await expect(page.getByRole("link", { name: "night-3.zip" })).toBeVisible();
  await expect(page.getByRole("link", { name: "march.zip" })).toBeHidden();
});

test("a link is revoked", async ({ page }) => {
  await page.goto("links");
  await page.getByRole("button", { name: "Actions for holiday-2026.zip" }).click();
  await page.getByRole("menuitem", { name: "Revoke" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByText("Revoked", { exact: true }).first()).toBeVisible();
});

test("a year of usage fits", async ({ page, look }) => {
  await page.goto("usage");
  await page.getByLabel("Days shown").selectOption("Last 365 days");
  // The table has a line for each day, also while it is closed.
  await expect(page.locator("tbody tr, li strong").nth(364)).toBeAttached();
  await look("usage-year");
});

test("the table of days can be downloaded", async ({ page, look }) => {
  await page.goto("usage");
  await page.locator("summary", { hasText: "Table of days" }).click();
  await look("usage-table");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download as CSV" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("s3zipper-usage.csv");
});
