/** Steps through a list by the server's cursors: newer entries, and older ones. */
import { useState } from "react";

/** The cursor of the page that is shown, and the way to its neighbours. */
export function useCursors() {
  const [cursors, setCursors] = useState<string[]>([]);
  return {
    cursor: cursors.at(-1),
    isFirst: cursors.length === 0,
    older: (nextCursor: string) => setCursors([...cursors, nextCursor]),
    newer: () => setCursors(cursors.slice(0, -1)),
    /** Back to the newest, as when a filter has changed. */
    reset: () => setCursors([]),
  };
}

interface Props {
  cursors: ReturnType<typeof useCursors>;
  nextCursor: string | null | undefined;
}

export function Pagination({ cursors, nextCursor }: Props) {
  if (cursors.isFirst && !nextCursor) {
    return null;
  }
  return (
    <nav className="row" aria-label="Pages of the list">
      <button type="button" className="button" disabled={cursors.isFirst} onClick={cursors.newer}>
        Newer
      </button>
      <button
        type="button"
        className="button"
        disabled={!nextCursor}
        onClick={() => nextCursor && cursors.older(nextCursor)}
      >
        Older
      </button>
    </nav>
  );
}
