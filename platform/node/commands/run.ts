// gondola run FILE.st ... [ARGUMENT ...]
// gondola run [-cp FOLDER:FOLDER...] CLASS.som ... [ARGUMENT ...]

import type { SourceItem } from "../../../compiler/definitions.ts";
import { isSomFile, readSource } from "../../../compiler/sources.ts";
import { type ParsedCommandLine, UsageError } from "../commandLine.ts";
import { guard, interruptOnSignal, openSession, setProgramArguments } from "../commandSession.ts";
import { loadItems } from "../loader.ts";
import { SomClassPath, somMainFile } from "../somClassPath.ts";
import { somLibraryItems } from "../somLibrary.ts";
import { isSource, readSourceFile, readStandardInput } from "../sourceFiles.ts";
import { GlobalName } from "../wire.ts";

export async function run(parsed: ParsedCommandLine): Promise<number> {
  const [first] = parsed.operands;
  if (first === undefined) throw new UsageError("run needs a file");
  return parsed.classPath !== undefined || isSomFile(first) ? runSomProgram(parsed) : runScripts(parsed);
}

async function runScripts(parsed: ParsedCommandLine): Promise<number> {
  const [files, words] = filesAndArguments(parsed, isSource);
  const texts = files.map((file) =>
    file === "-" ? { file: "stdin", text: readStandardInput() } : { file, text: readSourceFile(file) },
  );
  const session = openSession(parsed);
  interruptOnSignal(session);
  return guard(session, async () => {
    await setProgramArguments(session, words);
    await loadItems(session, somLibraryItems(session, files));
    for (const { file, text } of texts) await loadItems(session, readSource(text, file));
  });
}

/** Class files first, the program among them; the other words are its arguments, as for machines of the SOM family. */
async function runSomProgram(parsed: ParsedCommandLine): Promise<number> {
  const { classPath } = parsed;
  const [programs, words] = filesAndArguments(parsed, isSomFile);
  const files = programs.map((word) => somMainFile(word, classPath));
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

/** The first operand is a file, and so are those behind it up to the first that is none. */
function filesAndArguments(parsed: ParsedCommandLine, isFile: (word: string) => boolean): [string[], string[]] {
  const { operands, programArguments } = parsed;
  const firstArgument = operands.findIndex((word, index) => index > 0 && !isFile(word));
  const fileCount = firstArgument < 0 ? operands.length : firstArgument;
  return [operands.slice(0, fileCount), [...operands.slice(fileCount), ...programArguments]];
}

function classNamesIn(items: SourceItem[], files: string[]): string[] {
  return items.flatMap((item) =>
    item.kind === "class" && files.includes(item.origin.file) ? [item.definition.name] : [],
  );
}
