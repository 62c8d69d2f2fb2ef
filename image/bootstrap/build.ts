// Builds an image from the class library's sources: reads, compiles, writes the first heap, and lets the machine run it
// once, so that the image's own code finishes what only it can do (image/Bootstrap).

import * as path from "node:path";
import { compileMethod } from "../../compiler/compile.ts";
import type { CompiledMethodData } from "../../compiler/compiledCode.ts";
import { placeOf } from "../../compiler/sourceError.ts";
import type { MethodDefinition } from "../../compiler/tonel.ts";
import { compileEngine } from "../../platform/node/compileEngine.ts";
import type { EngineName } from "../../platform/node/engine.ts";
import { saveImageFile } from "../file.ts";
import { type CompiledSource, type RawImage, writeImage } from "./imageWriter.ts";
import { imagePackages } from "./packages.ts";
import { problemOf, type ReadSources, readSources } from "./readSources.ts";
import { runHeap } from "./runHeap.ts";
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
  compiled: CompiledSource[];
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
  return { ...raw, compiled, problems, methodCount: compiled.length, classCount: sources.classes.length };
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
      if (diagnostic.code === "undeclared")
        problems.push({ message: diagnostic.message, ...placeOf(diagnostic, origin) });
    },
  });
}

export interface ImageOptions {
  /** With the test packages. */
  tests?: boolean;
  packages?: readonly string[];
  roots?: readonly string[];
  lenient?: boolean;
  engine?: EngineName;
}

export interface BuiltImage extends BuiltHeap {
  output: string;
}

/** Builds a whole image: the heap, after the machine has run it up to its first snapshot. */
export async function buildImage(options: ImageOptions = {}): Promise<BuiltImage> {
  const { tests = false, packages = imagePackages(tests, IMAGE_FOLDER) } = options;
  const built = buildHeap({ ...options, packages });
  const engine = await compileEngine(options.engine ?? "wasm");
  return { ...built, ...runHeap(engine, built) };
}

/** As `buildImage`, and writes the image to `file`. */
export async function buildImageFile(file: string, options: ImageOptions = {}): Promise<BuiltImage> {
  const built = await buildImage(options);
  saveHeap(file, built);
  return built;
}

/** The same heap always gives the same file. */
export function saveHeap(file: string, built: Pick<RawImage, "heap" | "specialObjectsOop" | "hashSeed">): void {
  const { heap, specialObjectsOop, hashSeed } = built;
  saveImageFile(file, { heap, specialObjectsOop, hashSeed, flags: 0, savedAtMs: 0, creator: "gondola bootstrap" });
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
