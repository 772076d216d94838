import { formatCountOf } from "../../format/sizes";

export const words = {
  accounts: "Accounts",
  registration: {
    open: "Registration is open: everybody who reaches this server can make an account.",
    invitation: "Registration is by invitation.",
    closed: "Registration is closed.",
  },
  invite: "Invite",
  inviteTitle: "An invitation",
  inviteText: "Give this link to one person. It ends",
  close: "Close",
  mail: "Mail",
  state: "State",
  active: "active",
  disabled: "disabled",
  administrator: "administrator",
  zips: "Zips, 30 days",
  bytes: "Size, 30 days",
  made: "Made",
  lastSeen: "Last seen",
  never: "never",
  actionsFor: (name: string) => `Actions for ${name}`,

  disable: "Disable",
  disableTitle: (name: string) => `Disable ${name}?`,
  disableText: "Its running zips stop, its links and tokens end, and its kept AWS credentials are erased.",
  enable: "Enable",
  enableTitle: (name: string) => `Enable ${name}?`,
  enableText: "Its keys work again. What disabling has ended stays ended.",
  delete: "Delete",
  deleteTitle: (name: string) => `Delete ${name}?`,
  deleteText: "As disabling does, and for good. Zips that are ready stay in their buckets.",
  reset: "Make a reset link",
  resetTitle: (name: string) => `A new password for ${name}`,
  resetText: "The link leads to a page that sets a new password. Give it to the account's owner alone.",
  resetLink: "Link",
  done: { disable: "Disabled", enable: "Enabled", delete: "Deleted" },

  system: "System",
  version: "Version",
  up: "Running for",
  queue: "Zips",
  queueText: (running: number, queued: number, waiting: number) =>
    `${formatCountOf(running, "runs", "run")}, ${formatCountOf(queued, "is", "are")} queued, ` +
    `${formatCountOf(waiting, "waits", "wait")} for another try`,
  store: "Database",
  disk: "Disk",
  diskText: (free: string, total: string) => `${free} of ${total} free`,
  mailTitle: "Mail",
  mailText: (sends: boolean, sendsLinks: boolean) => {
    if (!sends) {
      return "not set up";
    }
    return sendsLinks ? "sent" : "sent, but no links to people: public_url is not set";
  },
  underWay: "Zips under way",
  underWayOf: "Zips of all accounts that run or wait",
  nothingUnderWay: "Nothing runs or waits.",
  zip: "Zip",
  account: "Account",
  progress: "Progress",
  progressOf: (name: string) => `Progress of ${name}`,
  age: "Started",
  cancel: "Cancel",
  cancelOf: (name: string) => `Cancel ${name}`,
  undo: "Undo",
  undoOf: (name: string) => `Undo the cancelling of ${name}`,
  willBeCancelled: "Cancelled in some seconds",

  settings: "Settings",
  setting: "Setting",
  value: "Value",
  emptyValue: "empty",
};
