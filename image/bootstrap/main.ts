// The command that builds an image by hand:
//   tsx image/bootstrap/main.ts --out FILE [--packages A,B] [--roots FOLDER,FOLDER] [--tests] [--lenient] [--raw] [--sizes]
//     [--unimplemented] [--engine ts|wasm]

import { parseArgs } from "node:util";
import { BuildError, type BuiltHeap, buildHeap, buildImage, describeProblem, IMAGE_FOLDER, saveHeap } from "./build.ts";
import { imagePackages } from "./packages.ts";
import { BootstrapError } from "./runHeap.ts";
import { unimplementedSelectors } from "./unimplemented.ts";

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
      unimplemented: { type: "boolean", default: false },
      engine: { type: "string", default: "wasm" },
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

async function build(options: ReturnType<typeof readOptions>): Promise<BuiltHeap> {
  const { tests, lenient, raw } = options;
  const packages = options.packages?.split(",") ?? imagePackages(tests, IMAGE_FOLDER);
  const common = { packages, roots: options.roots?.split(","), lenient };
  if (raw) return buildHeap(common);
  const engine = options.engine === "ts" ? "ts" : "wasm";
  const built = await buildImage({ ...common, engine });
  process.stderr.write(built.output);
  return built;
}

async function main(): Promise<void> {
  const options = readOptions();
  const startedMs = Date.now();
  const built = await build(options);
  report(built, startedMs);
  if (options.sizes) reportSizes(built);
  if (options.unimplemented) console.log(unimplementedSelectors(built.compiled).join("\n"));
  if (options.out !== undefined) saveHeap(options.out, built);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = error instanceof BuildError || error instanceof BootstrapError ? 1 : USAGE;
}
