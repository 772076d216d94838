import { formatCountOf } from "../format/sizes";

export const words = {
  caption: "Entries",
  search: "Search in the zip",
  searchAction: "Search",
  name: "Name",
  size: "Size",
  modified: "Changed",
  crc: "CRC-32",
  top: "All",
  folders: "Folders of the zip",
  downloadEntry: (name: string) => `Download ${name}`,
  downloadFolder: (name: string) => `Download the folder ${name} as a zip`,
  entryCount: (count: number) => `${formatCountOf(count, "entry", "entries")} in the zip`,
  previous: "Previous",
  next: "Next",
  noEntries: "Nothing is in this folder.",
  noMatch: "Nothing matches.",
  clear: "Clear",
  entriesUnknown: "This server cannot show what is in a zip.",
};
