/** Steps through a list by the server's cursors: newer entries, and older ones. A button that leads nowhere is not
 * `disabled`, as it would lose the focus of whoever has just come to the end. */
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
  /** For a list that is not in the order of time. */
  back?: string;
  forward?: string;
}

export function Pagination({ cursors, nextCursor, back = "Newer", forward = "Older" }: Props) {
  if (cursors.isFirst && !nextCursor) {
    return null;
  }
  return (
    <nav className="row" aria-label="Pages of the list">
      <button
        type="button"
        className="button"
        aria-disabled={cursors.isFirst}
        onClick={() => cursors.isFirst || cursors.newer()}
      >
        {back}
      </button>
      <button
        type="button"
        className="button"
        aria-disabled={!nextCursor}
        onClick={() => nextCursor && cursors.older(nextCursor)}
      >
        {forward}
      </button>
    </nav>
  );
}
