/** How long ago something was, kept up to date; the exact time is in its title. */
import { useSyncExternalStore } from "react";
import { formatAgo, formatExact } from "../format/times";

const STEP_MS = 1_000;

/** One clock for all times of a page; it stands still while nobody looks. */
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  now = Date.now();
  timer ??= setInterval(() => {
    if (document.visibilityState === "visible") {
      now = Date.now();
      for (const each of listeners) {
        each();
      }
    }
  }, STEP_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

export function Time({ at }: { at: string }) {
  // The words are what is compared: a time is drawn anew when they change, not at each tick.
  const words = useSyncExternalStore(subscribe, () => formatAgo(at, now));
  return (
    <time dateTime={at} title={formatExact(at)}>
      {words}
    </time>
  );
}
