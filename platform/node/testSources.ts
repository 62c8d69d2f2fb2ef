// The class library's own tests in an installed package: their sources lie in dist/, and are loaded when they are to run.

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ParsedCommandLine } from "./commandLine.ts";
import { openSession } from "./commandSession.ts";
import { distFolder } from "./distribution.ts";
import { loadItems } from "./loader.ts";
import { readAllSources, sourceFilesAt } from "./sourceFiles.ts";

export const TESTS_FOLDER = "Tests";

/** Saves an image of the class library with its tests and gives its file to `use`; afterwards there is none. */
export async function withTestImage<T>(settings: ParsedCommandLine, use: (file?: string) => Promise<T>): Promise<T> {
  const sources = join(distFolder, TESTS_FOLDER);
  if (!existsSync(sources)) return use();
  const folder = mkdtempSync(join(tmpdir(), "gondola-tests-"));
  try {
    const file = join(folder, "test.image");
    const session = openSession(settings);
    await loadItems(session, readAllSources(sourceFilesAt(sources)));
    await session.save(file);
    session.close();
    return await use(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
