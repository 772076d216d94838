/** Fails where src/api/schema.d.ts is not what docs/reference/openapi.json gives. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "s3zipper-types-"));
const fresh = join(folder, "schema.d.ts");
try {
  execFileSync("openapi-typescript", ["../docs/reference/openapi.json", "-o", fresh], { stdio: "pipe" });
  if (readFileSync(fresh, "utf8") !== readFileSync("src/api/schema.d.ts", "utf8")) {
    console.error("src/api/schema.d.ts is older than docs/reference/openapi.json: run web/npm run types");
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}
