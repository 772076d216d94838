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
/** The zip is written in such parts; they are larger where these would be over 10,000. */
const PART_BYTES = 8 * MIB;
const MOST_PARTS = 10_000;
const KEYS_PER_LIST = 1000;
/** Headers of an entry, local and central, with its times; its name is in both. */
const ENTRY_BYTES = 94;
const END_BYTES = 22;

export function estimate(choices: Choice[], isIntoBucket: boolean): Estimate {
  const files = choices.filter((choice) => !isFolder(choice)).length;
  const sumOf = (figure: "entries" | "bytes" | "reads" | "nameLength") =>
    choices.reduce((sum, { count }) => sum + count[figure], 0);
  const entries = sumOf("entries");
  const zipBytes = sumOf("bytes") + entries * ENTRY_BYTES + 2 * sumOf("nameLength") + END_BYTES;
  const parts = isIntoBucket ? Math.ceil(zipBytes / Math.max(PART_BYTES, zipBytes / MOST_PARTS)) : 0;
  const lists = choices
    .filter(isFolder)
    .reduce((sum, { count }) => sum + Math.max(1, Math.ceil(count.entries / KEYS_PER_LIST)), 0);

  const calls: CallCount[] = [];
  const add = (name: string, count: number, dollarsEach: number) => {
    if (count > 0) {
      calls.push({ name, count, dollars: count * dollarsEach });
    }
  };
  add("ListObjectsV2", lists, DOLLARS_PER_WRITE);
  add("HeadObject", files + (parts > 1 ? 1 : 0), DOLLARS_PER_READ);
  add("GetObject", sumOf("reads"), DOLLARS_PER_READ);
  add("PutObject", parts === 1 ? 1 : 0, DOLLARS_PER_WRITE);
  if (parts > 1) {
    add("CreateMultipartUpload", 1, DOLLARS_PER_WRITE);
    add("UploadPart", parts, DOLLARS_PER_WRITE);
    add("ListParts", Math.ceil(parts / KEYS_PER_LIST), DOLLARS_PER_WRITE);
    add("CompleteMultipartUpload", 1, DOLLARS_PER_WRITE);
  }
  return { entries, zipBytes, calls, isWhole: choices.every(({ count }) => count.state === "counted") };
}
