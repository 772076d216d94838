import { formatBytes, formatCountOf, formatRate } from "../../format/sizes";
import { formatDuration } from "../../format/times";

export const words = {
  title: "Download",
  ends: {
    gone: {
      title: "This link has ended",
      text: "Its time is over, or it was revoked. Ask whoever gave it to you for a new one.",
    },
    wrong: {
      title: "There is no such download",
      text: "Check that the address is whole: it may have been cut where it was sent.",
    },
  },

  size: (bytes: number) => formatBytes(bytes),
  files: (count: number) => formatCountOf(count, "file", "files"),
  part: (part: number, parts: number) => `part ${part} of ${parts}`,
  worksUntil: "The link works until",
  listing: "Listing",
  listingText: "The files are being listed. This page goes on by itself.",
  failed: "The files could not be listed, so that there is nothing to download. Tell whoever gave you the link.",

  contents: "What is in it",
  contentsAtFirstPart: "The page of the first part lists what is in all parts.",

  download: "Download",
  downloadWithProgress: "Download with progress",
  note: "“Download with progress” writes into a file that you choose, and goes on by itself when the connection breaks.",
  progress: "Download",
  progressOf: (name: string) => `Download of ${name}`,
  received: (received: number, total: number | undefined) =>
    total === undefined ? formatBytes(received) : `${formatBytes(received)} of ${formatBytes(total)}`,
  rate: (rate: number) => formatRate(rate),
  left: (seconds: number) => `${formatDuration(seconds)} left`,
  connecting: "Connecting again",
  finishing: "Finishing",
  saved: "Saved",
  savedText: (name: string) => `${name} is on this computer.`,
  broken: "The connection has broken, and several tries to go on were in vain. What has been received stays.",
  goOn: "Go on",
  stop: "Stop",
  again: "Start over",
  cannotWrite: (reason: string) => `The file cannot be written: ${reason}`,
};
