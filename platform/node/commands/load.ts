// gondola load PATH ... --save F

import { checkSaveTarget } from "../../../image/file.ts";
import { type ParsedCommandLine, UsageError } from "../commandLine.ts";
import { guard, interruptOnSignal, openSession, tellWarning } from "../commandSession.ts";
import { loadLibrary } from "../loader.ts";
import { isOwnClassFile } from "../somClassPath.ts";
import { somLibraryItems } from "../somLibrary.ts";
import { readAllSources, readSourceFile, sourceFilesAt } from "../sourceFiles.ts";

export async function run(parsed: ParsedCommandLine): Promise<number> {
  const { operands, save } = parsed;
  if (operands.length === 0) throw new UsageError("load needs a file or a folder");
  if (save === undefined) throw new UsageError("load needs --save and the name of an image file");
  const files = operands.flatMap(sourceFilesAt).filter((file) => !isOwnClassFile(file));
  for (const file of files) readSourceFile(file);
  checkSaveTarget(save);
  const session = openSession(parsed);
  interruptOnSignal(session);
  return guard(session, async () => {
    await loadLibrary(session, [...somLibraryItems(session, files), ...readAllSources(files)], { warn: tellWarning });
    await session.save(save);
  });
}
