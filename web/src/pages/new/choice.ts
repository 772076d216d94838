/** What has been ticked: files, and folders with what is known of them. */
import { type Count, NOTHING_COUNTED, withFiles } from "./count";

export interface Choice {
  bucket: string;
  /** A folder's key ends in a slash. */
  key: string;
  count: Count;
}

export function idOf({ bucket, key }: Pick<Choice, "bucket" | "key">): string {
  return `${bucket}/${key}`;
}

export function isFolder({ key }: Pick<Choice, "key">): boolean {
  return key.endsWith("/");
}

export function chosenFile(bucket: string, key: string, size: number): Choice {
  return { bucket, key, count: withFiles(NOTHING_COUNTED, [{ size }], "counted") };
}

/** A name for the zip, after the first of what goes in. */
export function nameFor(choices: Choice[]): string {
  const first = choices[0];
  if (first === undefined) {
    return "";
  }
  const name = first.key.split("/").filter((part) => part !== "").at(-1) ?? first.bucket;
  return isFolder(first) ? `${name}.zip` : `${name.replace(/\.[^.]*$/, "") || name}.zip`;
}
