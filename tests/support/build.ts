// Before any test: dist/ and the test image are built when some test of this run needs them, and it is said what cannot be
// tested here.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { obstacle } from "../guest/guestMachine.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** These run the real command, library or image; the others run parts from their sources. */
const NEEDS_GUEST = /tests\/guest/;
const NEEDS_BUILD =
  /tests\/(cli|drivers|embedding|guest|workspace|package|library|benchmarks|vm(\/?$|\/stress|\/term|\/translation))/;

export default function setup(): void {
  const named = process.argv.filter((word) => /tests\//.test(word) && !word.includes("vitest.config"));
  if (named.length > 0 && !named.some((word) => NEEDS_BUILD.test(word))) return;
  const usesGuest = named.length === 0 || named.some((word) => NEEDS_GUEST.test(word));
  if (usesGuest && obstacle) process.stderr.write(`The tests of the guest are ${obstacle}.\n`);
  const build = ["--import", "tsx", `${ROOT}platform/node/build.ts`, "--tests"];
  try {
    execFileSync(process.execPath, build, { cwd: ROOT, stdio: ["ignore", 2, 2] });
  } catch {
    // The tests that need the build fail then, each with its own words; the others run.
  }
}
