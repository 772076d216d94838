import { expect, test } from "vitest";
import { rateOf, type Sample, secondsLeft, withSample } from "./rate";

function samplesOf(...pairs: [second: number, bytes: number][]): Sample[] {
  return pairs.reduce<Sample[]>((all, [second, bytes]) => withSample(all, { at: second * 1000, bytes }), []);
}

test("nothing is said in the first three seconds", () => {
  expect(rateOf(samplesOf())).toBeUndefined();
  expect(rateOf(samplesOf([0, 0], [2, 500]))).toBeUndefined();
  expect(rateOf(samplesOf([0, 0], [3, 600]))).toBe(200);
});

test("the rate is the mean of the last ten seconds", () => {
  const burst = samplesOf([0, 0], [1, 1_000_000], [5, 1_000_400], [12, 1_001_100], [16, 1_001_500]);
  expect(rateOf(burst)).toBe(100);
  expect(burst.length).toBeLessThan(5);
});

test("a zip that begins anew has a rate of its own", () => {
  expect(samplesOf([0, 500], [5, 900], [6, 0])).toEqual([{ at: 6000, bytes: 0 }]);
});

test("the time left is that of the rest at this rate", () => {
  expect(secondsLeft(200, 1000)).toBe(5);
  expect(secondsLeft(0, 1000)).toBeUndefined();
  expect(secondsLeft(undefined, 1000)).toBeUndefined();
});
