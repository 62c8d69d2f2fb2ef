// gondola bench [NAME ...] [--json FILE] [--iterations RUNS]

import {
  hasPrograms,
  type Program,
  type ProgramResult,
  readPrograms,
  runProgram,
} from "../../../tests/benchmarks/programs.ts";
import { programHeading, programRow, writeJson } from "../../../tests/benchmarks/report.ts";
import {
  CommandError,
  checkOutputFile,
  EXIT_FAILED,
  EXIT_GOOD,
  type ParsedCommandLine,
  UsageError,
  writeError,
  writeOutput,
} from "../commandLine.ts";
import { describeFailure } from "../commandSession.ts";

const DEFAULT_RUNS = 7;
const MOST_RUNS = 1000;

export async function run(parsed: ParsedCommandLine): Promise<number> {
  if (!hasPrograms())
    throw new CommandError("The benchmark programs are only in a checkout of the sources.", EXIT_FAILED);
  const settings = { ...parsed, runs: readRuns(parsed.iterations) };
  const programs = choosePrograms(parsed.operands);
  if (parsed.json !== undefined) checkOutputFile(parsed.json);
  const results: ProgramResult[] = [];
  let status = EXIT_GOOD;
  writeOutput(`${programHeading()}\n`);
  for (const program of programs) {
    try {
      const result = await runProgram(program, settings);
      results.push(result);
      writeOutput(`${programRow(result)}\n`);
    } catch (error) {
      status = EXIT_FAILED;
      writeError(`${program.name}: ${describeFailure(error)}`);
    }
  }
  if (parsed.json !== undefined) writeJson(parsed.json, { engine: parsed.engine, programs: results });
  return status;
}

function choosePrograms(names: string[]): Program[] {
  const programs = readPrograms();
  for (const name of names) {
    if (!programs.some((program) => program.name === name)) {
      throw new UsageError(`there is no benchmark ${name}; there are ${programs.map((each) => each.name).join(", ")}`);
    }
  }
  return names.length === 0 ? programs : programs.filter((program) => names.includes(program.name));
}

function readRuns(text?: string): number {
  if (text === undefined) return DEFAULT_RUNS;
  const runs = Number(text);
  if (!Number.isInteger(runs) || runs < 1 || runs > MOST_RUNS) {
    throw new UsageError(`--iterations takes 1 to ${MOST_RUNS} runs, not ${text}`);
  }
  return runs;
}
