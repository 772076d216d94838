import { afterEach, beforeEach, expect, test, vi } from "vitest";

let fetched: ReturnType<typeof vi.fn>;

beforeEach(() => {
  fetched = vi.fn(async () => new Response("{}", { status: 200 }));
  vi.stubGlobal("document", { documentElement: { dataset: { base: "/zips/" } } });
  vi.stubGlobal("location", { origin: "https://example.org" });
  vi.stubGlobal("fetch", fetched);
  vi.resetModules();
});

afterEach(() => vi.unstubAllGlobals());

test("a call stands below the base path, with its path and query encoded", async () => {
  const { call } = await import("./call");
  await call("GET /api/zips", { query: { limit: 50, cursor: "a/b" } });
  expect(fetched.mock.calls[0]?.[0]).toBe("/zips/api/zips?limit=50&cursor=a%2Fb");
  await call("GET /api/zips/{id}", { path: { id: "x y" } });
  expect(fetched.mock.calls[1]?.[0]).toBe("/zips/api/zips/x%20y");
});

test("a change carries the site's header, and a question does not", async () => {
  const { call } = await import("./call");
  await call("POST /api/keys", { body: { name: "ci" } });
  expect(fetched.mock.calls[0]?.[1].headers["X-S3zipper-Site"]).toBe("1");
  await call("GET /api/keys");
  expect(fetched.mock.calls[1]?.[1].headers["X-S3zipper-Site"]).toBeUndefined();
});

test("a 401 of the API is told, and one of the sign-in is not", async () => {
  const { call, onUnauthorized } = await import("./call");
  const told = vi.fn();
  onUnauthorized(told);
  fetched.mockImplementation(async () => new Response('{"message": "no"}', { status: 401 }));
  await expect(call("POST /session", { body: { name: "a", password: "b" } })).rejects.toThrow("No.");
  expect(told).not.toHaveBeenCalled();
  await expect(call("GET /api/keys")).rejects.toThrow("No.");
  expect(told).toHaveBeenCalledOnce();
});

test("a server that is away has the status 0", async () => {
  const { call } = await import("./call");
  fetched.mockRejectedValue(new TypeError("failed"));
  await expect(call("GET /api/keys")).rejects.toMatchObject({ status: 0 });
});
