/** Keeps GET /api/events open, and tells what comes of it. Runs in a worker, too. */
import type { Listener } from "./eventMessages";

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 30_000;

/** Opens the stream, again and again, until the function that it gives is called. */
export function openEvents(url: string, tell: Listener): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pauseMs = FIRST_PAUSE_MS;
  let wasLive = false;

  const open = () => {
    source = new EventSource(url);
    source.onopen = () => {
      pauseMs = FIRST_PAUSE_MS;
      tell({ type: "live" });
      if (wasLive) {
        tell({ type: "resync" });
      }
      wasLive = true;
    };
    source.onerror = () => {
      tell({ type: "lost" });
      // After a break the browser tries again by itself; after a refusal it does not.
      if (source.readyState === EventSource.CLOSED) {
        timer = setTimeout(open, pauseMs * (1 + Math.random() / 2));
        pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
      }
    };
    source.addEventListener("zip", (event) => tell({ type: "zip", zip: JSON.parse(event.data) }));
    source.addEventListener("resync", () => tell({ type: "resync" }));
  };

  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
