/** What comes after the newcomer's way (newcomer.spec.ts), at the same server: a link whose recipient has no account, a
 * zip that runs again, and what an administrator sees of all that. */
import { writeFileSync } from "node:fs";
import { expect, test } from "../e2e/page";

const { FOUND = "" } = process.env;

test("from a link to its recipient, and back to its maker", async ({ page, browser, baseURL }) => {
  let link = "";

  await test.step("a link is estimated and made", async () => {
    await page.goto("registration/login");
    await page.getByLabel("Mail").fill("admin@example.org");
    await page.getByLabel("Password", { exact: true }).fill("correct horse");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/zips$/);
    await page.goto("new?to=link");
    await page.getByLabel("Access key id").fill("sandbox");
    await page.getByLabel("Secret access key").fill("sandbox-secret");
    await page.getByRole("button", { name: "Connect" }).click();
    await page.getByLabel("Choose holiday/").check();
    await expect(page.getByText(/^2 files · [\d.]+ kB zip · \d+ requests · under \$0\.01$/)).toBeVisible();
    await page.getByRole("button", { name: "Make the link" }).click();
    link = await page.getByRole("dialog").getByLabel("Link", { exact: true }).inputValue();
  });

  await test.step("its recipient has no account, looks in, and downloads", async () => {
    const [, target, signature] = /\/stream\/([^/]+)\/([^/]+)/.exec(link) ?? [];
    const stranger = await (await browser.newContext({ baseURL: baseURL ?? "" })).newPage();
    await stranger.goto(`shared/${target}/${signature}`);
    await expect(stranger.getByRole("heading", { level: 1 })).toHaveText("holiday.zip");
    await stranger.getByRole("button", { name: "holiday/", exact: true }).click();
    await expect(stranger.getByText("a.txt", { exact: true })).toBeVisible();
    const href = (await stranger.getByRole("link", { name: "Download", exact: true }).getAttribute("href")) ?? "";
    const answer = await stranger.request.get(href);
    expect(answer.status()).toBe(200);
    writeFileSync(`${FOUND}/shared.zip`, await answer.body());
    await stranger.goto(`shared/${target}/wrong`);
    await expect(stranger.getByText("There is no such download", { exact: true })).toBeVisible();
    await stranger.context().close();
  });

  await test.step("its maker sees the download, and finds the link by search", async () => {
    await page.goto("links");
    await page.getByRole("searchbox").fill("HOLIDAY");
    // Downloads are stored once a minute.
    await expect(async () => {
      await page.reload();
      await expect(page.getByText(/1 download, /)).toBeVisible({ timeout: 3_000 });
    }).toPass({ timeout: 120_000 });
  });

  await test.step("the zip of the newcomer's way is found, tells its request, and runs again", async () => {
    await page.goto("zips");
    await page.getByRole("searchbox").fill("nothing of this name");
    await expect(page.getByText("Nothing matches.")).toBeVisible();
    await page.getByRole("searchbox").fill("ZIPS/holiday");
    await page.getByRole("link", { name: /\.zip$/ }).click();
    await page.getByRole("tab", { name: "Request" }).click();
    await expect(page.getByText(/"holiday\/"/)).toBeVisible();
    const former = page.url();
    await page.getByRole("button", { name: "Run again" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Access key id").fill("sandbox");
    await dialog.getByLabel("Secret access key").fill("sandbox-secret");
    await dialog.getByRole("button", { name: "Run again" }).click();
    await expect(page).not.toHaveURL(former);
    await expect(page.getByText("Ready", { exact: true })).toBeVisible({ timeout: 60_000 });
  });

  await test.step("System tells that nothing runs", async () => {
    await page.goto("admin/system");
    await expect(page.getByText("Nothing runs or waits.")).toBeVisible();
    await page.goto("usage");
    await page.getByLabel("Days shown").selectOption("Last 365 days");
    await expect(page.getByText("Zips and links by day")).toBeVisible();
  });
});
