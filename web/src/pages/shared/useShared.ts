/** Asks what a link leads to, and again while its files are being listed. Not by a query: those who come for a download
 * would wait for the code of queries, and nothing of this is to be kept. */
import { useCallback, useEffect, useState } from "react";
import { ApiError } from "../../api/ApiError";
import { call } from "../../api/call";
import type { Schema } from "../../api/calls";

export interface LinkNames {
  target: string;
  signature: string;
}

const POLL_MS = 2_000;

export function useShared({ target, signature }: LinkNames) {
  const [shared, setShared] = useState<Schema["SharedStream"]>();
  const [error, setError] = useState<Error>();
  const [turn, setTurn] = useState(0);
  const askAgain = useCallback(() => setTurn((former) => former + 1), []);

  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = () => {
      timer = setTimeout(() => (document.visibilityState === "visible" ? askAgain() : later()), POLL_MS);
    };
    call("GET /api/shared/{target}/{signature}", { path: { target, signature }, signal: abort.signal }).then(
      (answer) => {
        setShared(answer);
        setError(undefined);
        if (answer.state === "listing") {
          later();
        }
      },
      (thrown: Error) => abort.signal.aborted || setError(thrown),
    );
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [target, signature, turn, askAgain]);

  return { shared, error, askAgain, end: endOf(error) };
}

/** Why there is nothing to download, if that is known. */
function endOf(error: Error | undefined): "gone" | "wrong" | undefined {
  const status = error instanceof ApiError ? error.status : undefined;
  return status === 410 ? "gone" : status === 404 ? "wrong" : undefined;
}
