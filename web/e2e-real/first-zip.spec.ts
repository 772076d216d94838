/** From a server without an account to a zip that unpacks. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { expect, test } from "@playwright/test";

test("set-up, a key, a zip that is watched, and its download", async ({ page, request }, info) => {
  await page.goto("setup");
  await page.getByLabel("One-time code").fill(process.env.SETUP_CODE ?? "");
  await page.getByLabel("Mail").fill("admin@example.org");
  await page.getByLabel("Password", { exact: true }).fill("long enough");
  await page.getByRole("button", { name: "Make the account" }).click();

  const dialog = page.getByRole("dialog", { name: "New key" });
  await dialog.getByRole("button", { name: "Make the key" }).click();
  await expect(page.getByLabel("userSecret", { exact: true })).toHaveValue(/.{20}/);
  await page.getByRole("button", { name: "I have stored it" }).click();

  await page.getByRole("link", { name: "New zip" }).click();
  await page.getByLabel("Access key id").fill("sandbox");
  await page.getByLabel("Secret access key").fill("sandbox-secret");
  await page.getByRole("button", { name: "Connect" }).click();
  await page.getByLabel("Choose holiday/").check();
  await page.getByLabel("Choose notes.txt").check();
  await expect(page.getByText("4 files, 3.6 MB")).toBeVisible();
  await page.getByRole("button", { name: "Start zip" }).click();

  await expect(page.getByRole("heading", { name: "holiday.zip" })).toBeVisible();
  await expect(page.getByText("Ready", { exact: true })).toBeVisible({ timeout: 60_000 });
  const link = await page.getByRole("link", { name: "Download", exact: true }).getAttribute("href");
  const file = info.outputPath("holiday.zip");
  const answer = await request.get(link ?? "");
  expect(answer.status()).toBe(200);
  writeFileSync(file, await answer.body());
  expect(execFileSync("unzip", ["-t", file]).toString()).toContain("No errors detected");

  await page.getByRole("link", { name: "Zips" }).first().click();
  await expect(page.getByRole("row", { name: /holiday\.zip/ })).toContainText("5 files");
  await page.getByRole("link", { name: "Usage" }).click();
  await expect(page.getByText("Zips in the last 30 days")).toBeVisible();
});
