/** The tests against a running server, which test/site/server_test.py starts. */
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "e2e-server",
  workers: 1,
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: "line",
  use: {
    baseURL: process.env.S3ZIPPER_URL,
    launchOptions: { executablePath: "/usr/bin/chromium" },
    viewport: { width: 1280, height: 800 },
  },
});
