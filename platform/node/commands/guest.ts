// gondola guest build [--out F], gondola guest config --on xen|libvirt|firecracker [IMAGE]

import { copyFileSync } from "node:fs";
import { resolve } from "node:path";
import { CONFIGURATIONS } from "../../guest/launch.ts";
import { checkOutputFile, type ParsedCommandLine, UsageError, writeOutput } from "../commandLine.ts";
import { buildGuestFile, canBuildGuest, ensureGuest, guestFile, guestSettings } from "../guestFiles.ts";

export async function run(parsed: ParsedCommandLine): Promise<number> {
  const [action, ...operands] = parsed.operands;
  if (action === "build" && operands.length === 0) build(parsed.out);
  else if (action === "config" && operands.length < 2) configure({ ...parsed, operands });
  else throw new UsageError("guest needs build, or config and perhaps an image");
  return 0;
}

function build(out: string | undefined): void {
  if (out !== undefined) checkOutputFile(out);
  if (canBuildGuest()) buildGuestFile(out === undefined ? [] : ["--out", resolve(out)]);
  else if (out !== undefined) copyFileSync(guestFile, out);
  writeOutput(`${out ?? guestFile}: the guest\n`);
}

function configure(parsed: ParsedCommandLine): void {
  const write = CONFIGURATIONS[parsed.on ?? ""];
  if (!write) throw new UsageError(`guest config needs --on ${Object.keys(CONFIGURATIONS).join(", --on ")}`);
  ensureGuest();
  writeOutput(write(guestSettings(parsed)));
}
