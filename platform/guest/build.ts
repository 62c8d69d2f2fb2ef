// From vm.wasm to the guest: wasm2c makes C of the very module that Node runs, gcc compiles it with the shim and the host
// functions of this folder, ld makes one ELF file. Results are kept by the contents of everything that goes in.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as layout from "../../vm/layout.ts";
import * as stop from "../../vm/stop.ts";
import { compiledEngineFile, projectRoot, writeAtomically } from "../node/compileEngine.ts";

const sources = join(projectRoot, "platform/guest");
const cacheDirectory = join(projectRoot, "node_modules/.cache/gondola");

/** A tool is missing or refuses; the message is one sentence, with the tool's own words behind it. */
export class GuestBuildError extends Error {
  override readonly name = "GuestBuildError";
}

const OTHER_VERSION = "wasm2c 1.0.32 (Debian 12) is needed: the one that is installed writes another C.";

/** What the build runs, and the Debian packages they are in. */
const TOOLS: Readonly<Record<string, string>> = { wasm2c: "wabt", gcc: "gcc", ld: "binutils" };

/** The tools that are not there, as package names. */
export function missingPackages(): string[] {
  return Object.keys(TOOLS)
    .filter((tool) => !isThere(tool))
    .map((tool) => TOOLS[tool] as string);
}

function isThere(tool: string): boolean {
  try {
    execFileSync(tool, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

// --- What both ways of compiling share ---

const C_OPTIONS = ["-std=gnu11", "-O2", "-fno-strict-aliasing", "-ffp-contract=off"];
/** wasm2c's output has much that it does not use; the loop of an interpreter is faster when gcc merges no expressions. */
const MACHINE_OPTIONS = ["-w", "-DNDEBUG", "-fno-gcse", "-fno-math-errno", "-fno-trapping-math"];
const OWN_OPTIONS = ["-ffreestanding", "-Wall", "-Wno-unused-parameter", "-Werror"];
const NO_SYSTEM_OPTIONS = [
  ...["-m64", "-fno-pic", "-mcmodel=small", "-mno-red-zone", "-fno-stack-protector"],
  ...["-fno-asynchronous-unwind-tables", "-fcf-protection=none"],
];
/** Ring 0 never touches the floating-point registers, which belong to ring 3. */
const SHIM_OPTIONS = ["-mgeneral-regs-only"];

function runTool(tool: string, words: string[], folder: string): void {
  try {
    execFileSync(tool, words, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  } catch (error) {
    const { code, stderr } = error as { code?: string; stderr?: Buffer };
    if (code === "ENOENT") throw new GuestBuildError(`${tool} is missing: install the package ${TOOLS[tool]}.`);
    throw new GuestBuildError(`${tool} failed:\n${stderr?.toString() ?? error}`);
  }
}

/**
 * Linear memory begins at a constant address, which is the base of segment GS: an access is one instruction and takes no
 * register. wasm2c's way would load the address again after every store.
 */
function addressByGs(machine: string): string {
  const replacements: [string, string][] = [
    ["wasm_rt_memcpy(&result, &mem->data[addr], sizeof(t1));", "result = *(t1 __seg_gs *)addr;"],
    ["wasm_rt_memcpy(&mem->data[addr], &wrapped, sizeof(t1));", "*(t1 __seg_gs *)addr = wrapped;"],
  ];
  let text = machine;
  for (const [from, to] of replacements) {
    if (text.split(from).length !== 2) throw new GuestBuildError(OTHER_VERSION);
    text = text.replace(from, to);
  }
  return text;
}

/** The numbers of vm/ as a C header. Those of fatal.ts are read as text, because it can only run inside a machine. */
function layoutHeader(): string {
  const fatal = readFileSync(join(projectRoot, "vm/fatal.ts"), "utf8");
  const numbers = [
    ...Object.entries({ ...layout, ...stop }).filter(([, value]) => typeof value === "number"),
    ...Array.from(fatal.matchAll(/^export const (\w+): i32 = (\d+);/gm), ([, name, value]) => [name, value]),
  ];
  return `${numbers.map(([name, value]) => `#define ${name} (${value})`).join("\n")}\n`;
}

/** Writes vm.c, vm.h and layout.h into a folder. */
function writeMachine(wasmFile: string, folder: string): void {
  runTool("wasm2c", [wasmFile, "-n", "vm", "-o", "vm.c"], folder);
  writeFileSync(join(folder, "vm.c"), addressByGs(readFileSync(join(folder, "vm.c"), "utf8")));
  writeFileSync(join(folder, "layout.h"), layoutHeader());
}

function inScratch<Result>(work: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), "gondola-guest-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function filesOf(folder: string): string[] {
  return readdirSync(join(sources, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(folder, entry.name))
    .sort();
}

/** The file that `make` writes, from the cache when nothing of `inputs` has changed. */
function cached(name: string, inputs: (string | Uint8Array)[], make: () => Uint8Array): string {
  const hash = createHash("sha256");
  for (const input of inputs) hash.update(input);
  const file = join(cacheDirectory, `${hash.digest("hex").slice(0, 24)}.${name}`);
  if (!existsSync(file)) writeAtomically(file, make());
  return file;
}

function compilerVersion(): string {
  return isThere("gcc") ? execFileSync("gcc", ["-dumpfullversion"]).toString() : "";
}

// --- The guest ---

function compileFile(file: string, folder: string): void {
  const isShim = file.startsWith("shim/");
  const options = [...C_OPTIONS, ...NO_SYSTEM_OPTIONS, ...OWN_OPTIONS, ...(isShim ? SHIM_OPTIONS : [])];
  const object = `${file.replace(/\W/g, "_")}.o`;
  const target = join(folder, isShim ? "shim" : "user", object);
  runTool(
    "gcc",
    [...options, "-I", folder, "-I", join(sources, "user"), "-c", join(sources, file), "-o", target],
    folder,
  );
}

const PAGE_SIZE = 0x1000;
const SMALL_PAGES = 512;
const VECTORS = 256;

/**
 * Two tables of the processor that the linker can fill in, so that ring 0 need not at each start: the rights of the pages
 * below 2 MiB (SDM volume 3A, section 4.5), and the interrupt descriptors (section 6.11). Sections are those of link.ld.
 */
function linkerTables(): string {
  const pages = Array.from({ length: SMALL_PAGES }, (_, index) => `QUAD(${pageEntry(index * PAGE_SIZE)})`);
  const gates = Array.from({ length: VECTORS }, (_, vector) => interruptGate(vector));
  return ["smallPages = .;", ...pages, "interruptDescriptors = .;", ...gates, ""].join("\n");
}

/** An expression of ld. Guard pages are missing; nothing is both written and executed. */
function pageEntry(address: number): string {
  const [present, writable, user, noExecute] = ["0x1", "0x2", "0x4", "0x8000000000000000"];
  const rights: [end: string, rights: string[]][] = [
    ["shimTextStart", [present, writable, noExecute]],
    ["shimDataStart", [present]],
    ["userTextStart", [present, writable, noExecute]],
    ["userConstantsStart", [present, user]],
    ["userDataStart", [present, user, noExecute]],
    ["imageEnd", [present, writable, user, noExecute]],
  ];
  const isGuard = `${address} == kernelStackGuard || ${address} == userStackGuard`;
  const entry = rights.reduceRight(
    (rest, [end, flags]) => `(${address} < ${end} ? ${[address, ...flags].join(" + ")} : ${rest})`,
    [address, present, writable, noExecute].join(" + "),
  );
  return `(${isGuard}) ? 0 : ${entry}`;
}

/** All gates close interrupts, so that nothing in ring 0 is interrupted but `hlt`. Grave faults get a stack of their own. */
function interruptGate(vector: number): string {
  const [kernelCode, isPresentGate, faultStack] = [0x08, 0x8e00, 1];
  const isGrave = vector === 2 || vector === 8 || vector === 18; // NMI, double fault, machine check
  const exception = vector === 6 ? "invalidOpcode" : `exceptionEntries + ${vector * 16}`;
  const address = vector < 32 ? exception : `interruptEntries + ${(vector - 32) * 16}`;
  const flags = isPresentGate + (isGrave ? faultStack : 0);
  return `SHORT(${address}) SHORT(${kernelCode}) SHORT(${flags}) SHORT((${address}) >> 16) QUAD(0)`;
}

function linkGuest(folder: string): void {
  writeFileSync(join(folder, "tables.ld"), linkerTables());
  mkdirSync(join(folder, "shim"));
  mkdirSync(join(folder, "user"));
  for (const file of guestFiles().filter((name) => /\.[cS]$/.test(name))) compileFile(file, folder);
  const machine = [...C_OPTIONS, ...NO_SYSTEM_OPTIONS, ...MACHINE_OPTIONS, "-I", join(sources, "user")];
  runTool("gcc", [...machine, "-c", "vm.c", "-o", "user/vm.o"], folder);
  const objects = ["shim", "user"].flatMap((part) =>
    readdirSync(join(folder, part))
      .sort()
      .map((name) => `${part}/${name}`),
  );
  const options = ["-nostdlib", "-static", "-z", "max-page-size=4096", "-z", "noexecstack", "--build-id=none"];
  runTool("ld", [...options, "-s", "-T", join(sources, "link.ld"), "-o", "gondola.elf", ...objects], folder);
}

const guestFiles = () => ["gate.h", "link.ld", "build.ts", ...filesOf("shim"), ...filesOf("user")];

/** Builds the guest and answers the file. Throws GuestBuildError when a tool is missing. */
export async function buildGuest(): Promise<string> {
  const wasmFile = await compiledEngineFile("wasm");
  const inputs = guestFiles().map((name) => readFileSync(join(sources, name)));
  return cached("elf", [readFileSync(wasmFile), layoutHeader(), compilerVersion(), ...inputs], () =>
    inScratch((folder) => {
      writeMachine(wasmFile, folder);
      linkGuest(folder);
      return readFileSync(join(folder, "gondola.elf"));
    }),
  );
}

// --- The same machine as a Linux process ---

/** Builds native/lockstep.c and answers the program. */
export async function buildLockstep(): Promise<string> {
  const wasmFile = await compiledEngineFile("wasm");
  const inputs = ["gate.h", "build.ts", "user/wasm-rt.h", "native/lockstep.c"].map((name) =>
    readFileSync(join(sources, name)),
  );
  const program = cached("lockstep", [readFileSync(wasmFile), layoutHeader(), compilerVersion(), ...inputs], () =>
    inScratch((folder) => {
      writeMachine(wasmFile, folder);
      const options = [
        ...C_OPTIONS,
        ...MACHINE_OPTIONS,
        "-fno-pie",
        "-no-pie",
        "-I",
        folder,
        "-I",
        join(sources, "user"),
      ];
      runTool("gcc", [...options, "vm.c", join(sources, "native/lockstep.c"), "-o", "lockstep", "-lm"], folder);
      return readFileSync(join(folder, "lockstep"));
    }),
  );
  chmodSync(program, 0o755);
  return program;
}
