// Builds an image from the class library's sources: reads, compiles, writes the first heap, and lets the machine run it
// once, so that the image's own code finishes what only it can do (image/Bootstrap).

import * as path from "node:path";
import { compileMethod } from "../../compiler/compile.ts";
import type { CompiledMethodData } from "../../compiler/compiledCode.ts";
import { placeOf } from "../../compiler/sourceError.ts";
import type { MethodDefinition } from "../../compiler/tonel.ts";
import { type CompiledSource, type RawImage, writeImage } from "./imageWriter.ts";
import { problemOf, type ReadSources, readSources } from "./readSources.ts";
import { SourceEnvironment } from "./sourceEnvironment.ts";
import type { Problem } from "./sources.ts";

export const IMAGE_FOLDER = path.dirname(import.meta.dirname);

export interface BuildOptions {
  packages: readonly string[];
  /** Folders that hold the packages; the class library's own by default. */
  roots?: readonly string[];
  /** Undeclared variables become nil, wrong methods are left out: for work on the class library itself. */
  lenient?: boolean;
}

export interface BuiltHeap extends RawImage {
  methodCount: number;
  classCount: number;
}

/** The heap before the machine has run it. `problems` is empty unless the build was lenient. */
export function buildHeap(options: BuildOptions): BuiltHeap {
  const { lenient = false } = options;
  const sources = readSources(options.packages, options.roots ?? [IMAGE_FOLDER]);
  const problems = [...sources.problems];
  const compiled = compileAll(sources, lenient, problems);
  failWhenStrict(problems, lenient);
  const raw = writeImage(sources.classes, compiled);
  problems.push(...raw.problems);
  failWhenStrict(problems, lenient);
  return { ...raw, problems, methodCount: compiled.length, classCount: sources.classes.length };
}

function failWhenStrict(problems: readonly Problem[], lenient: boolean): void {
  if (problems.length > 0 && !lenient) throw new BuildError(problems);
}

function compileAll(sources: ReadSources, lenient: boolean, problems: Problem[]): CompiledSource[] {
  const environment = new SourceEnvironment(sources.classes);
  const compiled: CompiledSource[] = [];
  for (const method of sources.methods) {
    if (!environment.hasGlobal(method.className)) {
      problems.push({ message: `the class ${method.className} is missing`, file: method.origin.file });
      continue;
    }
    try {
      compiled.push({ source: method, data: compileSource(method, environment, lenient, problems) });
    } catch (error) {
      problems.push(problemOf(error, method.origin.file));
    }
  }
  return compiled;
}

function compileSource(
  method: MethodDefinition,
  environment: SourceEnvironment,
  lenient: boolean,
  problems: Problem[],
): CompiledMethodData {
  const { className, meta, source, origin } = method;
  return compileMethod(source, {
    ...{ environment, className, meta, origin, strict: !lenient },
    warn: (diagnostic) => {
      if (diagnostic.code === "undeclared") problems.push({ message: diagnostic.message, ...placeOf(diagnostic, origin) });
    },
  });
}

export class BuildError extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(describeProblem).join("\n"));
    this.name = "BuildError";
  }
}

export function describeProblem({ message, file, line, column }: Problem): string {
  if (file === undefined) return message;
  const place = line === undefined ? file : `${file}:${line}:${column}`;
  return `${path.relative(process.cwd(), place)}: ${message}`;
}
