// gondola bench [NAME ...]

import { CommandError, type ParsedCommandLine } from "../commandLine.ts";

export async function run(_parsed: ParsedCommandLine): Promise<number> {
  throw new CommandError("bench is not there yet.", 1);
}
