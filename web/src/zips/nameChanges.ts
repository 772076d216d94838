/** Why an entry's name is another than its key says: the words of reports and estimates, in sentences' parts. */
const CHANGES: Record<string, string> = {
  requested: "the name was asked for",
  mapped: "renamed by the map",
  folder: "an empty object stands for the folder",
  cleaned: "made fit for all systems",
  numbered: "another entry has that name",
};

/** Several changes have + between them. */
export function changesInWords(changes: string): string {
  return changes
    .split("+")
    .map((change) => CHANGES[change] ?? change)
    .join(", ");
}
