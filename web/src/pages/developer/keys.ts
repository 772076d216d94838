/** The account's keys, as the server tells them. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "../../api/call";

const FIRST_CALL_POLL_MS = 3_000;

/** Asks again every few seconds while no key has been used yet, as the page waits for the first call then. After a
 * failure only the page itself asks anew when it comes: each part would, and while one asks there are no parts. */
export function useKeys({ isPage = false } = {}) {
  return useQuery({
    queryKey: ["keys"],
    retryOnMount: isPage,
    queryFn: ({ signal }) => call("GET /api/keys", { signal }),
    refetchInterval: ({ state }) => {
      const keys = state.data?.keys ?? [];
      return keys.length > 0 && keys.every((key) => key.lastUsedAt === null) ? FIRST_CALL_POLL_MS : false;
    },
  });
}

/** Gives a function that has the keys asked for again. */
export function useKeysChanged(): () => void {
  const queries = useQueryClient();
  return () => void queries.invalidateQueries({ queryKey: ["keys"] });
}
