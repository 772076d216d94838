import { expect, test } from "vitest";
import { ApiError, errorOf } from "./ApiError";

function answer(status: number, body: string, headers: Record<string, string> = {}) {
  return new Response(body, { status, headers });
}

test("a 400 names its field, and becomes a sentence", async () => {
  const error = await errorOf(answer(400, '{"message": "target.key must end in .zip"}'));
  expect(error.message).toBe("target.key must end in .zip.");
  expect(error.field).toBe("target.key");
});

test("a field that is a plain word begins its sentence", async () => {
  const error = await errorOf(answer(400, '{"message": "name is taken"}'));
  expect(error.message).toBe("Name is taken.");
  expect(error.field).toBe("name");
});

test("only a 400 has a field", () => {
  expect(new ApiError(409, "name is taken").field).toBeUndefined();
});

test("a 429 says for how long to wait", async () => {
  const error = await errorOf(answer(429, '{"message": "too many"}', { "Retry-After": "40" }));
  expect(error.retryAfterSeconds).toBe(40);
});

test("a body that is no JSON leaves the status", async () => {
  expect((await errorOf(answer(502, "<html>"))).message).toBe("The server answered 502.");
});
