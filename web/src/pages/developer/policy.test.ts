import { expect, test } from "vitest";
import { iamPolicy } from "./policy";

test("a policy names the buckets, and their objects", () => {
  const { Statement } = JSON.parse(iamPolicy(["photos", "zips"]));
  expect(Statement[1].Resource).toEqual(["arn:aws:s3:::photos", "arn:aws:s3:::zips"]);
  expect(Statement[2].Resource).toEqual(["arn:aws:s3:::photos/*", "arn:aws:s3:::zips/*"]);
});

test("without buckets it is for all", () => {
  expect(JSON.parse(iamPolicy([])).Statement[1].Resource).toEqual(["arn:aws:s3:::*"]);
});
