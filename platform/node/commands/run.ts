// gondola run FILE.st ... [-- ARGUMENT ...]
// gondola run [-cp FOLDER:FOLDER...] CLASS.som ... [ARGUMENT ...]

import type { SourceItem } from "../../../compiler/definitions.ts";
import { isSomFile, readSource } from "../../../compiler/sources.ts";
import { type ParsedCommandLine, UsageError } from "../commandLine.ts";
import { guard, interruptOnSignal, openSession, setProgramArguments } from "../commandSession.ts";
import { loadItems } from "../loader.ts";
import { SomClassPath, somMainFile } from "../somClassPath.ts";
import { somLibraryItems } from "../somLibrary.ts";
import { readSourceFile } from "../sourceFiles.ts";
import { GlobalName } from "../wire.ts";

export async function run(parsed: ParsedCommandLine): Promise<number> {
  const [first] = parsed.operands;
  if (first === undefined) throw new UsageError("run needs a file");
  return parsed.classPath !== undefined || isSomFile(first) ? runSomProgram(parsed) : runScripts(parsed);
}

async function runScripts(parsed: ParsedCommandLine): Promise<number> {
  const { operands, programArguments } = parsed;
  const texts = operands.map((file) => ({ file, text: readSourceFile(file) }));
  const session = openSession(parsed);
  interruptOnSignal(session);
  return guard(session, async () => {
    await setProgramArguments(session, programArguments);
    await loadItems(session, somLibraryItems(session, operands));
    for (const { file, text } of texts) await loadItems(session, readSource(text, file));
  });
}

/** Class files first, the program among them; the other words are its arguments, as for machines of the SOM family. */
async function runSomProgram(parsed: ParsedCommandLine): Promise<number> {
  const { operands, programArguments, classPath } = parsed;
  const firstArgument = operands.findIndex((word, index) => index > 0 && !isSomFile(word));
  const fileCount = firstArgument < 0 ? operands.length : firstArgument;
  const files = operands.slice(0, fileCount).map((word) => somMainFile(word, classPath));
  const words = [...operands.slice(fileCount), ...programArguments];
  const path = new SomClassPath(files, classPath);
  const items = path.itemsOf(files, words);
  const session = openSession(parsed);
  interruptOnSignal(session);
  return guard(session, async () => {
    await setProgramArguments(session, words);
    await loadItems(session, [...somLibraryItems(session, files), ...items]);
    session.channel.register("som.load", (name) => loadItems(session, path.itemsNamed(name as string)));
    await session.send(new GlobalName("SomSystem"), "runOneOf:arguments:", [classNamesIn(items, files), words]);
  });
}

function classNamesIn(items: SourceItem[], files: string[]): string[] {
  return items.flatMap((item) =>
    item.kind === "class" && files.includes(item.origin.file) ? [item.definition.name] : [],
  );
}
