// gondola run FILE.st ... [-- ARGUMENT ...]

import type { SourceItem } from "../../../compiler/definitions.ts";
import { readSource } from "../../../compiler/sources.ts";
import { type ParsedCommandLine, UsageError } from "../commandLine.ts";
import { guard, interruptOnSignal, openSession, setProgramArguments } from "../commandSession.ts";
import { loadItems } from "../loader.ts";
import type { Session } from "../session.ts";
import { isSomFile, somLibraryItems } from "../somLibrary.ts";
import { readSourceFile } from "../sourceFiles.ts";
import { GlobalName } from "../wire.ts";

export async function run(parsed: ParsedCommandLine): Promise<number> {
  const { operands, programArguments } = parsed;
  if (operands.length === 0) throw new UsageError("run needs a file");
  const texts = operands.map((file) => ({ file, text: readSourceFile(file) }));
  const session = openSession(parsed);
  interruptOnSignal(session);
  return guard(session, async () => {
    await setProgramArguments(session, programArguments);
    await loadItems(session, somLibraryItems(session, operands));
    for (const { file, text } of texts) {
      const items = readSource(text, file);
      await loadItems(session, items);
      if (isSomFile(file)) await runSomClass(session, items, programArguments);
    }
  });
}

/** A SOM program is a class whose instances understand `run` or `run:`. */
async function runSomClass(session: Session, items: SourceItem[], programArguments: string[]): Promise<void> {
  for (const item of items) {
    if (item.kind !== "method" || item.method.meta) continue;
    const { className, source } = item.method;
    if (!/^run(?::\s*\w+)?\s*\n/.test(source)) continue;
    await session.send(new GlobalName("SomSystem"), "run:arguments:", [className, programArguments]);
    return;
  }
}
