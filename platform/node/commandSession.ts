// A session as the commands use it: messages go to standard error, Ctrl-C interrupts, and what waits forever is ended.

import { type Diagnostic, type Origin, renderDiagnostic, SourceError } from "../../compiler/sourceError.ts";
import { SmalltalkError } from "./channel.ts";
import {
  CommandError,
  EXIT_FAILED,
  ExitRequest,
  endOpenLine,
  noteOutput,
  outputLoss,
  type ParsedCommandLine,
  writeError,
} from "./commandLine.ts";
import { registerFiles } from "./fileServices.ts";
import { descriptorSink, type OutputSink, processInput } from "./host.ts";
import { LoadFailure } from "./loader.ts";
import { ImageStoppedError, Session } from "./session.ts";
import { GlobalName } from "./wire.ts";

type SessionSettings = Pick<
  ParsedCommandLine,
  "engine" | "image" | "compiler" | "memoryLimitBytes" | "translateAfter" | "strict" | "warnings"
>;

export function openSession(settings: SessionSettings, output = standardOutput()): Session {
  const session: Session = new Session({
    engine: settings.engine,
    imageFile: settings.image,
    compiler: settings.compiler,
    memoryLimitBytes: settings.memoryLimitBytes,
    translateAfter: settings.translateAfter,
    strict: settings.strict,
    allWarnings: settings.warnings,
    streams: { input: processInput(), output, errors: descriptorSink(2) },
    warn: tellWarning,
    onDeadlock: () => session.interrupt("Nothing can happen any more: it waits for what never comes."),
  });
  registerFiles(session);
  return session;
}

export function tellWarning(diagnostic: Diagnostic, origin: Origin): void {
  writeError(renderDiagnostic(diagnostic, origin, "warning"));
}

/** A command whose output goes nowhere ends at once, as other programs do: what it writes might never end. */
export function standardOutput(): OutputSink {
  const write = descriptorSink(1, (error) => {
    const loss = outputLoss(error);
    if (loss instanceof CommandError) writeError(`gondola: ${loss.message}`);
    process.exit(loss.status);
  });
  return (bytes) => {
    const count = write(bytes);
    noteOutput(bytes.subarray(0, Math.max(count, 0)));
    return count;
  };
}

/** Ctrl-C interrupts what is being evaluated; a second one ends the program. */
export function interruptOnSignal(session: Session): void {
  process.once("SIGINT", () => {
    session.interrupt("Interrupted.");
    process.once("SIGINT", () => process.exit(130));
  });
}

export async function setProgramArguments(session: Session, programArguments: string[]): Promise<void> {
  if (programArguments.length > 0) await session.send(new GlobalName("Smalltalk"), "arguments:", [programArguments]);
}

/** Tells a person about an error of Smalltalk code; others are not ours to explain and go on. */
export function describeFailure(error: unknown): string {
  if (error instanceof SourceError) return error.render();
  if (error instanceof LoadFailure) {
    const end = error.end === undefined ? [] : [describeFailure(error.end)];
    return [...error.problems.map((problem) => problem.render()), ...end].join("\n");
  }
  if (error instanceof SmalltalkError) {
    return [error.messageText, ...error.smalltalkStack].join("\n");
  }
  throw error;
}

/**
 * Runs the work of a command; errors of Smalltalk code end it with status 1, also those in a process that it forked; a quit
 * of the image ends it with its status.
 */
export async function guard(session: Session, work: () => Promise<void>): Promise<number> {
  try {
    await work();
    return session.channel.forkedFailureCount > 0 ? EXIT_FAILED : 0;
  } catch (error) {
    if (error instanceof ImageStoppedError && error.status !== undefined) throw new ExitRequest(error.status);
    const failure = describeFailure(error);
    if (process.stdout.isTTY && process.stderr.isTTY) endOpenLine();
    writeError(failure);
    return EXIT_FAILED;
  } finally {
    session.close();
  }
}
