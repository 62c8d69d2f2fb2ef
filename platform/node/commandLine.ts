// What all commands share: options, messages, and the exit statuses that DESIGN promises.

import { closeSync, openSync, writeSync } from "node:fs";
import { parseArgs } from "node:util";
import { ENGINE_NAMES, type EngineName, MOST_ACTIVATIONS } from "./engine.ts";
import type { CompilerName } from "./session.ts";

export const EXIT_GOOD = 0;
export const EXIT_FAILED = 1;
export const EXIT_BAD_FILE = 3;

/** Wrong usage: exit status 2. */
export class UsageError extends Error {}

/** Something else that one line explains. */
export class CommandError extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** The command is over, and has said what there was to say. */
export class ExitRequest extends Error {
  constructor(readonly status: number) {
    super();
  }
}

const OPTIONS = {
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
  engine: { type: "string" },
  "translate-after": { type: "string" },
  image: { type: "string" },
  compiler: { type: "string" },
  save: { type: "string" },
  strict: { type: "boolean" },
  strip: { type: "boolean" },
  warnings: { type: "boolean" },
  memory: { type: "string" },
  json: { type: "string" },
  iterations: { type: "string" },
  classpath: { type: "string" },
  on: { type: "string" },
  out: { type: "string" },
  arg: { type: "string", multiple: true },
  "dry-run": { type: "boolean" },
  workspace: { type: "string" },
  host: { type: "string" },
  token: { type: "string" },
  "token-file": { type: "string" },
} as const;

export type OptionName = keyof typeof OPTIONS;

/** The options that each command takes besides --help. */
const COMMAND_OPTIONS: Record<string, OptionName[]> = {
  repl: ["engine", "image", "translate-after", "strict", "memory"],
  eval: ["engine", "image", "translate-after", "compiler", "strict", "warnings", "memory"],
  run: ["engine", "image", "translate-after", "compiler", "strict", "warnings", "memory", "classpath"],
  load: ["engine", "image", "translate-after", "compiler", "strict", "warnings", "memory", "save"],
  test: ["engine", "image", "translate-after", "compiler", "strict", "memory"],
  image: ["engine", "image", "memory", "strip"],
  serve: ["engine", "image", "translate-after", "strict", "memory", "workspace", "host", "token", "token-file"],
  bench: ["engine", "image", "translate-after", "memory", "json", "iterations"],
  boot: ["image", "memory", "on", "arg", "dry-run"],
  guest: ["image", "memory", "on", "arg", "out"],
  help: ["version"],
};

/** What these run can have arguments. */
const PROGRAM_COMMANDS = ["run", "eval"];

export interface ParsedCommandLine {
  command: string;
  operands: string[];
  /** Words for the program in the image: what follows `--`, or there the word that says what to run. */
  programArguments: string[];
  engine: EngineName;
  image?: string;
  compiler: CompilerName;
  save?: string;
  json?: string;
  iterations?: string;
  /** Folders with the classes of a SOM program. */
  classPath?: string;
  /** The port for workspaces. */
  workspace?: number;
  host?: string;
  token?: string;
  tokenFile?: string;
  strict: boolean;
  /** Everything that is doubtful in a source is told, not only names that nobody declared. */
  warnings: boolean;
  /** Sources are to be left out. */
  strip: boolean;
  memoryLimitBytes?: number;
  /** After so many activations a method is translated; 0: never. */
  translateAfter?: number;
  /** The hypervisor that a guest runs on. */
  on?: string;
  out?: string;
  /** Words of a guest's command line. */
  guestOptions: string[];
  dryRun: boolean;
  help: boolean;
  version: boolean;
}

export function parseCommandLine(words: string[]): ParsedCommandLine {
  const end = words.indexOf("--");
  const own = (end < 0 ? words : words.slice(0, end)).map((word) => (word === "-cp" ? "--classpath" : word));
  const { values, positionals } = parseOptions(own);
  const { command, operands: before } = chooseCommand(positionals, values);
  const [operands, programArguments] = divideWords(command, before, end < 0 ? [] : words.slice(end + 1));
  for (const name of Object.keys(values)) {
    if (name !== "help" && !COMMAND_OPTIONS[command].includes(name as OptionName)) {
      throw new UsageError(`${command} does not take --${name}`);
    }
  }
  const {
    image,
    save,
    json,
    iterations,
    classpath: classPath,
    strict = false,
    strip = false,
    warnings = false,
    help = false,
    version = false,
  } = values;
  const memoryLimitBytes = values.memory === undefined ? undefined : readMemory(values.memory, command);
  const [engine, compiler] = [readEngine(values.engine), readCompiler(values.compiler)];
  const workspace = values.workspace === undefined ? undefined : readPort(values.workspace);
  const { host, token, "token-file": tokenFile, "translate-after": after } = values;
  const translateAfter = after === undefined ? undefined : readActivations(after);
  return {
    ...{
      command,
      operands,
      programArguments,
      engine,
      compiler,
      image,
      save,
      json,
      iterations,
      classPath,
      strict,
      warnings,
      strip,
    },
    ...{ translateAfter, memoryLimitBytes, help, version, on: values.on, out: values.out },
    ...{ guestOptions: values.arg ?? [], dryRun: values["dry-run"] ?? false },
    ...{ workspace, host, token, tokenFile },
  };
}

/** A word that begins with a negative number is an expression. */
function parseOptions(words: string[]) {
  const args = words.map((word) => word.replace(/^(?=-\d)/, " "));
  try {
    const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true, strict: true });
    return { values, positionals: positionals.map((word) => word.replace(/^ (?=-\d)/, "")) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const option = /'(-[^' ]*)/.exec(message)?.[1] ?? "";
    if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") throw new UsageError(`there is no option ${option}`);
    if (/does not take/.test(message)) throw new UsageError(`${option.replace(/=.*/, "")} takes no value`);
    throw new UsageError(`${option} needs a value`);
  }
}

/** No word behind `--` is an option. A program gets them, when what to run was named before it or is the first of them. */
function divideWords(command: string, before: string[], behind: string[]): [operands: string[], arguments: string[]] {
  if (!PROGRAM_COMMANDS.includes(command)) return [[...before, ...behind], []];
  return before.length > 0 ? [before, behind] : [behind.slice(0, 1), behind.slice(1)];
}

/** No command means repl, also when the first word is an image. */
function chooseCommand(
  positionals: string[],
  values: { help?: boolean; version?: boolean },
): { command: string; operands: string[] } {
  const [first, ...rest] = positionals;
  if (first === undefined) return { command: values.help || values.version ? "help" : "repl", operands: [] };
  if (Object.hasOwn(COMMAND_OPTIONS, first)) {
    return values.help ? { command: "help", operands: [first] } : { command: first, operands: rest };
  }
  if (/[./\\]/.test(first)) return { command: "repl", operands: positionals };
  throw new UsageError(`there is no command ${first}`);
}

function readEngine(name = "wasm"): EngineName {
  const engine = ENGINE_NAMES.find((each) => each === name);
  if (engine) return engine;
  throw new UsageError(`there is no engine ${name}; there are ${ENGINE_NAMES.join(" and ")}`);
}

function readCompiler(name = "image"): CompilerName {
  if (name === "image" || name === "ohm") return name;
  throw new UsageError(`there is no compiler ${name}; there are image and ohm`);
}

/** 0: any that is free. */
function readPort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65536) return Number(text);
  throw new UsageError(`--workspace takes a port from 0 to 65535, not ${text}`);
}

function readActivations(text: string): number {
  if (/^\d+$/.test(text) && Number(text) <= MOST_ACTIVATIONS) return Number(text);
  throw new UsageError(
    `--translate-after takes a number of activations from 0 (never) to ${MOST_ACTIVATIONS}, not ${text}`,
  );
}

const MEBIBYTE = 1 << 20;
const LINE_FEED = 10;

/** A machine addresses 2 GiB; a guest may have more around it, and needs some for itself. */
const MEMORY_RANGES_MIB: Record<string, [least: number, most: number]> = { boot: [12, 1 << 20], guest: [12, 1 << 20] };
const MACHINE_RANGE_MIB: [least: number, most: number] = [8, 2048];

/** In MiB when there is no unit. */
function readMemory(text: string, command: string): number {
  const [least, most] = MEMORY_RANGES_MIB[command] ?? MACHINE_RANGE_MIB;
  const match = /^(\d+)\s*([KMG]?)i?B?$/i.exec(text);
  const unit = { K: 1024, "": MEBIBYTE, M: MEBIBYTE, G: 1024 * MEBIBYTE }[match?.[2].toUpperCase() ?? ""] ?? MEBIBYTE;
  const size = match ? Number(match[1]) * unit : 0;
  if (size < least * MEBIBYTE || size > most * MEBIBYTE) {
    throw new UsageError(`--memory takes ${least} to ${most} (MiB), not ${text}`);
  }
  return size;
}

/** Whether a program has written the beginning of a line to standard output, and nothing behind it. */
let isLineOpen = false;

export function noteOutput(bytes: Uint8Array): void {
  if (bytes.length > 0) isLineOpen = bytes[bytes.length - 1] !== LINE_FEED;
}

/** What is written next begins a line. */
export function endOpenLine(): void {
  if (isLineOpen) writeFully(1, "\n");
  isLineOpen = false;
}

/** To standard output, all of it before anything else happens. */
export function writeOutput(text: string): void {
  writeFully(1, text);
}

export function writeError(line: string): void {
  writeFully(2, `${line}\n`);
}

function writeFully(descriptor: number, text: string): void {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(descriptor, bytes));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") continue;
      if (descriptor === 2) return; // there is nobody to tell
      throw outputLoss(error as NodeJS.ErrnoException);
    }
  }
}

/** What ends the command when standard output takes no more. A reader that has gone does not wait for the rest. */
export function outputLoss(error: NodeJS.ErrnoException): ExitRequest | CommandError {
  if (error.code === "EPIPE") return new ExitRequest(EXIT_FAILED);
  return new CommandError(`Standard output cannot be written: ${reasonOf(error)}.`, EXIT_FAILED);
}

/** Makes sure that a file can be written before the work is done whose result it will take. */
export function checkOutputFile(file: string): void {
  try {
    closeSync(openSync(file, "a"));
  } catch (error) {
    throw new CommandError(`${file} cannot be written: ${reasonOf(error as Error)}.`, EXIT_BAD_FILE);
  }
}

/** In the operating system's words, without Node's. */
function reasonOf({ message }: Error): string {
  return /^[A-Z]+: (.*?), \w+( '.*)?$/.exec(message)?.[1] ?? message;
}
