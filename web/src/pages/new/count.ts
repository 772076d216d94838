/** The size of what has been ticked, as far as it is counted. */

/** What is known of the size of a folder. */
export interface Count {
  entries: number;
  bytes: number;
  /** How many reads its files take, by segments of a file. */
  reads: number;
  /** How long the names are together. */
  nameLength: number;
  /** The first of the keys. */
  keys: string[];
  state: "counting" | "stopped" | "counted" | "failed";
}

export const NOTHING_COUNTED: Count = { entries: 0, bytes: 0, reads: 0, nameLength: 0, keys: [], state: "counting" };

/** A file is read in such segments. */
const SEGMENT_BYTES = 1 << 20;
const KEPT_KEYS = 20_000;

/** The count with some files more. */
export function withFiles(count: Count, files: { key: string; size: number }[], state: Count["state"]): Count {
  return {
    entries: count.entries + files.length,
    bytes: files.reduce((sum, { size }) => sum + size, count.bytes),
    reads: files.reduce((sum, { size }) => sum + Math.ceil(size / SEGMENT_BYTES), count.reads),
    nameLength: files.reduce((sum, { key }) => sum + key.length, count.nameLength),
    keys: count.keys.length < KEPT_KEYS ? [...count.keys, ...files.map(({ key }) => key)] : count.keys,
    state,
  };
}
