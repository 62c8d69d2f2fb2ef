// gondola [repl] [IMAGE]

import { type ParsedCommandLine, UsageError } from "../commandLine.ts";
import { runWorkspace } from "../workspace.ts";

export async function run(parsed: ParsedCommandLine): Promise<number> {
  const { operands } = parsed;
  if (operands.length > 1) throw new UsageError("repl takes one image");
  if (operands.length === 1 && parsed.image !== undefined) throw new UsageError("name the image once");
  return runWorkspace({ ...parsed, image: operands[0] ?? parsed.image });
}
