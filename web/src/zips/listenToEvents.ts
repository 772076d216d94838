/** The stream of events as this tab gets it: from the worker that all tabs share, or by itself where browsers have no
 * such worker. A tab that nobody sees does not listen. */
import { serverUrl } from "../app/basePath";
import type { EventMessage, Listener } from "./eventMessages";
import { openEvents } from "./eventSource";
import type { TabMessage } from "./eventsWorker";

const URL_OF_EVENTS = `${serverUrl}/api/events`;

/** Listens until the function that it gives is called. */
export function listenToEvents(tell: Listener): () => void {
  let leave: (() => void) | undefined;

  const follow = () => {
    if (document.visibilityState === "visible") {
      leave ??= join(tell);
    } else {
      leave?.();
      leave = undefined;
    }
  };
  const stop = () => {
    leave?.();
    leave = undefined;
  };

  follow();
  document.addEventListener("visibilitychange", follow);
  addEventListener("pagehide", stop);
  addEventListener("pageshow", follow);
  return () => {
    document.removeEventListener("visibilitychange", follow);
    removeEventListener("pagehide", stop);
    removeEventListener("pageshow", follow);
    stop();
  };
}

function join(tell: Listener): () => void {
  return typeof SharedWorker === "undefined" ? openEvents(URL_OF_EVENTS, tell) : joinWorker(tell);
}

function joinWorker(tell: Listener): () => void {
  const worker = new SharedWorker(new URL("./eventsWorker.ts", import.meta.url), { type: "module" });
  const say = (message: TabMessage) => worker.port.postMessage(message);
  worker.port.onmessage = ({ data }: MessageEvent<EventMessage>) => tell(data);
  say({ type: "join", url: URL_OF_EVENTS });
  return () => {
    say({ type: "leave" });
    worker.port.close();
  };
}
