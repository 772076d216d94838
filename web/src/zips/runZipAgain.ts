/** Runs a zip again that has ended: one that failed or was cancelled goes on itself, of one that is ready another is
 * made. */
import { call } from "../api/call";
import type { Schema } from "../api/calls";
import { putZips } from "./useZips";

type Zip = Schema["Zip"];

/** Gives the zip that runs now. Without credentials the server takes those that it keeps. */
export async function runAgain({ id, state }: Zip, credentials: Schema["Credentials"] | undefined): Promise<Zip> {
  const options = { path: { id }, body: credentials ? { credentials } : {} };
  const zip =
    state === "succeeded"
      ? await call("POST /api/zips/{id}/again", options)
      : await call("POST /api/zips/{id}/retry", options);
  putZips([zip]);
  return zip;
}
