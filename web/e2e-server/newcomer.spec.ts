/** A newcomer's way at a real server: set-up, a key, a zip of a bucket's folder, its download. What comes out is left in
 * the folder FOUND, where the test that started the server checks it. */
import { writeFileSync } from "node:fs";
import { expect, test } from "../e2e/page";

const { SETUP_CODE = "", FOUND = "" } = process.env;

test("from the set-up to a zip", async ({ page }) => {
  await test.step("the first account is made by the code of the log", async () => {
    await page.goto("./");
    await expect(page).toHaveURL(/\/setup$/);
    await page.getByLabel("Code").fill(SETUP_CODE);
    await page.getByLabel("Mail").fill("admin@example.org");
    await page.getByLabel("Password", { exact: true }).fill("correct horse");
    await page.keyboard.press("Enter");
  });

  await test.step("its first key is shown once", async () => {
    await page.getByRole("button", { name: "Make the key" }).click();
    const dialog = page.getByRole("dialog", { name: /The key “default”/ });
    const userKey = await dialog.getByLabel("userKey", { exact: true }).inputValue();
    const userSecret = await dialog.getByLabel("userSecret", { exact: true }).inputValue();
    writeFileSync(`${FOUND}/key.json`, JSON.stringify({ userKey, userSecret }));
    await dialog.getByRole("button", { name: "I have stored it" }).click();
    await expect(dialog).toBeHidden();
  });

  await test.step("the first call of a program arrives", async () => {
    await expect(page.getByText("Waiting for your first call")).toBeVisible();
    writeFileSync(`${FOUND}/wants_call`, "");
    await expect(page.getByText(/Token made/)).toBeVisible({ timeout: 30_000 });
  });

  await test.step("a folder and a file are zipped into the bucket, while people watch", async () => {
    await page.getByRole("link", { name: "New zip" }).click();
    await page.getByLabel("Access key id").fill("sandbox");
    await page.getByLabel("Secret access key").fill("sandbox-secret");
    await page.getByRole("button", { name: "Connect" }).click();
    await page.getByLabel("Choose holiday/").check();
    await page.getByLabel("Choose notes.txt").check();
    await expect(page.getByText("3 files").first()).toBeVisible();
    await page.getByRole("button", { name: "Start zip" }).click();
    await expect(page.getByText("Ready", { exact: true })).toBeVisible({ timeout: 60_000 });
  });

  await test.step("it is downloaded, and shows what is in it", async () => {
    const link = (await page.getByRole("link", { name: "Download", exact: true }).getAttribute("href")) ?? "";
    const answer = await page.request.get(link);
    expect(answer.status()).toBe(200);
    writeFileSync(`${FOUND}/downloaded.zip`, await answer.body());
    await page.getByRole("button", { name: "holiday/", exact: true }).click();
    const entry = page.getByRole("link", { name: /^Download .*a\.txt$/ });
    const entryAnswer = await page.request.get((await entry.getAttribute("href")) ?? "");
    expect(entryAnswer.status()).toBe(200);
    writeFileSync(`${FOUND}/a.txt`, await entryAnswer.body());
  });

  await test.step("the list and the usage know it", async () => {
    await page.getByRole("link", { name: "Zips" }).first().click();
    await expect(page.getByRole("row", { name: /\.zip/ })).toContainText("Ready");
    await page.getByRole("link", { name: "Usage" }).click();
    await expect(page.getByText("Zips in the last 30 days")).toBeVisible();
  });
});
