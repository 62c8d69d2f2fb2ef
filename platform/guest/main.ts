// `npm run guest`, and what `gondola guest build` runs: builds the guest into dist/, or to another file with --out F.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { projectRoot, writeAtomically } from "../node/compileEngine.ts";
import { buildGuest } from "./build.ts";

try {
  const { values } = parseArgs({ options: { out: { type: "string" } } });
  const file = values.out ?? join(projectRoot, "dist/gondola.elf");
  writeAtomically(file, readFileSync(await buildGuest()));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
