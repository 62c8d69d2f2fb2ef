// From the TypeScript of vm/ to an engine: AssemblyScript makes the wasm module, esbuild the script. Needs the
// development dependencies; users get the results in dist/.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type EngineCode, type EngineName, loadScript, loadWasm } from "./engine.ts";

export const projectRoot = fileURLToPath(new URL("../..", import.meta.url));
const cacheDirectory = join(projectRoot, "node_modules/.cache/gondola");

const ASC_OPTIONS = [
  ...["--runtime", "stub", "--use", "abort=", "--noAssert"],
  "--debug", // for the names of functions, which profiles show, too
  ...["--importMemory", "--memoryBase", "4096"],
];

/** The engine for an entry module, a path relative to the project's root. */
export async function compileEngine(engine: EngineName, entry = "vm/main.ts"): Promise<EngineCode> {
  const file = await compiledEngineFile(engine, entry);
  return engine === "wasm" ? loadWasm(readFileSync(file)) : loadScript(readFileSync(file, "utf8"));
}

/** The file of a compiled engine. Results are kept by the contents of vm/ and the entry module. */
export async function compiledEngineFile(engine: EngineName, entry = "vm/main.ts"): Promise<string> {
  const key = createHash("sha256").update(engine).update(hashOfSources(entry)).digest("hex").slice(0, 24);
  const file = join(cacheDirectory, `${key}.${engine === "wasm" ? "wasm" : "js"}`);
  if (!existsSync(file)) {
    writeAtomically(file, engine === "wasm" ? await compileWasm(entry) : await bundleScript(entry));
  }
  return file;
}

export function writeAtomically(file: string, contents: Uint8Array | string): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.new`;
  writeFileSync(temporary, contents);
  renameSync(temporary, file);
}

function hashOfSources(entry: string): string {
  const hash = createHash("sha256");
  const own = ["platform/node/compileEngine.ts", "package-lock.json", entry];
  for (const name of [...own, ...filesBelow("vm")]) hash.update(name).update(readFileSync(join(projectRoot, name)));
  return hash.digest("hex");
}

function filesBelow(directory: string): string[] {
  return readdirSync(join(projectRoot, directory), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((file) => {
      const path = `${directory}/${file.name}`;
      return file.isDirectory() ? filesBelow(path) : path.endsWith(".ts") ? [path] : [];
    });
}

export async function compileWasm(entry: string): Promise<Uint8Array> {
  const asc = await import("assemblyscript/asc");
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main([entry, "--outFile", "vm.wasm", ...ASC_OPTIONS], {
    readFile: (name, baseDirectory) => readIfExists(resolve(projectRoot, baseDirectory, name)),
    writeFile: (_name, contents) => {
      binary = contents as Uint8Array;
    },
    listFiles: () => null,
  });
  if (error || !binary) throw new Error(`asc cannot compile ${entry}:\n${stderr}`);
  return optimize(binary);
}

/** A signal or a wait that switches processes is a call and not seven: a sixth of the time of two processes that take turns. */
const PROCESS_SWITCH = [
  ...["addLast", "resumeProcess", "runHighestPriority", "signalSemaphore", "waitInList"].map(
    (name) => `vm/process/${name}`,
  ),
  "vm/contexts/enterContext",
];

/**
 * asc's own -O3 splits the interpreter's dispatch table in two. These passes leave it whole, and because nothing of ours
 * lies in the first page of memory, they may fold constant offsets into loads and stores.
 */
async function optimize(binary: Uint8Array): Promise<Uint8Array> {
  const { default: binaryen } = await import("assemblyscript/binaryen");
  const module = binaryen.readBinary(binary);
  const { MutableGlobals, NontrappingFPToInt, SignExt, BulkMemory, BulkMemoryOpt } = binaryen.Features;
  // What asc uses, and what every engine has; with all features on, Node 20 cannot read the result.
  module.setFeatures(MutableGlobals | NontrappingFPToInt | SignExt | BulkMemory | BulkMemoryOpt);
  binaryen.setOptimizeLevel(3);
  binaryen.setShrinkLevel(0);
  binaryen.setLowMemoryUnused(true);
  // Boxing a float and switching a process are chains of small functions: in line they are a third faster.
  binaryen.setAlwaysInlineMaxSize(60);
  module.runPasses(["precompute"]);
  module.optimize();
  module.runPasses(["optimize-added-constants-propagate", "optimize-instructions"]);
  module.optimize();
  inlineOnly(binaryen, module, PROCESS_SWITCH);
  module.optimize();
  const optimized = module.emitBinary();
  module.dispose();
  return optimized;
}

type Binaryen = typeof import("assemblyscript/binaryen")["default"];
type BinaryenModule = ReturnType<Binaryen["readBinary"]>;

/** Has the next optimization put these functions in line wherever they are called, and no others. */
function inlineOnly(binaryen: Binaryen, module: BinaryenModule, names: readonly string[]): void {
  for (let index = 0; index < module.getNumFunctions(); index++) {
    const { name } = binaryen.getFunctionInfo(module.getFunctionByIndex(index));
    if (names.includes(name)) continue;
    binaryen.setPassArgument("no-inline", name);
    module.runPasses(["no-inline"]);
  }
  binaryen.setAlwaysInlineMaxSize(1000);
}

function readIfExists(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

/**
 * The script of engine `ts`: `(host, memory) => exports`. Every machine gets its own copy of all module variables, and
 * the views of memory are variables of the same scope, replaced when memory grows.
 */
export async function bundleScript(entry: string): Promise<string> {
  const esbuild = await import("esbuild");
  const bundle = await esbuild.build({
    entryPoints: [join(projectRoot, entry)],
    bundle: true,
    format: "iife",
    globalName: "machine",
    write: false,
    target: "node20",
    define: { ASC_TARGET: "0" },
    minifySyntax: true, // writes constants in place of their names: V8 makes jump tables only of numbers
    logLevel: "silent",
    plugins: [{ name: "host", setup: (build) => build.onLoad({ filter: /[\\/]vm[\\/]host\.ts$/ }, hostModule) }],
  });
  return `(function (host, memory) {\n${SCRIPT_PRELUDE}\n${bundle.outputFiles[0].text}\nreturn machine;\n})`;
}

const SCRIPT_PRELUDE = `"use strict";
let words, halves, bytes, doubles;
function replaceViews() {
  words = new Int32Array(memory.buffer);
  halves = new Uint16Array(memory.buffer);
  bytes = new Uint8Array(memory.buffer);
  doubles = new Float64Array(memory.buffer);
}
replaceViews();
function growViews(pages) {
  try {
    const before = memory.grow(pages);
    replaceViews();
    return before;
  } catch {
    return -1;
  }
}
function i32(value) { return value | 0; }
function u8(value) { return value & 0xff; }
function u16(value) { return value & 0xffff; }
function f64(value) { return +value; }`;

/** Stands for vm/host.ts in a bundle: its declarations become the functions of the host that the factory was given. */
function hostModule({ path }: { path: string }): { contents: string; loader: "js" } {
  const names = readFileSync(path, "utf8").matchAll(/^export declare function (\w+)/gm);
  return { contents: Array.from(names, ([, name]) => `export const ${name} = host.${name};`).join("\n"), loader: "js" };
}
