// The command that builds an image by hand:
//   tsx image/bootstrap/main.ts --out FILE [--packages A,B] [--roots FOLDER,FOLDER] [--tests] [--lenient] [--raw] [--sizes]

import { parseArgs } from "node:util";
import { saveImageFile } from "../file.ts";
import { BuildError, type BuiltHeap, buildHeap, describeProblem } from "./build.ts";
import { SYSTEM_PACKAGES, TEST_PACKAGES } from "./packages.ts";

const USAGE = 2;

function readOptions() {
  const { values } = parseArgs({
    options: {
      out: { type: "string" },
      packages: { type: "string" },
      roots: { type: "string" },
      tests: { type: "boolean", default: false },
      lenient: { type: "boolean", default: false },
      raw: { type: "boolean", default: false },
      sizes: { type: "boolean", default: false },
    },
  });
  return values;
}

function report(built: BuiltHeap, startedMs: number): void {
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  for (const problem of built.problems) process.stderr.write(`${describeProblem(problem)}\n`);
  console.log(`${built.classCount} classes, ${built.methodCount} methods, ${built.heap.length} bytes in ${seconds} s`);
}

function reportSizes(built: BuiltHeap): void {
  for (const [category, size] of built.sizes) console.log(`${String(size).padStart(9)}  ${category}`);
}

function main(): void {
  const options = readOptions();
  const startedMs = Date.now();
  const packages = options.packages?.split(",") ?? [...SYSTEM_PACKAGES, ...(options.tests ? TEST_PACKAGES : [])];
  const built = buildHeap({ packages, roots: options.roots?.split(","), lenient: options.lenient });
  report(built, startedMs);
  if (options.sizes) reportSizes(built);
  if (options.out === undefined) return;
  const { heap, specialObjectsOop, hashSeed } = built;
  saveImageFile(options.out, { heap, specialObjectsOop, hashSeed, flags: 0, savedAtMs: 0, creator: "gondola bootstrap" });
}

try {
  main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = error instanceof BuildError ? 1 : USAGE;
}
