/** The size of what has been ticked, as far as it is counted. */

/** What is known of the size of a folder. */
export interface Count {
  entries: number;
  bytes: number;
  state: "counting" | "stopped" | "counted" | "failed";
}

export const NOTHING_COUNTED: Count = { entries: 0, bytes: 0, state: "counting" };

/** The count with some files more. */
export function withFiles(count: Count, files: { size: number }[], state: Count["state"]): Count {
  return {
    entries: count.entries + files.length,
    bytes: files.reduce((sum, { size }) => sum + size, count.bytes),
    state,
  };
}
