// Source files as a person names them: read, judged, and put in an order in which they can be loaded.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { SourceItem } from "../../compiler/definitions.ts";
import { isFileTreeFile } from "../../compiler/fileTree.ts";
import { isSmalltalkForm } from "../../compiler/som.ts";
import { isSomFile, readSource } from "../../compiler/sources.ts";
import { beginsWithMagic } from "../../image/file.ts";
import { CommandError, EXIT_BAD_FILE } from "./commandLine.ts";
import { inFileOrder, inLoadOrder } from "./loadOrder.ts";
import { isZip, monticelloSource } from "./monticello.ts";

const SOURCE_FILE = /\.(st|som|cs)$/;
/** The folder in a FileTree package that holds no code, though files in it have a name like that. */
const FILE_TREE_HISTORY = "monticello.meta";
const LARGEST_FILE = 64 << 20;

const FAILURES: Record<string, string> = {
  ENOENT: "does not exist",
  ENOTDIR: "does not exist",
  EACCES: "may not be read",
  ELOOP: "is a link to itself",
};

function badFile(file: string, reason: string): CommandError {
  return new CommandError(`${file} ${reason}.`, EXIT_BAD_FILE);
}

/** The text of a source file; one line and status 3 when it is none. */
export function readSourceFile(file: string): string {
  const status = attempt(file, () => statSync(file));
  if (status.isDirectory()) throw badFile(file, "is a directory, not a source file");
  if (!status.isFile()) throw badFile(file, "is not a regular file");
  if (status.size > LARGEST_FILE) throw badFile(file, "is too large for a source file");
  return decodeSource(sourceBytes(file), file);
}

/** Of the file, or of the code in it when it is a package of Monticello. */
function sourceBytes(file: string): Uint8Array {
  const bytes = attempt(file, () => readFileSync(file));
  if (!isZip(bytes)) return bytes;
  const source = monticelloSource(bytes, LARGEST_FILE);
  if (source === undefined) throw badFile(file, "is an archive, but no package of Monticello with sources");
  return source;
}

/** A source that comes by the standard input of this program, to its end. */
export function readStandardInput(): string {
  const name = "Standard input";
  return decodeSource(
    attempt(name, () => readFileSync(0)),
    name,
  );
}

/** `file`: how messages call it. */
function decodeSource(bytes: Uint8Array, file: string): string {
  if (bytes.length === 0) throw badFile(file, "is empty");
  if (beginsWithMagic(bytes)) throw badFile(file, `is an image, not Smalltalk source; gondola ${file} opens it`);
  if (bytes.includes(0)) throw badFile(file, "is a binary file, not Smalltalk source");
  try {
    return withoutInterpreterLine(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw badFile(file, "is not text in UTF-8");
  }
}

/** A script that is a program of its own names us in its first line: #!/usr/bin/env -S gondola run -- */
function withoutInterpreterLine(text: string): string {
  return text.replace(/^#! *\/.*/, (line) => " ".repeat(line.length));
}

function attempt<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (file === "") throw badFile("An empty name", "is not the name of a file");
    const code = (error as NodeJS.ErrnoException).code ?? "";
    throw badFile(file, FAILURES[code] ?? `cannot be read (${code})`);
  }
}

/**
 * The source files that a path means: itself, or all those below a folder, in alphabetical order. Beside the class files of
 * SOM programs lie scripts that build images of other systems or run the program: these are taken only by name.
 */
export function sourceFilesAt(path: string): string[] {
  if (!attempt(path, () => statSync(path)).isDirectory()) return [path];
  const files = sourceFilesBelow(path);
  if (files.length === 0) throw badFile(path, "has no source files in it");
  return files;
}

/** Whether a word names a source file: by its ending, also when there is none of this name, or because it is a file. */
export function isSource(word: string): boolean {
  return SOURCE_FILE.test(word) || (statSync(word, { throwIfNoEntry: false })?.isFile() ?? false);
}

function sourceFilesBelow(folder: string): string[] {
  const entries = attempt(folder, () => readdirSync(folder, { withFileTypes: true }));
  const isWanted = entries.some(({ name }) => isSomFile(name)) ? isSomFile : isSourceFile;
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === FILE_TREE_HISTORY ? [] : sourceFilesBelow(path);
      return isWanted(entry.name) || isPartOfFileTree(path) ? [path] : [];
    });
}

function isSourceFile(name: string): boolean {
  return SOURCE_FILE.test(name) && name !== "package.st";
}

/** A class without a comment may have an empty file for it. */
function isPartOfFileTree(path: string): boolean {
  return isFileTreeFile(path) && (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/** The items of all files as they must be loaded together. A single file keeps its own order. */
export function readAllSources(files: string[]): SourceItem[] {
  const sources = files.map((file) => ({ file, text: readSourceFile(file) }));
  const somFormat = sources.some(({ file, text }) => isSomFile(file) && isSmalltalkForm(text)) ? "somSmalltalk" : "som";
  const items = sources.map(({ file, text }) => readSource(text, file, isSomFile(file) ? somFormat : undefined));
  return items.length === 1 ? items[0] : inLoadOrder(inFileOrder(items).flat());
}
