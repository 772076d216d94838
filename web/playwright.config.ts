import { defineConfig } from "@playwright/test";

const PORT = 8091;

export default defineConfig({
  testDir: "e2e",
  workers: 1,
  // The longest page of the docs takes axe half a minute on a busy machine, and nothing here is a measure of time.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  fullyParallel: false,
  reporter: "line",
  use: {
    // Below a path, as behind a proxy: the harder case.
    baseURL: `http://127.0.0.1:${PORT}/some/prefix/`,
    launchOptions: { executablePath: "/usr/bin/chromium" },
  },
  webServer: {
    command: `node mock/serve.ts ${PORT} /some/prefix`,
    url: `http://127.0.0.1:${PORT}/some/prefix/session`,
    reuseExistingServer: false,
  },
  projects: [
    { name: "phone-light", use: { viewport: { width: 360, height: 780 }, colorScheme: "light", hasTouch: true, isMobile: true } },
    { name: "phone-dark", use: { viewport: { width: 360, height: 780 }, colorScheme: "dark", hasTouch: true, isMobile: true } },
    { name: "desk-light", use: { viewport: { width: 1280, height: 800 }, colorScheme: "light" } },
    { name: "desk-dark", use: { viewport: { width: 1280, height: 800 }, colorScheme: "dark" } },
  ],
});
