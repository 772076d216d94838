/** How large the zip will be, which calls it takes, and what these cost: as `s3zipper zip --dry-run` counts them. */
import { type Choice, isFolder } from "./choice";

export interface CallCount {
  name: string;
  count: number;
  dollars: number;
}

export interface Estimate {
  entries: number;
  zipBytes: number;
  calls: CallCount[];
  /** Whether all folders have been counted: otherwise it is at least so much. */
  isWhole: boolean;
}

const DOLLARS_PER_WRITE = 0.005 / 1000;
const DOLLARS_PER_READ = 0.0004 / 1000;
const MIB = 1 << 20;
/** Objects are read in such segments, and the zip is written in such parts, which are larger if it has over 10,000. */
const SEGMENT_BYTES = MIB;
const PART_BYTES = 8 * MIB;
const MOST_PARTS = 10_000;
const KEYS_PER_LIST = 1000;
/** Headers of an entry, local and central, with its times; its name is in both. */
const ENTRY_BYTES = 94;
const END_BYTES = 22;

export function estimate(choices: Choice[], isIntoBucket: boolean): Estimate {
  const files = choices.filter((choice) => !isFolder(choice)).length;
  const sizes = choices.flatMap(({ count }) => count.sizes);
  const nameLengths = choices.flatMap(({ count }) => count.keys).reduce((sum, key) => sum + key.length, 0);
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const zipBytes = bytes + sizes.length * ENTRY_BYTES + 2 * nameLengths + END_BYTES;
  const parts = isIntoBucket ? Math.ceil(zipBytes / Math.max(PART_BYTES, zipBytes / MOST_PARTS)) : 0;
  const lists = choices
    .filter(isFolder)
    .reduce((sum, { count }) => sum + Math.max(1, Math.ceil(count.keys.length / KEYS_PER_LIST)), 0);

  const calls: CallCount[] = [];
  const add = (name: string, count: number, dollarsEach: number) => {
    if (count > 0) {
      calls.push({ name, count, dollars: count * dollarsEach });
    }
  };
  add("ListObjectsV2", lists, DOLLARS_PER_WRITE);
  add("HeadObject", files + (parts > 1 ? 1 : 0), DOLLARS_PER_READ);
  add("GetObject", sizes.reduce((sum, size) => sum + Math.ceil(size / SEGMENT_BYTES), 0), DOLLARS_PER_READ);
  add("PutObject", parts === 1 ? 1 : 0, DOLLARS_PER_WRITE);
  if (parts > 1) {
    add("CreateMultipartUpload", 1, DOLLARS_PER_WRITE);
    add("UploadPart", parts, DOLLARS_PER_WRITE);
    add("ListParts", Math.ceil(parts / KEYS_PER_LIST), DOLLARS_PER_WRITE);
    add("CompleteMultipartUpload", 1, DOLLARS_PER_WRITE);
  }
  return { entries: sizes.length, zipBytes, calls, isWhole: choices.every(({ count }) => count.state === "counted") };
}
