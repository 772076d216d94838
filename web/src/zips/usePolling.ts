/** How often to ask for what the stream of events does not tell now: false is never. */
import { useConnection } from "./useZips";

const POLL_MS = 2_000;

export function usePolling(): number | false {
  return useConnection()?.isLive === false && POLL_MS;
}
