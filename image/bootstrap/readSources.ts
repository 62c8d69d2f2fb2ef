// Reads the packages of an image from their Tonel files and brings the classes into the order of their hierarchy.

import * as fs from "node:fs";
import { SourceError } from "../../compiler/sourceError.ts";
import { type ClassDefinition, type MethodDefinition, parseTonel } from "../../compiler/tonel.ts";
import { MACHINE_CONSTANTS_PACKAGE, machineConstantsSource } from "./machineConstants.ts";
import { packageFiles, packageFolder } from "./packages.ts";
import type { ClassSource, Problem } from "./sources.ts";

export interface ReadSources {
  /** Superclasses before their subclasses. */
  classes: ClassSource[];
  methods: MethodDefinition[];
  problems: Problem[];
}

/** `roots`: folders that hold packages, one folder each. */
export function readSources(packageNames: readonly string[], roots: readonly string[]): ReadSources {
  const classes: ClassSource[] = [];
  const methods: MethodDefinition[] = [];
  const problems: Problem[] = [];
  for (const name of packageNames) {
    const folder = packageFolder(name, roots);
    if (folder === undefined) {
      problems.push({ message: `the package ${name} is missing` });
      continue;
    }
    for (const [file, text] of textsOf(name, folder)) {
      try {
        const parsed = parseTonel(text, file);
        if (parsed.definition !== undefined) classes.push(classSource(parsed.definition, name, file));
        methods.push(...parsed.methods);
      } catch (error) {
        problems.push(problemOf(error, file));
      }
    }
  }
  return { classes: sortByHierarchy(classes, problems), methods, problems };
}

/** The files of a package with their texts, and what is made for it. */
function textsOf(packageName: string, folder: string): [string, string][] {
  const texts = packageFiles(folder).map((file): [string, string] => [file, fs.readFileSync(file, "utf8")]);
  if (packageName !== MACHINE_CONSTANTS_PACKAGE) return texts;
  return [["the constants of the machine", machineConstantsSource()], ...texts];
}

function classSource(definition: ClassDefinition, packageName: string, file: string): ClassSource {
  return { ...definition, packageName, file };
}

export function problemOf(error: unknown, file: string): Problem {
  if (!(error instanceof SourceError)) return { message: (error as Error).message, file };
  return { message: error.message, file, line: error.line, column: error.column };
}

function sortByHierarchy(classes: readonly ClassSource[], problems: Problem[]): ClassSource[] {
  const byName = new Map<string, ClassSource>();
  for (const source of classes) {
    if (byName.has(source.name))
      problems.push({ message: `the class ${source.name} is defined twice`, file: source.file });
    byName.set(source.name, source);
  }
  const sorted = new Set<ClassSource>();
  const visit = (source: ClassSource, below: readonly string[]): void => {
    if (sorted.has(source)) return;
    if (below.includes(source.name)) {
      problems.push({ message: `${source.name} is its own superclass`, file: source.file });
      return;
    }
    const superclass = byName.get(source.superclassName);
    if (superclass !== undefined) visit(superclass, [...below, source.name]);
    else if (source.superclassName !== "nil") {
      problems.push({
        message: `${source.name}: the superclass ${source.superclassName} is missing`,
        file: source.file,
      });
    }
    sorted.add(source);
  };
  for (const source of byName.values()) visit(source, []);
  return [...sorted];
}
