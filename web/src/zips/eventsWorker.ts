/** Owns the one stream of events of the browser, and hands its messages to all tabs: over HTTP/1.1 a stream for each tab
 * would stop the site at the sixth. A tab says the address of the stream when it comes, and "leave" when it goes. */
import type { EventMessage } from "./eventMessages";
import { openEvents } from "./eventSource";

export type TabMessage = { type: "join"; url: string } | { type: "leave" };

const tabs = new Set<MessagePort>();
let close: (() => void) | undefined;
let isLive: boolean | undefined;

function tellAll(message: EventMessage): void {
  if (message.type === "live" || message.type === "lost") {
    isLive = message.type === "live";
  }
  for (const tab of tabs) {
    tab.postMessage(message);
  }
}

function join(tab: MessagePort, url: string): void {
  tabs.add(tab);
  if (close === undefined) {
    close = openEvents(url, tellAll);
  } else if (isLive !== undefined) {
    tab.postMessage({ type: isLive ? "live" : "lost" } satisfies EventMessage);
  }
}

function leave(tab: MessagePort): void {
  tabs.delete(tab);
  if (tabs.size === 0) {
    close?.();
    close = undefined;
    isLive = undefined;
  }
}

// TypeScript's library for pages does not know a worker's global scope.
addEventListener("connect", (event) => {
  const tab = (event as MessageEvent).ports[0];
  if (tab !== undefined) {
    tab.onmessage = ({ data }: MessageEvent<TabMessage>) => {
      if (data.type === "join") {
        join(tab, data.url);
      } else {
        leave(tab);
      }
    };
  }
});
