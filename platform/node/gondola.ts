#!/usr/bin/env node
// The command line. Each command is a module of its own, loaded when it is asked for.

import { CommandError, ExitRequest, parseCommandLine, UsageError, writeError } from "./commandLine.ts";

type Command = (parsed: ReturnType<typeof parseCommandLine>) => Promise<number>;

const COMMANDS: Record<string, () => Promise<{ run: Command }>> = {
  repl: () => import("./commands/repl.ts"),
  eval: () => import("./commands/eval.ts"),
  run: () => import("./commands/run.ts"),
  load: () => import("./commands/load.ts"),
  test: () => import("./commands/test.ts"),
  serve: () => import("./commands/serve.ts"),
  image: () => import("./commands/image.ts"),
  boot: () => import("./commands/boot.ts"),
  guest: () => import("./commands/guest.ts"),
  bench: () => import("./commands/bench.ts"),
  help: () => import("./commands/help.ts"),
};

async function main(): Promise<number> {
  const parsed = parseCommandLine(process.argv.slice(2));
  const { run } = await COMMANDS[parsed.command]();
  return run(parsed);
}

function statusOf(error: unknown): number {
  if (error instanceof ExitRequest) return error.status;
  if (error instanceof UsageError) {
    writeError(`gondola: ${error.message}\nTry gondola --help.`);
    return 2;
  }
  if (error instanceof CommandError) {
    writeError(`gondola: ${error.message}`);
    return error.status;
  }
  const name = (error as Error)?.name;
  if (name === "ImageFileError") {
    writeError(`gondola: ${(error as Error).message}`);
    return 3;
  }
  writeError(`gondola: ${error instanceof Error ? error.message : String(error)}`);
  return 1;
}

process.exitCode = await main().catch(statusOf);
// Timers and input of an image that is still alive would keep the program going.
process.exit();
