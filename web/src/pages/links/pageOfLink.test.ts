import { expect, test } from "vitest";
import { pageOfLink } from "./pageOfLink";

test("a link's page stands at the same server, below the same path", () => {
  expect(pageOfLink("https://zips.example.org/below/stream/52c7.1/kJ8Y/a%20b.zip")).toEqual([
    "https://zips.example.org/below/shared/52c7.1/kJ8Y",
  ]);
  expect(pageOfLink("http://10.0.0.7:8080/stream/52c7/kJ8Y")).toEqual(["http://10.0.0.7:8080/shared/52c7/kJ8Y"]);
});

test("a link of another form has none", () => {
  expect(pageOfLink("https://zips.example.org/z?expires=1")).toEqual([]);
});
