/** What an administrator does with the zips of others. */
import { expect, test } from "./page";

test("a zip of any account is cancelled, unless that is undone", async ({ page, signIn }) => {
  await signIn("admin@example.org");
  await page.goto("admin/system");
  await expect(page.getByText("The store does not answer: tried again in 40 s.")).toBeVisible();
  await page.getByRole("button", { name: "Cancel next.zip" }).click();
  await expect(page.getByText("Cancelled in some seconds")).toBeVisible();
  await page.getByRole("button", { name: "Undo the cancelling of next.zip" }).click();
  await expect(page.getByText("Cancelled in some seconds")).toBeHidden();
  await page.getByRole("button", { name: "Cancel next.zip" }).click();
  const request = await page.waitForRequest(/\/api\/admin\/zips\/[^/]+\/cancel$/);
  expect(request.method()).toBe("POST");
  await expect(page.getByText("Cancelled in some seconds")).toBeHidden();
});
