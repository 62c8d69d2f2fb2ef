// gondola run FILE.st ... [-- ARGUMENT ...]

import { readSource } from "../../../compiler/sources.ts";
import { type ParsedCommandLine, UsageError } from "../commandLine.ts";
import { guard, interruptOnSignal, openSession, setProgramArguments } from "../commandSession.ts";
import { loadItems } from "../loader.ts";
import { readSourceFile } from "../sourceFiles.ts";

export async function run(parsed: ParsedCommandLine): Promise<number> {
  const { operands, programArguments } = parsed;
  if (operands.length === 0) throw new UsageError("run needs a file");
  const texts = operands.map((file) => ({ file, text: readSourceFile(file) }));
  const session = openSession(parsed);
  interruptOnSignal(session);
  return guard(session, async () => {
    await setProgramArguments(session, programArguments);
    for (const { file, text } of texts) await loadItems(session, readSource(text, file));
  });
}
