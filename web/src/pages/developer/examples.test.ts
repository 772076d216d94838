import { expect, test } from "vitest";
import { envFile } from "./envFile";
import { EXAMPLES, filledExample, OPEN_EXAMPLE } from "./examples";

test.each(EXAMPLES)("the example in $title has the server and the userKey, and reads the secret", ({ text }) => {
  const filled = filledExample(text, "https://example.org/zips", "uk_1");
  expect(filled).toContain("https://example.org/zips");
  expect(filled).toContain("uk_1");
  expect(filled).toContain("S3ZIPPER_USER_SECRET");
  expect(filled).not.toMatch(/127\.0\.0\.1|YOUR_USER_KEY|#!/);
});

test("the example of a server without accounts has no token", () => {
  expect(filledExample(OPEN_EXAMPLE, "http://10.0.0.7")).not.toMatch(/gentoken|Authorization/);
});

test("a key becomes a file of variables", () => {
  expect(envFile("https://example.org", { userKey: "uk_1", userSecret: "s" })).toBe(
    "S3ZIPPER_URL=https://example.org\nS3ZIPPER_USER_KEY=uk_1\nS3ZIPPER_USER_SECRET=s\n",
  );
});
