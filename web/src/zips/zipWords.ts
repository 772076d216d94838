/** What a zip is, in words: its name, its state, how far it is. */
import type { Schema } from "../api/calls";
import type { Tone } from "../components/Chip";
import { formatBytes, formatCountOf } from "../format/sizes";

type Zip = Schema["Zip"];

export function nameOf(zip: Zip): string {
  return zip.target.key.slice(zip.target.key.lastIndexOf("/") + 1);
}

/** Where it lies, without its name: "media-archive/zips". */
export function folderOf(zip: Zip): string {
  const end = zip.target.key.lastIndexOf("/");
  return end === -1 ? zip.target.bucket : `${zip.target.bucket}/${zip.target.key.slice(0, end)}`;
}

export interface StateInWords {
  word: string;
  tone: Tone;
}

export function stateInWords(zip: Zip): StateInWords {
  switch (zip.state) {
    case "pending":
      return { word: "Waiting", tone: "waiting" };
    case "retrying":
      return { word: "Trying again", tone: "waiting" };
    case "running":
      return { word: phaseOf(zip), tone: "zipping" };
    case "succeeded":
      return zip.deletedAt === null ? { word: "Ready", tone: "ready" } : { word: "Expired", tone: "cancelled" };
    case "failed":
      return { word: "Failed", tone: "failed" };
    case "cancelled":
      return { word: "Cancelled", tone: "cancelled" };
  }
}

function phaseOf({ archives, progress }: Zip): string {
  if (archives.length === 0) {
    return "Listing";
  }
  return progress.bytesDone >= progress.bytesTotal ? "Finishing" : "Zipping";
}

/** Whether it will still change by itself. */
export function isUnderWay(zip: Zip): boolean {
  return zip.state === "pending" || zip.state === "running" || zip.state === "retrying";
}

/** Whether it is being made: what waits for its turn has not begun. */
export function isBegun(zip: Zip): boolean {
  return zip.state === "running" || zip.state === "retrying";
}

/** How much of it is done, from 0 to 1; undefined while that is not known. */
export function shareDone({ archives, progress }: Zip): number | undefined {
  if (archives.length === 0) {
    return undefined;
  }
  return progress.bytesTotal === 0 ? 1 : progress.bytesDone / progress.bytesTotal;
}

/** The size of the zip, or of all its parts. */
export function sizeOf(zip: Zip): number {
  return zip.archives.reduce((sum, archive) => sum + archive.bytes, 0);
}

export function entriesOf(zip: Zip): number {
  return zip.archives.reduce((sum, archive) => sum + archive.entries, 0);
}

/** "1.9 GB of 2.4 GB", "12,400 files found", "2.4 GB · 1,198 files". */
export function progressInWords(zip: Zip): string {
  const { progress } = zip;
  if (zip.archives.length === 0) {
    return progress.entriesTotal === 0 ? "" : `${formatCountOf(progress.entriesTotal, "file", "files")} found`;
  }
  if (zip.state === "succeeded") {
    return `${formatBytes(sizeOf(zip))} · ${formatCountOf(entriesOf(zip), "file", "files")}`;
  }
  return `${formatBytes(progress.bytesDone)} of ${formatBytes(progress.bytesTotal)}`;
}
