/** A page that outlives an update of the server asks for chunks that are gone. A page that is on its way somewhere is
 * loaded anew, once; otherwise a line offers that, since the page may hold what somebody has typed. */
import { useSyncExternalStore } from "react";
import { remember, remembered } from "./storage";

const AGAIN_AFTER_MS = 30_000;

let isUpdated = false;
let isNavigating = false;
const listeners = new Set<() => void>();

/** Tells that a page is being loaded (or no longer): reloading loses nothing then. */
export function setNavigating(value: boolean): void {
  isNavigating = value;
}

addEventListener("vite:preloadError", () => {
  const hasReloaded = Date.now() - Number(remembered("reloadedAt") ?? 0) < AGAIN_AFTER_MS;
  if (isNavigating && !hasReloaded) {
    remember("reloadedAt", String(Date.now()));
    location.reload();
    return;
  }
  isUpdated = true;
  for (const listener of listeners) {
    listener();
  }
});

/** Whether the server has been updated under the page. */
export function useServerUpdated(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => isUpdated,
  );
}
