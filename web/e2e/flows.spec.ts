/** What people do on the pages, step by step, by keyboard where that is another thing. */
import { expect, test } from "./page";

test("a wrong password is told, too many are counted down, and the right one leads to the page asked for", async ({ page }) => {
  await page.goto("account");
  await expect(page).toHaveURL(/registration\/login\?next=%2Faccount$/);
  await page.getByLabel("Mail").fill("me@example.org");
  await page.getByLabel("Password", { exact: true }).fill("wrong password");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toHaveText(/not right/);
  await page.getByLabel("Password", { exact: true }).fill("too many tries");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: /Try again in \d+ s/ })).toBeDisabled();
  await page.reload();
  await page.getByLabel("Mail").fill("me@example.org");
  await page.getByLabel("Password", { exact: true }).fill("right password");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/account$/);
  await expect(page.locator("h1")).toBeFocused();
});

test("a name that is taken is told at its field", async ({ page }) => {
  await page.goto("registration/register");
  await page.getByLabel("Mail").fill("taken@example.org");
  await page.getByLabel("Password", { exact: true }).fill("long enough");
  await page.getByRole("button", { name: "Make an account" }).click();
  await expect(page.getByLabel("Mail")).toBeFocused();
  await expect(page.getByLabel("Mail")).toHaveAccessibleDescription(/taken/);
});

test("after the registration the first key is made, and its secret is shown once", async ({ page, look }) => {
  await page.goto("registration/register");
  await page.getByLabel("Mail").fill("new@example.org");
  await page.getByLabel("Password", { exact: true }).fill("long enough");
  await page.getByRole("button", { name: "Make an account" }).click();
  await expect(page.getByRole("dialog", { name: "New key" })).toBeVisible();
  await look("dialog-new-key", "window");
  await page.getByRole("button", { name: "Make the key" }).click();
  const dialog = page.getByRole("dialog", { name: /The key “default”/ });
  await expect(dialog.getByLabel("userSecret", { exact: true })).toHaveValue(/9zzA$/);
  await dialog.getByRole("button", { name: "Copy userSecret" }).click();
  await expect(dialog.getByText("Copied").first()).toBeVisible();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    dialog.getByRole("button", { name: "Download as .env" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("s3zipper.env");
  await look("dialog-secret", "window");
  await page.keyboard.press("Escape");
  await expect(dialog.getByRole("alert")).toBeVisible();
  await dialog.getByRole("button", { name: "Back to the secret" }).click();
  await dialog.getByRole("button", { name: "I have stored it" }).click();
  await expect(dialog).toBeHidden();
  expect(await page.content()).not.toContain("kJ8Yw2");
});

test("the menu of a key opens and closes by keyboard, and gives the focus back", async ({ page, look, signIn }) => {
  await signIn();
  await page.goto("auth/develop");
  const button = page.getByRole("button", { name: "Actions for default" }).first();
  await button.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitem", { name: "Rename" })).toBeVisible();
  await look("menu", "window");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu")).toBeHidden();
  await expect(button).toBeFocused();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Revoke" }).click();
  await expect(page.getByRole("dialog", { name: /Revoke “default”/ })).toBeVisible();
  await look("dialog-revoke", "window");
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByText("Revoked")).toBeVisible();
});

test("a session that ends under a page asks for the password, and the form stays", async ({ page, context, look, signIn }) => {
  await signIn();
  await page.goto("account");
  await page.getByLabel("Present password", { exact: true }).fill("my present one");
  await page.getByLabel("New password", { exact: true }).fill("my next password");
  await context.clearCookies();
  await page.getByRole("button", { name: "Change the password" }).click();
  const dialog = page.getByRole("dialog", { name: "Sign in again" });
  await expect(dialog).toBeVisible();
  await look("dialog-sign-in", "window");
  await dialog.getByLabel("Password", { exact: true }).fill("right password");
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(page.getByLabel("New password", { exact: true })).toHaveValue("my next password");
});

test("credentials are kept, and tested", async ({ page, look, signIn }) => {
  await signIn();
  await page.goto("auth/develop");
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await expect(page.getByText("They work: 1 bucket.")).toBeVisible();
  await page.getByRole("button", { name: "Replace" }).click();
  await look("dialog-credentials", "window");
  await page.getByLabel("Access key id").fill("AKIAEXAMPLE");
  await page.getByLabel("Secret access key").fill("secret");
  await page.getByRole("button", { name: "Keep", exact: true }).click();
  await expect(page.getByText("Credentials kept")).toBeVisible();
});

test("the docs are searched, and links between them stay in the app", async ({ page, look }) => {
  await page.goto("docs");
  await page.locator("h1").waitFor();
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox")).toBeFocused();
  await page.keyboard.type("webhook signature");
  const found = page.locator("search li a").first();
  await expect(found).toBeVisible();
  await look("docs-search");
  await page.evaluate(() => Object.assign(window, { isSamePage: true }));
  await found.click();
  await expect(page).toHaveURL(/\/some\/prefix\/docs\/.+/);
  await page.goto("docs/reference/native-api");
  await page.evaluate(() => Object.assign(window, { isSamePage: true }));
  await page.getByRole("article").getByRole("link", { name: "zip-life.md" }).first().click();
  await expect(page).toHaveURL(/\/some\/prefix\/docs\/guides\/zip-life$/);
  await expect(page.locator("h1")).toBeFocused();
  expect(await page.evaluate(() => "isSamePage" in window)).toBe(true);
});

test("the theme is chosen, and kept", async ({ page, signIn }) => {
  await signIn();
  await page.goto("account");
  await page.getByLabel("Dark").check();
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)).toBe("rgb(16, 20, 24)");
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the docs can be read, and lead on", async ({ page }) => {
    await page.goto("docs/guides/events");
    await expect(page.locator("h1")).toBeVisible();
    await page.getByRole("navigation", { name: "Docs" }).getByRole("link", { name: "The HTTP API" }).click();
    await expect(page).toHaveURL(/\/docs\/reference\/api$/);
    await expect(page).toHaveTitle("The HTTP API · S3zipper");
    await page.getByRole("navigation", { name: "Docs" }).getByRole("link", { name: "Performance" }).click();
    await expect(page.getByRole("img").first()).toHaveJSProperty("complete", true);
  });
});

test("nothing jumps while a page comes", async ({ page, signIn }) => {
  await signIn();
  // From now on the browser remembers that there is a rail.
  await page.goto("account");
  await page.locator("h1").waitFor();
  for (const path of ["auth/develop", "account", "docs/reference/api"]) {
    await page.goto(path);
    await page.waitForLoadState("networkidle");
    const shift = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          let sum = 0;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) {
              sum += (entry as PerformanceEntry & { value: number }).value;
            }
          }).observe({ type: "layout-shift", buffered: true });
          setTimeout(() => resolve(sum), 500);
        }),
    );
    expect.soft(shift, path).toBeLessThan(0.02);
  }
});
