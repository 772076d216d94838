/** Which names differ in the zip from their keys: a preview of the server's portable rule
 * (docs/inside/zip-format.md), for what people meet: characters that Windows refuses, and names that are equal there. */

export interface NameChange {
  key: string;
  name: string;
}

export function nameChanges(keys: string[]): NameChange[] {
  const taken = new Set<string>();
  const changes: NameChange[] = [];
  for (const key of keys) {
    const name = uniqueName(portableName(key), taken);
    taken.add(folded(name));
    if (name !== key) {
      changes.push({ key, name });
    }
  }
  return changes;
}

function portableName(key: string): string {
  return key
    .replace(/^\/+/, "")
    .replace(/^([A-Za-z]):(?=\/)/, "$1")
    .split("/")
    .map((segment, at, all) => (segment === "" && at === all.length - 1 ? "" : portableSegment(segment)))
    .join("/");
}

function portableSegment(segment: string): string {
  if (segment === "" || segment === "." || segment === "..") {
    return "_";
  }
  const clean = segment.replace(/[\\:*?"<>|\u0000-\u001f\u007f-\u009f]/g, "_").replace(/[. ]$/, "$&_");
  return clean.replace(/^(con|prn|aux|nul|com[1-9]|lpt[1-9])(?=\.|$)/i, "$1_");
}

function uniqueName(name: string, taken: Set<string>): string {
  if (!taken.has(folded(name))) {
    return name;
  }
  const [, stem = name, extension = ""] = /^(.*?[^/])(\.[^./]*)?$/s.exec(name) ?? [];
  for (let number = 2; ; number += 1) {
    const numbered = `${stem} (${number})${extension}`;
    if (!taken.has(folded(numbered))) {
      return numbered;
    }
  }
}

function folded(name: string): string {
  return name.normalize("NFC").toLowerCase();
}
