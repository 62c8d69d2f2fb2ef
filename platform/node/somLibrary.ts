// What SOM programs expect of the library beyond Smalltalk-80: the package image/Som, a copy of which lies in dist/. It
// comes into an image together with the first SOM class, so that no other program meets its selectors.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SourceItem } from "../../compiler/definitions.ts";
import { isSomFile, readSource } from "../../compiler/sources.ts";
import { distFolder } from "./distribution.ts";
import { inLoadOrder } from "./loadOrder.ts";
import type { Session } from "./session.ts";

export const SOM_FOLDER = "Som";

/** The items to load before those of the files: none when there is no SOM file, or the image knows SOM already. */
export function somLibraryItems(session: Session, files: string[]): SourceItem[] {
  if (!files.some(isSomFile) || session.environment.hasGlobal("SomSystem")) return [];
  const folder = join(distFolder, SOM_FOLDER);
  const names = readdirSync(folder).filter((name) => name !== "package.st");
  const items = names.sort().flatMap((name) => readSource(readFileSync(join(folder, name), "utf8"), name));
  return inLoadOrder(items);
}
