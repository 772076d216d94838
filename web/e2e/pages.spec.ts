/** Every page, as it looks to those who may see it. */
import { expect, test } from "./page";

const VISITOR: [name: string, path: string, mock: string][] = [
  ["landing", "", ""],
  ["landing-open", "", "open"],
  ["landing-closed", "", "closed"],
  ["setup", "setup", "setup"],
  ["login", "registration/login", ""],
  ["register", "registration/register", ""],
  ["register-closed", "registration/register", "closed"],
  ["reset", "registration/reset", ""],
  ["reset-without-mail", "registration/reset", "closed"],
  ["password", "registration/password#code", ""],
  ["confirm", "registration/confirm#code", ""],
  ["link", "registration/link#code", ""],
  ["link-incomplete", "registration/link", ""],
  ["developer-open", "auth/develop", "open"],
  ["settings-open", "account", "open"],
  ["docs", "docs", ""],
  ["docs-article", "docs/reference/api", ""],
  ["docs-reference", "docs/reference/openapi", ""],
  ["docs-man-page", "docs/reference/s3zipper-1", ""],
  ["docs-pictures", "docs/inside/performance", ""],
  ["shared", "shared/52c7a1f0/kJ8Yw2mQ", ""],
  ["shared-part", "shared/52c7a1f0.1/kJ8Yw2mQ", ""],
  ["shared-listing", "shared/listing/kJ8Yw2mQ", ""],
  ["shared-failed", "shared/failed/kJ8Yw2mQ", ""],
  ["shared-ended", "shared/ended/kJ8Yw2mQ", ""],
  ["shared-wrong", "shared/wrong/kJ8Yw2mQ", ""],
  ["absent", "there/is/nothing", ""],
];

for (const [name, path, mock] of VISITOR) {
  test(`a visitor sees ${name}`, async ({ page, look }) => {
    await page.setExtraHTTPHeaders(mock === "" ? {} : { "X-Mock": mock });
    await page.goto(path);
    await expect(page.locator("h1")).toBeVisible();
    await expect(page).toHaveTitle(/ · S3zipper$/);
    await look(name);
  });
}

const ACCOUNT: [name: string, path: string, mock: string][] = [
  ["zips", "zips", ""],
  ["zips-empty", "zips", "empty"],
  ["zip-running", "zips/52c7a1f0-0000-4000-8000-000000000001", ""],
  ["zip-failed", "zips/52c7a1f0-0000-4000-8000-000000000006", ""],
  ["zip-ready", "zips/52c7a1f0-0000-4000-8000-000000000007", ""],
  ["zip-absent", "zips/52c7a1f0-0000-4000-8000-000000000099", ""],
  ["new", "new", ""],
  ["links", "links", ""],
  ["links-empty", "links", "empty"],
  ["usage", "usage", ""],
  ["usage-empty", "usage", "empty"],
  ["developer", "auth/develop", ""],
  ["developer-empty", "auth/develop", "empty"],
  ["account", "account", ""],
  ["accounts", "admin/accounts", ""],
  ["system", "admin/system", ""],
  ["system-idle", "admin/system", "empty"],
  ["shared-signed-in", "shared/52c7a1f0/kJ8Yw2mQ", ""],
  ["docs-signed-in", "docs/guides/events", ""],
];

for (const [name, path, mock] of ACCOUNT) {
  test(`an administrator sees ${name}`, async ({ page, look, signIn }) => {
    await page.setExtraHTTPHeaders(mock === "" ? {} : { "X-Mock": mock });
    await signIn("admin@example.org");
    await page.goto(path);
    await expect(page.locator("h1")).toBeVisible();
    await look(name);
  });
}
