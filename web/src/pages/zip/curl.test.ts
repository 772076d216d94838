import { expect, test } from "vitest";
import { curlOf, curlOfRequest } from "./curl";

test("a request keeps what it has, and its credentials are variables that the shell puts in", () => {
  const text = curlOfRequest("https://zips.example.org", {
    path: "/api/zips",
    headers: {},
    body: { bucket: "photos", sources: ["it's/", "$AWS/"] },
  });
  expect(text).toContain("curl https://zips.example.org/api/zips");
  expect(text).toContain(`"secretAccessKey": "'"$AWS_SECRET_ACCESS_KEY"'"`);
  expect(text).toContain(`"it'\\''s/"`);
  expect(text).toContain(`"$AWS/"`);
});

test("a request of S3zipper's own API has the names of that one, and its headers", () => {
  const text = curlOfRequest("", {
    path: "/v2/zipstart",
    headers: { "x-amz-acl": "private" },
    body: { awsBucket: "photos" },
  });
  expect(text).toContain(`"awsSecret": "'"$AWS_SECRET_ACCESS_KEY"'"`);
  expect(text).toContain("-H 'x-amz-acl: private'");
});

test("a question has no body", () => {
  expect(curlOf("", "/api/zips/1")).toBe('curl /api/zips/1 \\\n  -H "Authorization: Bearer $TOKEN"');
});
