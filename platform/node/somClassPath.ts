// Where the classes of a SOM program are: `Name.som` in one of some folders, the first that has it. A class is loaded
// together with all classes that its text mentions, as none of its methods can run before they are there; others come
// when the program asks `system load:` for them.

import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import type { SourceItem } from "../../compiler/definitions.ts";
import { isSmalltalkForm, visibleText } from "../../compiler/som.ts";
import { readSource, type SourceFormat } from "../../compiler/sources.ts";
import { inLoadOrder } from "./loadOrder.ts";
import { readSourceFile } from "./sourceFiles.ts";

const SUFFIX = ".som";
const CLASS_NAMES = /\p{Lu}[\p{L}_0-9]*/gu;
const DEEPEST_FOLDER = 6;

/** Classes that this system has of its own: those that come with SOM machines describe their primitives. */
const OWN_CLASSES = new Set([
  ...["Object", "Class", "Metaclass", "Method", "Primitive", "Nil", "Boolean", "True", "False", "System"],
  ...["Integer", "Double", "String", "Symbol", "Array", "Block", "Block1", "Block2", "Block3"],
]);

/** Leaves out the class files of a SOM machine's own library that say what its primitives are. */
export function isOwnClassFile(file: string): boolean {
  return file.endsWith(SUFFIX) && OWN_CLASSES.has(basename(file, SUFFIX));
}

export class SomClassPath {
  private readonly folders: string[];
  private readonly known = new Set<string>();
  private readonly format: SourceFormat;

  /** The folders that a person names, parted as in PATH; else those of the program's files and all below them. */
  constructor(files: string[], classPath?: string) {
    const own = [...new Set(files.map((file) => dirname(file)))];
    this.folders =
      classPath === undefined ? own.flatMap((folder) => foldersBelow(folder)) : [...classPath.split(delimiter), ...own];
    this.format = files.some((file) => isSmalltalkForm(readSourceFile(file))) ? "somSmalltalk" : "som";
  }

  /** The classes in the files, those named, and all that they mention. */
  itemsOf(files: string[], names: string[]): SourceItem[] {
    for (const file of files) this.known.add(basename(file, SUFFIX));
    const items = files.flatMap((file) => this.itemsIn(file));
    return inLoadOrder([...items, ...names.flatMap((name) => this.classItems(name))]);
  }

  /** The items of a class that is not loaded yet; none when no folder has it. */
  itemsNamed(name: string): SourceItem[] {
    return inLoadOrder(this.classItems(name));
  }

  private classItems(name: string): SourceItem[] {
    if (this.known.has(name) || OWN_CLASSES.has(name)) return [];
    this.known.add(name);
    const file = this.folders.map((folder) => join(folder, name + SUFFIX)).find((each) => existsSync(each));
    return file === undefined ? [] : this.itemsIn(file);
  }

  private itemsIn(file: string): SourceItem[] {
    const text = readSourceFile(file);
    const mentioned = new Set(visibleText(text).match(CLASS_NAMES));
    return [...readSource(text, file, this.format), ...[...mentioned].flatMap((name) => this.classItems(name))];
  }
}

/** The file of a program that is given as a file or as the name of a class on the path. */
export function somMainFile(word: string, classPath?: string): string {
  if (word.endsWith(SUFFIX) && existsSync(word)) return word;
  const name = basename(word, SUFFIX);
  const folders = classPath?.split(delimiter) ?? [];
  return folders.map((folder) => join(folder, name + SUFFIX)).find((each) => existsSync(each)) ?? word;
}

function foldersBelow(folder: string, depth = 0): string[] {
  const names = readdirSync(folder).sort();
  const inner = names.map((name) => join(folder, name)).filter((path) => isFolder(path));
  return [folder, ...(depth < DEEPEST_FOLDER ? inner.flatMap((each) => foldersBelow(each, depth + 1)) : [])];
}

/** Whether to look there for classes: links are not followed, lest they lead in a circle. */
function isFolder(path: string): boolean {
  return !basename(path).startsWith(".") && (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false);
}
