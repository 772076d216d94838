/** Whether the window is narrower than the break at 860 px, where tables become cards. */
import { useSyncExternalStore } from "react";

const query = matchMedia("(max-width: 859.9px)");

function subscribe(listener: () => void): () => void {
  query.addEventListener("change", listener);
  return () => query.removeEventListener("change", listener);
}

export function useIsNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => query.matches);
}
