// The workspace at this program's standard streams. The prompt itself is a program in the image (image/Workspace); here are
// bytes and signals for it.

import { constants } from "node:os";
import { ByteQueue } from "./byteQueue.ts";
import { SmalltalkError } from "./channel.ts";
import { CommandError, type ParsedCommandLine, writeError, writeOutput } from "./commandLine.ts";
import { standardOutput } from "./commandSession.ts";
import { version } from "./distribution.ts";
import { descriptorSink, SIGNAL_DEADLOCK, SIGNAL_INTERRUPT } from "./host.ts";
import { ImageStoppedError, Session } from "./session.ts";
import { GlobalName } from "./wire.ts";
import { registerServices } from "./workspaceServices.ts";

const WORKSPACE = new GlobalName("HostWorkspace");
const CONTROL_C = 3;
/** A stop signal has had its effect before this time of the program's own is over. */
const CONTINUE_MS = 50;
const BRACKETED_PASTE_OFF = "\x1b[?2004l";

type Settings = Pick<ParsedCommandLine, "engine" | "image" | "memoryLimitBytes" | "translateAfter" | "strict">;
/** Single keys from a terminal; lines from one that can do nothing else; what a program sends. */
type Mode = "keys" | "lines" | "pipe";

function standardMode(): Mode {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return "pipe";
  return process.env.TERM === "dumb" ? "lines" : "keys";
}

/** Runs a workspace until the person leaves; answers the exit status. */
export async function runWorkspace(settings: Settings): Promise<number> {
  const mode = standardMode();
  const watchdog = new Watchdog(() => session);
  const session = new Session({
    engine: settings.engine,
    imageFile: settings.image,
    memoryLimitBytes: settings.memoryLimitBytes,
    translateAfter: settings.translateAfter,
    strict: settings.strict,
    streams: {
      input: new ByteQueue(
        process.stdin,
        (chunk) => mode === "keys" && chunk.includes(CONTROL_C) && watchdog.start(),
        () => mode === "keys" && watchdog.stop(),
      ),
      output: mode === "pipe" ? standardOutput() : descriptorSink(1),
      errors: descriptorSink(2),
    },
    onDeadlock: () => session.signal(SIGNAL_DEADLOCK),
  });
  registerServices(session, () => watchdog.stop());
  process.on("SIGINT", () => {
    watchdog.start();
    session.signal(SIGNAL_INTERRUPT);
  });
  if (mode === "keys") enterRawMode(session);
  try {
    return (await session.send(WORKSPACE, "open:", [settingsOf(mode, settings.strict)])) as number;
  } catch (error) {
    if (error instanceof SmalltalkError) throw new CommandError(`This image has no prompt: ${error.messageText}`, 1);
    return statusOf(error, mode);
  } finally {
    session.close();
  }
}

function settingsOf(mode: Mode, strict: boolean): unknown[] {
  const { columns, rows } = process.stdout;
  const isColored = !process.env.NO_COLOR;
  const greeting = `Gondola ${version}. :help shows what can be done here.`;
  return [mode, process.env.TERM ?? "", columns || 80, rows || 24, isColored, strict, greeting];
}

function enterRawMode(session: Session): void {
  process.stdin.setRawMode(true);
  session.channel.register("workspace.suspend", suspend);
  for (const name of ["SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      writeOutput(BRACKETED_PASTE_OFF);
      process.exit(128 + constants.signals[name]);
    });
  }
  process.stdout.on("resize", () => {
    const { columns, rows } = process.stdout;
    session.send(WORKSPACE, "resizeTo:by:", [columns, rows]).catch(() => {});
  });
}

/** Ctrl-Z: the shell takes over until it continues this program. Where there is no shell, nothing stops. */
async function suspend(): Promise<void> {
  process.stdin.setRawMode(false);
  process.kill(process.pid, "SIGTSTP");
  await new Promise((resolve) => setTimeout(resolve, CONTINUE_MS));
  process.stdin.setRawMode(true);
}

/** The image has quit by itself, or could not go on: then somebody must say so and tidy up the terminal. */
function statusOf(error: unknown, mode: Mode): number {
  if (!(error instanceof ImageStoppedError)) throw error;
  if (mode === "keys") writeOutput(BRACKETED_PASTE_OFF);
  if (error.status !== undefined) return error.status;
  if (mode === "keys") process.stdin.setRawMode(false);
  writeError(mode === "pipe" ? error.message : `\n${error.message}`);
  return 1;
}

/** Stops an image in which something of the highest priority keeps everybody else from reacting to a person. */
class Watchdog {
  private asked = 0;
  private answered = 0;

  constructor(private readonly session: () => Session) {}

  start(): void {
    const mine = ++this.asked;
    this.session().expectReaction("Interrupted.", () => this.answered >= mine);
  }

  stop(): void {
    this.answered = this.asked;
  }
}
