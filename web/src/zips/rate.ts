/** How fast a zip is made, and how long it will take: from what was heard of it in the last seconds. */

export interface Sample {
  at: number;
  bytes: number;
}

/** The mean is over so long a time. */
const SPAN_MS = 10_000;
/** Before there is so much to go by, nothing is said. */
const LEAST_MS = 3_000;

/** The samples with one more; those that are too old for the mean are dropped, but for the last of them. */
export function withSample(samples: Sample[], sample: Sample): Sample[] {
  const last = samples.at(-1);
  if (last !== undefined && sample.bytes < last.bytes) {
    return [sample];
  }
  const firstYoung = samples.findIndex(({ at }) => at > sample.at - SPAN_MS);
  const kept = firstYoung === -1 ? samples.slice(-1) : samples.slice(Math.max(0, firstYoung - 1));
  return [...kept, sample];
}

/** Bytes a second up to the last sample, or undefined while too little is known. */
export function rateOf(samples: Sample[]): number | undefined {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last.at - first.at < LEAST_MS) {
    return undefined;
  }
  return ((last.bytes - first.bytes) / (last.at - first.at)) * 1000;
}

/** In how many seconds the rest is done, if the rate stays. */
export function secondsLeft(rate: number | undefined, bytesLeft: number): number | undefined {
  return rate === undefined || rate <= 0 ? undefined : bytesLeft / rate;
}
