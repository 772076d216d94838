import { formatBytes, formatCountOf } from "../../format/sizes";

export const words = {
  title: "Links",
  subtitle: "A link streams its files as a zip to whoever follows it. Nothing is stored.",
  newLink: "New link",
  newLinkHref: "/new?to=link",
  caption: "Links, the newest first",
  empty: "No links yet.",
  about: "Read how links work",

  file: "File",
  state: "State",
  size: "Size",
  made: "Made",
  ends: "Ends",
  ended: "Ended",
  lastFailure: "Last failure",
  files: (count: number) => formatCountOf(count, "file", "files"),
  downloads: "Downloads",
  notDownloaded: "Not downloaded yet",
  downloaded: (count: number, bytes: number) =>
    `${formatCountOf(count, "download", "downloads")}, ${formatBytes(bytes)}`,
  last: "last",
  states: { listing: "Listing", ready: "Works", failed: "Failed", revoked: "Revoked", expired: "Ended" },
  actionsFor: (name: string) => `Actions for ${name}`,
  linkOf: (name: string) => `the link of ${name}`,

  search: "Search file name or id",
  noMatch: "Nothing matches.",
  clear: "Clear",

  download: "Download",
  copyPage: "Copy page's address",
  copied: "Copied",
  notCopied: "The browser does not let this page copy.",
  revoke: "Revoke",
  revokeTitle: (name: string) => `Revoke the link of ${name}?`,
  revokeText: "Whoever has the link cannot download any more, and downloads that run break off. This cannot be undone.",
  revoked: "Revoked",
};
