/** Cancelling zips: sent after five seconds, in which it can be undone. */
import { useCallback, useMemo, useRef, useState } from "react";
import { useToast } from "../components/Toast";

const UNDO_MS = 5_000;

export interface Cancelling {
  cancel: (id: string, name: string) => void;
  undo: (id: string) => void;
  /** Whether it will be cancelled in some seconds. */
  isCancelling: (id: string) => boolean;
  /** What went wrong with sending it last. */
  error: Error | undefined;
}

/** `send` makes the call; it must stay the same function. */
export function useCancelling(send: (id: string) => Promise<unknown>): Cancelling {
  const [waiting, setWaiting] = useState<ReadonlySet<string>>(new Set());
  const [error, setError] = useState<Error>();
  const timers = useRef(new Map<string, ReturnType<typeof setTimeout>>());
  const toast = useToast();

  const undo = useCallback((id: string) => {
    clearTimeout(timers.current.get(id));
    timers.current.delete(id);
    setWaiting(new Set(timers.current.keys()));
  }, []);

  const cancel = useCallback(
    (id: string, name: string) => {
      const sendNow = async () => {
        try {
          await send(id);
        } catch (thrown) {
          setError(thrown as Error);
        }
        undo(id);
      };
      setError(undefined);
      timers.current.set(id, setTimeout(() => void sendNow(), UNDO_MS));
      setWaiting(new Set(timers.current.keys()));
      toast({ text: `${name} is being cancelled`, action: { label: "Undo", run: () => undo(id) } });
    },
    [send, toast, undo],
  );

  return useMemo(
    () => ({ cancel, undo, isCancelling: (id: string) => waiting.has(id), error }),
    [cancel, undo, waiting, error],
  );
}
