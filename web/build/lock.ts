/** Takes what is no part of an installation out of the locks: the addresses at which packages ask for money. The
 * registry's are left out by npm itself (.npmrc), so that the locks name no host at all. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

for (const file of ["package-lock.json", "node/package-lock.json"]) {
  const path = join(import.meta.dirname, "..", file);
  const lock = JSON.parse(readFileSync(path, "utf8")) as { packages: Record<string, { funding?: unknown }> };
  for (const entry of Object.values(lock.packages)) {
    delete entry.funding;
  }
  const text = `${JSON.stringify(lock, null, 2)}\n`;
  if (/https?:\/\//.test(text)) {
    throw new Error(`${file} names a host`);
  }
  writeFileSync(path, text);
}
