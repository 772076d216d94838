/** What pages look like when all is not well, not yet there, or too much, and the dialogs that no other test opens. */
import type { Page } from "@playwright/test";
import { expect, test } from "./page";

/** Makes another server of the mock, from here on. */
async function mock(page: Page, mode: string): Promise<void> {
  await page.setExtraHTTPHeaders({ "X-Mock": mode });
}

const PAGES: [name: string, path: string][] = [
  ["zips", "zips"],
  ["zip", "zips/52c7a1f0-0000-4000-8000-000000000200"],
  ["links", "links"],
  ["usage", "usage"],
  ["developer", "auth/develop"],
  ["account", "account"],
  ["accounts", "admin/accounts"],
  ["system", "admin/system"],
];

for (const [name, path] of PAGES) {
  test(`${name} while it comes, when it fails, and with long names`, async ({ page, look, signIn }) => {
    await signIn("admin@example.org");
    await mock(page, "slow");
    await page.goto(path);
    await expect(page.getByText("Loading").first()).toBeAttached();
    await look(`${name}-loading`, "window");
    await mock(page, "broken");
    await page.goto(path);
    await expect(page.getByRole("alert").first()).toHaveText(/The database does not answer\./);
    await look(`${name}-broken`, "window");
    await mock(page, "long");
    await page.goto(path);
    await expect(page.getByText("Loading")).toHaveCount(0);
    await look(`${name}-long`);
  });
}

test("zips in each of their states", async ({ page, look, signIn }) => {
  await signIn();
  for (const [name, number] of [["listing", 3], ["waiting", 4], ["trying", 5], ["cancelled", 8], ["expired", 9]]) {
    await page.goto(`zips/52c7a1f0-0000-4000-8000-00000000000${number}`);
    await expect(page.getByRole("tab", { name: "Entries" })).toBeVisible();
    await look(`zip-${name}`);
  }
});

test("a list whose events do not come, and a zip that is being cancelled", async ({ page, look, signIn }) => {
  await signIn();
  await page.goto("zips");
  await page.getByRole("button", { name: "Actions for next.zip" }).click();
  await look("zips-menu", "window");
  await page.getByRole("menuitem", { name: "Cancel" }).click();
  await expect(page.getByText("next.zip is being cancelled")).toBeVisible();
  await look("zips-cancelling", "window");
  // The worker of all tabs would not send the header that breaks the stream.
  await page.addInitScript("delete window.SharedWorker");
  await page.route("**/api/events", (route) => route.fulfill({ status: 503 }));
  await page.goto("zips");
  await expect(page.getByText(/Not live since/)).toBeVisible();
  await look("zips-not-live", "window");
});

test("a file browser with long names, and what is refused", async ({ page, look, signIn }) => {
  await signIn();
  await mock(page, "long");
  await page.goto("new");
  await page.getByText("Region, endpoint, bucket").click();
  await page.getByLabel("Credentials for this zip only").check();
  await look("new-credentials");
  await page.getByLabel("Access key id").fill("AKIAEXAMPLE");
  await page.getByLabel("Secret access key").fill("wrong");
  await page.getByRole("button", { name: "Connect" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await look("new-refused");
  await page.getByLabel(/that the server keeps/).check();
  await page.getByRole("button", { name: "Connect" }).click();
  await page.getByRole("button", { name: "photos" }).click();
  await page.getByRole("button", { name: /IMG_/ }).click();
  await page.getByLabel(/Choose IMG_/).check();
  await look("new-long");
  await mock(page, "broken");
  await page.getByRole("button", { name: "Start zip" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await look("new-not-started", "window");
});

test("a form says what is wrong at its field", async ({ page, look }) => {
  await page.goto("registration/login");
  await page.getByLabel("Mail").fill("me@example.org");
  await page.getByLabel("Password", { exact: true }).fill("wrong password");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toBeVisible();
  await look("login-wrong");
  await page.getByLabel("Password", { exact: true }).fill("too many tries");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: /Try again in/ })).toBeVisible();
  await look("login-too-many");
  await mock(page, "invitation");
  await page.goto("registration/register");
  await page.getByLabel("Mail").fill("taken@example.org");
  await page.getByLabel("Password", { exact: true }).fill("long enough");
  await page.getByLabel("Invitation").fill("aB3d");
  await page.keyboard.press("Enter");
  await expect(page.getByText(/taken/)).toBeVisible();
  await look("register-taken");
  await mock(page, "");
  await page.goto("registration/register");
  await page.getByLabel("Mail").fill("mail@example.org");
  await page.getByLabel("Password", { exact: true }).fill("long enough");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status").filter({ hasText: "mail@example.org" })).toBeVisible();
  await look("register-sent");
  await page.goto("registration/reset");
  await page.getByLabel("Mail").fill("me@example.org");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status").filter({ hasText: "me@example.org" })).toBeVisible();
  await look("reset-sent");
});

test("the dialogs of keys, credentials and the account", async ({ page, look, signIn }) => {
  await signIn();
  await page.goto("auth/develop");
  for (const [item, name] of [["Make a new secret", "rotate"], ["Rename", "rename"]] as const) {
    await page.getByRole("button", { name: "Actions for nightly backup" }).click();
    await page.getByRole("menuitem", { name: item }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await look(`dialog-${name}`, "window");
    await page.getByRole("button", { name: "Close" }).click();
    await expect(page.getByRole("dialog")).toBeHidden();
  }
  await page.getByText("IAM policy to paste").first().click();
  await look("developer-policy");
  await page.goto("account");
  await page.getByRole("button", { name: "Delete the account" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await look("dialog-delete-account", "window");
});

test("the dialogs of an administrator", async ({ page, look, signIn }) => {
  await signIn("admin@example.org");
  await page.goto("admin/accounts");
  await page.getByRole("button", { name: "Invite" }).click();
  await expect(page.getByRole("dialog").getByLabel("Link", { exact: true })).toBeVisible();
  await look("dialog-invite", "window");
  await page.getByRole("button", { name: "Close" }).last().click();
  for (const [item, name] of [["Make a reset link", "reset"], ["Disable", "disable"]] as const) {
    await page.getByRole("button", { name: "Actions for me@example.org" }).click();
    await page.getByRole("menuitem", { name: item }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await look(`dialog-${name}`, "window");
    await page.getByRole("button", { name: "Close" }).click();
    await expect(page.getByRole("dialog")).toBeHidden();
  }
});

test("the frame: its menu, a server that was updated, and one that is down", async ({ page, look, signIn }) => {
  await signIn("admin@example.org");
  await page.goto("usage");
  await page.locator("h1").waitFor();
  await page.evaluate(() => dispatchEvent(new Event("vite:preloadError")));
  await expect(page.getByText("The server was updated.")).toBeVisible();
  const menu = page.getByRole("button", { name: "Menu" });
  if (await menu.isVisible()) {
    await menu.click();
  }
  await look("frame", "window");
  await mock(page, "down");
  await page.goto("usage");
  await expect(page.getByRole("alert")).toBeVisible();
  await look("down", "window");
});
