/** How answers of the server are kept, and when they are asked for again. */
import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "../api/ApiError";

/** No server, or one that is not up to it, may be tried again; a refusal stays one. */
function isPassing(error: Error): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 500);
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // The browser's opinion of being online is about the internet; the server may stand in the same room.
      networkMode: "always",
      staleTime: 5_000,
      retry: (count, error) => count < 2 && isPassing(error),
    },
  },
});
