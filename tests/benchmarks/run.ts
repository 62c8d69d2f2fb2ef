// npm run bench [-- NAME ... --engine ts --json FILE --iterations RUNS --ceiling PROGRAM]
//
// All benchmark programs, and the marks. With names, only those programs. PROGRAM is another bare interpreter to compare
// with: it prints its bytecodesPerSecond and sendsPerSecond as JSON.

import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeFailure } from "../../platform/node/commandSession.ts";
import { projectRoot } from "../../platform/node/compileEngine.ts";
import type { Rates } from "./ceilingRates.ts";
import { measureCompiler, measurePrompt, measureSizes } from "./compilerMarks.ts";
import { measureGuest } from "./guestMarks.ts";
import { isReached, type Mark } from "./mark.ts";
import { measureCollector, measureImage, measureRates, measureStart } from "./marks.ts";
import { peerMarks } from "./peers.ts";
import { type Program, type ProgramResult, type RunSettings, readPrograms, runProgram } from "./programs.ts";
import { markRow, programHeading, programRow, writeJson } from "./report.ts";

const DEFAULT_RUNS = 7;

interface Outcome {
  node: string;
  processor: string;
  engine: string;
  /** The interpreter alone, and with translations of hot code. */
  interpreted: ProgramResult[];
  programs: ProgramResult[];
  marks: Mark[];
  machine?: Rates;
  ceiling?: Rates;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      engine: { type: "string", default: "wasm" },
      json: { type: "string" },
      iterations: { type: "string", default: String(DEFAULT_RUNS) },
      ceiling: { type: "string" },
    },
    allowPositionals: true,
  });
  if (values.engine !== "wasm" && values.engine !== "ts") throw new Error(`There is no engine ${values.engine}.`);
  build();
  const settings: RunSettings = { engine: values.engine, runs: Number(values.iterations) };
  const programs = readPrograms();
  const unknown = positionals.find((each) => !programs.some(({ name }) => name === each));
  if (unknown !== undefined) throw new Error(`There is no benchmark ${unknown}.`);
  const outcome: Outcome = {
    node: process.version,
    processor: cpus()[0]?.model ?? "unknown",
    engine: settings.engine,
    interpreted: [],
    programs: [],
    marks: [],
  };
  const chosen = programs.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const interpreting = { ...settings, translateAfter: 0 };
  outcome.interpreted = await runPrograms("interpreted", chosen, interpreting);
  outcome.programs =
    settings.engine === "wasm" ? await runPrograms("translated", chosen, settings) : outcome.interpreted;
  if (positionals.length === 0) await measureMarks(programs, settings, outcome, values.ceiling);
  const marks = outcome.marks.map((mark) => ({ ...mark, isReached: isReached(mark) }));
  if (values.json !== undefined) writeJson(values.json, { ...outcome, marks });
}

function build(): void {
  const script = join(projectRoot, "platform/node/build.ts");
  execFileSync(process.execPath, ["--import", "tsx", script], { cwd: projectRoot, stdio: ["ignore", 2, 2] });
}

async function runPrograms(how: string, programs: Program[], settings: RunSettings): Promise<ProgramResult[]> {
  const results: ProgramResult[] = [];
  print(`${programHeading()}  ${how}`);
  for (const program of programs) {
    try {
      const result = await runProgram(program, settings);
      results.push(result);
      print(programRow(result));
    } catch (error) {
      print(`${program.name}: ${describeFailure(error)}`);
      process.exitCode = 1;
    }
  }
  return results;
}

async function measureMarks(
  programs: Program[],
  settings: RunSettings,
  outcome: Outcome,
  externalCeiling?: string,
): Promise<void> {
  const { marks, machine, ceiling } = await measureRates(programs, { ...settings, translateAfter: 0 }, externalCeiling);
  Object.assign(outcome, { machine, ceiling });
  outcome.marks.push(...marks, ...peerMarks(outcome.interpreted, outcome.programs));
  outcome.marks.push(...(await measureCollector(programs, settings)), measureStart(), measureImage());
  outcome.marks.push(await measureCompiler(settings), await measurePrompt(), measureSizes());
  outcome.marks.push(...(await measureGuest(outcome.interpreted)));
  print("");
  for (const mark of outcome.marks) print(markRow(mark));
  const reached = outcome.marks.filter(isReached).length;
  print(`${reached} marks reached, ${outcome.marks.length - reached} missed`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
process.exit();
