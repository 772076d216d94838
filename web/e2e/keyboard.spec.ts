/** The main way by keyboard alone. No pointer is used, and after each key the focus is somewhere and can be seen. */
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "./page";

const MOST_STEPS = 80;

/** What is wrong with the focus as it is now: "" if nothing is. */
function focusProblem(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) {
      return "nothing has the focus";
    }
    const name = element.outerHTML.slice(0, 120);
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    // A heading or a part of the page that script has led to is where reading begins; the next Tab goes on from there.
    const isPlace = element.getAttribute("tabindex") === "-1" && !element.matches("[role='menuitem']");
    if (!isPlace && (outlineStyle === "none" || Number.parseFloat(outlineWidth) < 2)) {
      return `the focus cannot be seen on ${name}`;
    }
    const { left, top, width, height } = element.getBoundingClientRect();
    const isSeen = [0.1, 0.5, 0.9].some((share) => {
      const seen = document.elementFromPoint(left + width * share, top + height * share);
      return seen !== null && (element.contains(seen) || seen.contains(element));
    });
    return isPlace || isSeen ? "" : `something covers ${name}`;
  });
}

async function expectFocus(page: Page): Promise<void> {
  await expect.poll(() => focusProblem(page)).toBe("");
}

/** Presses the key until the element has the focus. */
async function go(page: Page, target: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  await expect(target).toBeVisible();
  for (let step = 0; step < MOST_STEPS; step++) {
    await page.keyboard.press(key);
    await expectFocus(page);
    if (await target.evaluate((element) => element === document.activeElement)) {
      return;
    }
  }
  throw new Error(`${key} does not lead to ${target}`);
}

async function press(page: Page, key: string): Promise<void> {
  await page.keyboard.press(key);
  await expectFocus(page);
}

/** Goes to a page by the rail, which a narrow window has behind a button; both stand before the heading. */
async function goByRail(page: Page, title: string): Promise<void> {
  const link = page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: title, exact: true });
  const menu = page.getByRole("button", { name: "Menu" });
  if (await menu.isVisible()) {
    await go(page, menu, "Shift+Tab");
    await press(page, "Enter");
    await go(page, link);
  } else {
    await go(page, link, "Shift+Tab");
  }
  await page.keyboard.press("Enter");
  await expect(page.locator("h1")).toHaveText(title);
  await expect(page.locator("h1")).toBeFocused();
}

test("from the sign-in to a zip by keyboard alone", async ({ page, look }) => {
  await page.goto("registration/login");
  await go(page, page.getByLabel("Mail"));
  await page.keyboard.type("me@example.org");
  await go(page, page.getByLabel("Password", { exact: true }));
  await page.keyboard.type("right password");
  await press(page, "Enter");
  await expect(page).toHaveURL(/\/zips$/);
  await expect(page.locator("h1")).toBeFocused();

  await goByRail(page, "Developer");
  const newKey = page.getByRole("button", { name: "New key" });
  await go(page, newKey);
  await press(page, "Enter");
  await expect(page.getByRole("dialog").getByLabel("Name")).toBeFocused();
  await page.keyboard.type("by keyboard");
  await press(page, "Enter");
  await expect(page.getByRole("dialog").getByLabel("userSecret", { exact: true })).toBeVisible();
  await press(page, "Escape");
  await go(page, page.getByRole("button", { name: "Back to the secret" }));
  await press(page, "Enter");
  await go(page, page.getByRole("button", { name: "I have stored it" }));
  await press(page, "Space");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(newKey).toBeFocused();

  await goByRail(page, "New zip");
  await go(page, page.getByLabel(/that the server keeps/));
  await press(page, "ArrowUp");
  await expect(page.getByLabel("Credentials for this zip only")).toBeFocused();
  await press(page, "ArrowDown");
  await expect(page.getByLabel(/that the server keeps/)).toBeFocused();
  await go(page, page.getByRole("button", { name: "Connect" }));
  await press(page, "Enter");
  await go(page, page.getByRole("button", { name: "photos" }));
  await press(page, "Enter");
  await go(page, page.getByRole("button", { name: "2026/" }));
  await press(page, "Enter");
  await go(page, page.getByLabel("Choose holiday/"));
  await press(page, "Space");
  await go(page, page.getByRole("button", { name: "Remove photos/2026/holiday/" }));
  await press(page, "Enter");
  await go(page, page.getByLabel("Choose raw/"), "Shift+Tab");
  await press(page, "Space");
  await go(page, page.getByLabel("A zip in a bucket"));
  await press(page, "ArrowDown");
  await expect(page.getByLabel("A link that streams the zip")).toBeChecked();
  await press(page, "ArrowUp");
  await look("keyboard-new", "window");
  await go(page, page.getByRole("button", { name: "Start zip" }));
  await press(page, "Enter");

  await expect(page).toHaveURL(/\/zips\/52c7/);
  await expect(page.locator("h1")).toBeFocused();
  await go(page, page.getByRole("tab", { name: "Entries" }));
  await press(page, "ArrowRight");
  await expect(page.getByRole("tab", { name: "Report" })).toBeFocused();
  await go(page, page.getByRole("main").getByRole("link", { name: "Zips" }), "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(page.locator("h1")).toBeFocused();

  const actions = page.getByRole("button", { name: "Actions for next.zip" });
  await go(page, actions);
  await press(page, "Enter");
  await expect(page.getByRole("menuitem", { name: "Cancel" })).toBeFocused();
  await press(page, "Escape");
  await expect(actions).toBeFocused();
  await press(page, "Enter");
  await press(page, "Enter");
  const undo = page.getByRole("list", { name: /Zips/ }).or(page.getByRole("table")).getByRole("button", { name: "Undo" });
  await expect(undo).toBeVisible();
  await go(page, undo, (await page.getByRole("table").isVisible()) ? "Shift+Tab" : "Tab");
  await press(page, "Enter");
  await expect(undo).toBeHidden();
  await expectFocus(page);
});
