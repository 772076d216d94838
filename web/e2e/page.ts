/** What every test of a page asserts besides its own matter: no violation of the policy, no error in the console, no
 * request to another host, no sideways scroll, nothing that axe finds. */
import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";

export { expect };

interface Fixtures {
  /** Looks at the page as it is now; `name` is that of its picture, if the variable PICTURES names a folder. The picture
   * is of the window alone where something lies over the page, as taking the whole page resizes the window. */
  look: (name: string, extent?: "page" | "window") => Promise<void>;
  /** Errors of the console that are no fault of the page. */
  forgiven: RegExp;
  /** Signs in; the name "admin…" is an administrator. */
  signIn: (name?: string) => Promise<void>;
}

export const test = base.extend<Fixtures>({
  // A refusal is told on the page, and so is that a server is in trouble.
  forgiven: [/status of (4\d\d|503)/, { option: true }],

  page: async ({ page, baseURL, forgiven }, use) => {
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error" && !forgiven.test(message.text())) {
        problems.push(message.text());
      }
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(new URL(baseURL ?? "").origin) && !request.url().startsWith("blob:")) {
        problems.push(`a request to ${request.url()}`);
      }
    });
    await use(page);
    expect(problems).toEqual([]);
  },

  look: async ({ page }, use, info) => {
    await use(async (name, extent = "page") => {
      await settled(page);
      if (process.env.PICTURES) {
        if (extent === "page") {
          // What is fixed to the window would lie in the middle of the picture.
          await page.evaluate(() => scrollTo(0, 0));
        }
        const path = `${process.env.PICTURES}/${name}-${info.project.name}.png`;
        await page.screenshot({ path, fullPage: extent === "page" });
      }
      const { violations } = await new AxeBuilder({ page })
        .withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"])
        .analyze();
      expect.soft(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
      expect.soft(await overflow(page), "sideways scroll").toBeLessThanOrEqual(0);
    });
  },

  signIn: async ({ page, baseURL }, use) => {
    await use(async (name = "me@example.org") => {
      await page.request.post(`${baseURL}session`, {
        headers: { "X-S3zipper-Site": "1" },
        data: { name, password: "right password" },
      });
    });
  },
});

/** Waits until nothing comes any more; a page with a stream of events never gets there, and has its time. */
async function settled(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle", { timeout: 2_000 }).catch(() => {});
  await page.waitForTimeout(200);
}

function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
