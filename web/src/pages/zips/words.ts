import { formatCountOf, formatRate } from "../../format/sizes";

export const words = {
  title: "Zips",
  newZip: "New zip",
  summary: (running: number, rate: number) =>
    `${running === 0 ? "None" : running} under way${rate > 0 ? ` · ${formatRate(rate)}` : ""}`,
  caption: "Zips, the newest first",

  search: "Search name, bucket or id",
  state: "State",
  states: { all: "All", running: "Running", succeeded: "Ready", failed: "Failed", cancelled: "Cancelled" },
  since: "Started",
  times: { any: "Any time", hour: "Last hour", day: "Last 24 hours", week: "Last 7 days" },

  columnZip: "Zip",
  columnState: "State",
  columnProgress: "Progress",
  columnRate: "Rate",
  columnLeft: "Left",
  columnStarted: "Started",
  columnActions: "Actions",
  actionsFor: (name: string) => `Actions for ${name}`,
  progressOf: (name: string) => `Progress of ${name}`,
  left: (time: string) => `${time} left`,
  willBeCancelled: "Cancelled in some seconds",
  undo: "Undo",

  empty: "No zips yet.",
  useApi: "Use the API",
  noMatch: "Nothing matches.",
  clear: "Clear",
  newZips: (count: number) => `${formatCountOf(count, "new zip", "new zips")}`,
  madeAgain: (name: string) => `${name} is made again`,
  ready: (name: string) => `${name} is ready`,
  failed: (name: string) => `${name} has failed`,
};
