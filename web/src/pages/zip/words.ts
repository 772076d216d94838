import { formatCount, formatCountOf, formatRate } from "../../format/sizes";

export const words = {
  back: "Zips",
  unknown: "Zip",
  absent: "There is no such zip. Zips are known for 7 days after their end.",

  cancel: "Cancel",
  undoCancel: "Undo: it is not cancelled yet",
  download: "Download",
  downloadPart: (part: number, count: number) => `Download ${part} of ${count}`,
  copyLink: "Copy link",
  link: "link",
  runAgain: "Run again",
  progressOf: (name: string) => `Progress of ${name}`,
  failed: "It could not be made.",

  target: "Place",
  size: "Size",
  took: "Took",
  started: "Started",
  waited: "Waited",
  meanRate: "Mean rate",
  left: "Left",
  files: "Files",
  entries: (done: number, total: number) => `${formatCount(done)} of ${formatCount(total)}`,
  missing: "Missing",
  missingText: (count: number, first: string) =>
    `${count === 1 ? "1 source matches nothing" : `${formatCount(count)} sources match nothing`}: ${first}`,
  leftOut: "Left out",
  ownZips: (count: number) => formatCountOf(count, "earlier zip", "earlier zips"),
  excluded: (count: number) => `${formatCountOf(count, "object", "objects")} by the rules`,
  expires: "Is deleted",
  deleted: "Was deleted",
  cleaning: "What it left in the bucket is being removed.",

  throughput: "Throughput",
  throughputSum: (now: number, mean: number, highest: number) =>
    `Throughput: now ${formatRate(now)}, mean ${formatRate(mean)}, highest ${formatRate(highest)}`,
  waitingForPlot: "The plot begins after some seconds.",
  showTable: "Show as table",
  showPlot: "Show as plot",
  time: "Time",
  rate: "Rate",

  about: "About the zip",
  tabEntries: "Entries",
  tabReport: "Report",
  tabRequest: "Request",

  name: "Name",
  entriesLater: "What is in the zip can be seen when it is ready.",
  entriesGone: "The zip was deleted.",
  entriesNever: "There is no zip to look into.",

  downloadReport: "Download as CSV",
  allWell: "All entries have the names of their keys, and nothing was skipped.",
  reportCut: "The report is long: this is its beginning. Download it to see the rest.",
  reportLater: "The report is there when the files have been listed.",
  key: "Key",
  what: "What",
  states: {
    missing: "missing, skipped",
    excluded: "left out",
    generated: "the report itself",
  } as Record<string, string>,

  requestMade: "The call that makes such a zip",
  requestCredentials: "Its credentials are left out: set these variables, or leave the field out where the server keeps yours.",
  stateCall: "The call that shows its state",
};
