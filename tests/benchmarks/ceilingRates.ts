// Compiles ceiling.ts, puts the loop and the recursion of tiny.st into it, and measures them.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../platform/node/compileEngine.ts";

export interface Rates {
  bytecodesPerSecond: number;
  sendsPerSecond: number;
}

interface CeilingExports {
  storeByte(address: number, value: number): void;
  storeWord(address: number, value: number): void;
  run(method: number, argument: number): number;
  sendCount(): number;
}

const ASC_OPTIONS = ["-O3", "--runtime", "stub", "--noAssert", "--use", "abort=", "--initialMemory", "256"];

const METHOD_TABLE = 0x1000;
const FIB_SELECTOR = 5;
const FIB_ADDRESS = 0x8000;
const LOOP_ADDRESS = 0x9000;

// Opcodes of ceiling.ts: 0 argument, 1 integer, 2 temporary, 3 store temporary, 4 add, 5 subtract, 6 less, 7 jump if
// false, 8 jump back, 9 send, 10 return.

/** fib: n  ^n < 2 ifTrue: [1] ifFalse: [(self fib: n - 1) + (self fib: n - 2) + 1] */
const FIB = [
  ...[0, 1, 1, 2, 6, 7, 3, 1, 1, 10],
  ...[0, 0, 0, 1, 1, 1, 5, 9, FIB_SELECTOR, 1],
  ...[0, 0, 0, 1, 1, 2, 5, 9, FIB_SELECTOR, 1],
  ...[4, 1, 1, 4, 10],
];
/** loop: n  | i s | i := 0. s := 0. [i < n] whileTrue: [s := s + i - i + 1. i := i + 1]. ^s */
const LOOP = [
  ...[1, 0, 3, 0, 1, 0, 3, 1],
  ...[2, 0, 0, 1, 6, 7, 22],
  ...[2, 1, 2, 0, 4, 2, 0, 5, 1, 1, 4, 3, 1],
  ...[2, 0, 1, 1, 4, 3, 0, 8, 29],
  ...[2, 1, 10],
];
const BYTECODES_A_PASS = 17;
const PASSES = 3_000_000;
const FIB_ARGUMENT = 27;
const FIB_RESULT = 635621;

/** Answers a function that measures both programs once. */
export function openCeiling(): () => Rates {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(compileCeiling()), {});
  const ceiling = instance.exports as unknown as CeilingExports;
  installMethod(ceiling, FIB_ADDRESS, 1, 0, FIB);
  installMethod(ceiling, LOOP_ADDRESS, 1, 2, LOOP);
  ceiling.storeWord(METHOD_TABLE + FIB_SELECTOR * 4, FIB_ADDRESS);
  return () => measureOnce(ceiling);
}

function compileCeiling(): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "gondola-ceiling-"));
  try {
    const output = join(folder, "ceiling.wasm");
    const asc = join(projectRoot, "node_modules/.bin/asc");
    execFileSync(asc, [join(projectRoot, "tests/benchmarks/ceiling.ts"), "-o", output, ...ASC_OPTIONS]);
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function installMethod(
  ceiling: CeilingExports,
  address: number,
  argumentCount: number,
  temporaryCount: number,
  bytecodes: number[],
): void {
  ceiling.storeWord(address, argumentCount);
  ceiling.storeWord(address + 4, temporaryCount);
  for (const [index, bytecode] of bytecodes.entries()) ceiling.storeByte(address + 8 + index, bytecode);
}

function measureOnce(ceiling: CeilingExports): Rates {
  const loopMs = timeOf(() => ceiling.run(LOOP_ADDRESS, PASSES), PASSES);
  const fibMs = timeOf(() => ceiling.run(FIB_ADDRESS, FIB_ARGUMENT), FIB_RESULT);
  return {
    bytecodesPerSecond: ((PASSES * BYTECODES_A_PASS) / loopMs) * 1000,
    sendsPerSecond: (ceiling.sendCount() / fibMs) * 1000,
  };
}

function timeOf(work: () => number, expected: number): number {
  const start = performance.now();
  const result = work();
  const time = performance.now() - start;
  if (result !== expected) throw new Error(`The bare interpreter answered ${result} instead of ${expected}.`);
  return time;
}

/** What another bare interpreter says: a program for Node that prints `Rates` as JSON. */
export function externalRates(program: string): Rates {
  return JSON.parse(execFileSync(process.execPath, [program], { encoding: "utf8" })) as Rates;
}
