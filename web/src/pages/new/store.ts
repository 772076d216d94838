/** What the page asks of the store, through the server: buckets, folders, sizes. Its answers are kept in no cache, and
 * credentials are in the page's state alone. */
import { call } from "../../api/call";
import type { Schema } from "../../api/calls";
import { type Count, NOTHING_COUNTED, withFiles } from "./count";

/** How the store is reached. Without credentials: with those that the server keeps. */
export interface Access {
  credentials?: Schema["Credentials"];
  endpoint: string;
  region: string;
}

type Objects = Schema["Objects"];

export async function listBuckets(access: Access): Promise<string[]> {
  const answer = await call("POST /api/browse", { body: access });
  return "buckets" in answer ? answer.buckets.map(({ name }) => name) : [];
}

export interface Place {
  bucket: string;
  /** The folder, with a slash at its end, or with the beginning of a name; empty for the whole bucket. */
  prefix: string;
}

const PAGE = 1000;

export async function listObjects(
  access: Access,
  place: Place,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<Objects> {
  return asObjects(
    await call("POST /api/browse", { body: { ...access, ...place, limit: PAGE, ...(cursor && { cursor }) }, signal }),
  );
}

/** Counts what is below a folder, page by page; stops when the signal says so. */
export async function countFolder(
  access: Access,
  place: Place,
  onPage: (count: Count) => void,
  signal: AbortSignal,
): Promise<void> {
  let count = NOTHING_COUNTED;
  let cursor: string | undefined;
  do {
    const page = asObjects(
      await call("POST /api/browse", {
        body: { ...access, ...place, delimiter: "", limit: PAGE, ...(cursor && { cursor }) },
        signal,
      }),
    );
    cursor = page.nextCursor ?? undefined;
    count = withFiles(count, page.objects, cursor === undefined ? "counted" : "counting");
    onPage(count);
  } while (cursor !== undefined);
}

function asObjects(answer: Objects | Schema["Buckets"]): Objects {
  return "objects" in answer ? answer : { bucket: "", prefix: "", folders: [], objects: [], nextCursor: null };
}
