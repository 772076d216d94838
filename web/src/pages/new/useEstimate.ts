/** Asks the server what would come of a call, before it is made: when what is chosen has stayed the same for a moment.
 * The last choice wins. */
import { useEffect, useState } from "react";
import { ApiError } from "../../api/ApiError";
import { call } from "../../api/call";
import type { Schema } from "../../api/calls";
import type { Wanted } from "./request";

export type Estimated =
  /** Nothing is chosen, or something is missing for a call. */
  | { state: "none" }
  | { state: "asking" }
  | { state: "known"; estimate: Schema["Estimate"] }
  | { state: "failed"; error: Error; askAgain: () => void };

/** Choosing is over when nothing was changed for so long. */
const PAUSE_MS = 600;
/** The server makes one estimate of an account at a time: that of the former choice may just be ending. */
const BUSY_PAUSE_MS = 2_000;

export function useEstimate(wanted: Wanted | undefined): Estimated {
  const [estimated, setEstimated] = useState<Estimated>({ state: "none" });
  const [attempt, setAttempt] = useState(0);
  // While folders are counted, the same call is wanted again and again.
  const text = wanted && JSON.stringify(wanted);

  useEffect(() => {
    if (wanted === undefined) {
      setEstimated({ state: "none" });
      return;
    }
    setEstimated({ state: "asking" });
    const abort = new AbortController();
    const ask = async () => {
      try {
        setEstimated({ state: "known", estimate: await estimateOf(wanted, abort.signal) });
      } catch (error) {
        if (abort.signal.aborted) {
          return;
        }
        if (error instanceof ApiError && error.status === 429) {
          timer = setTimeout(() => void ask(), (error.retryAfterSeconds ?? 0) * 1000 || BUSY_PAUSE_MS);
        } else {
          setEstimated({ state: "failed", error: error as Error, askAgain: () => setAttempt(attempt + 1) });
        }
      }
    };
    let timer = setTimeout(() => void ask(), PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text, attempt]);

  return estimated;
}

function estimateOf(wanted: Wanted, signal: AbortSignal): Promise<Schema["Estimate"]> {
  return wanted.isLink
    ? call("POST /api/streams/estimate", { body: wanted.body, signal })
    : call("POST /api/zips/estimate", { body: wanted.body, signal });
}
