// One living image and the work with it: source text goes in, is compiled here, runs there, and its outcome comes back.
// Command line, workspace and embedding interface are all built on this.

import { type CompileOptions, compileExpression, compileMethod } from "../../compiler/compile.ts";
import type { CompiledMethodData } from "../../compiler/compiledCode.ts";
import type { MethodDefinition } from "../../compiler/definitions.ts";
import { encodeMethod } from "../../compiler/encode.ts";
import type { Environment } from "../../compiler/environment.ts";
import { type Diagnostic, type Origin, originOf, SourceError } from "../../compiler/sourceError.ts";
import { readImageFile, saveImageFile } from "../../image/file.ts";
import { livingMemory } from "../../image/heapReader.ts";
import { ImageReader } from "../../image/reader.ts";
import {
  Channel,
  FORM_VALUE,
  type Form,
  REQUEST_EVALUATE,
  REQUEST_INSTALL,
  REQUEST_INTERRUPT,
  REQUEST_SAVE,
  REQUEST_SEND,
} from "./channel.ts";
import type { Connections } from "./connections.ts";
import { defaultImageFile, engineCode, version } from "./distribution.ts";
import type { EngineName } from "./engine.ts";
import type { Streams } from "./host.ts";
import { RunningMachine, type Stop } from "./machine.ts";
import { GlobalName, type WireWriter } from "./wire.ts";

export interface SessionOptions {
  engine?: EngineName;
  imageFile?: string;
  streams: Streams;
  memoryLimitBytes?: number;
  /** Undeclared variables are errors. */
  strict?: boolean;
  /** Told of each warning of the compiler. */
  warn?: (diagnostic: Diagnostic, origin: Origin) => void;
  /** The image has quit by itself, or the machine failed. */
  onStop?: (stop: Stop) => void;
  /** Whatever is being evaluated waits for something that cannot happen any more. */
  onDeadlock?: () => void;
}

export interface EvaluateOptions {
  /** How messages call the text. */
  origin?: Origin;
  form?: Form;
  /** Characters of a printString. */
  limit?: number;
  /** After so long the evaluation is interrupted. */
  timeoutMs?: number;
  /** Undeclared variables are errors, whatever the session says. */
  strict?: boolean;
}

/** How long an interrupted image has to answer before it is stopped as a whole. */
const INTERRUPT_GRACE_MS = 1500;
const PRINT_LIMIT = 10_000;

/** The machine does not run any more. */
export class ImageStoppedError extends Error {
  override readonly name = "ImageStoppedError";
  constructor(
    message: string,
    /** The exit status that the image gave, when it quit by itself. */
    readonly status?: number,
  ) {
    super(message);
  }
}

export class Session {
  readonly channel: Channel;
  readonly reader: ImageReader;
  readonly environment: WorkspaceEnvironment;
  private readonly machine: RunningMachine;
  private readonly options: SessionOptions;
  private saveTarget: string | undefined;
  private saveFailure: Error | undefined;
  private stopped: Stop | undefined;

  constructor(options: SessionOptions) {
    this.options = options;
    this.machine = new RunningMachine({
      code: engineCode(options.engine ?? "wasm"),
      image: readImageFile(options.imageFile ?? defaultImageFile),
      streams: options.streams,
      memoryLimitBytes: options.memoryLimitBytes,
      onMessage: (message) => this.channel.receive(message),
      onSnapshot: (content) => this.saveSnapshot(content),
      onStop: (stop) => this.handleStop(stop),
      onIdle: () => this.noticeDeadlock(),
      keepsAlive: () => this.channel.pendingCount > 0,
    });
    this.channel = new Channel((message) => this.machine.host.send(message));
    this.reader = new ImageReader(livingMemory(this.machine));
    this.environment = new WorkspaceEnvironment(this.reader);
    this.registerCompiler();
    this.machine.schedule();
  }

  // --- Evaluation ---

  /** Compiles and runs an expression. Throws SourceError, SmalltalkError or ImageStoppedError. */
  async evaluate(source: string, options: EvaluateOptions = {}): Promise<unknown> {
    const method = this.compile(source, options.origin ?? originOf("expression", source), options.strict);
    return this.request(REQUEST_EVALUATE, options, (writer) => {
      writer.byte(options.form ?? FORM_VALUE).word(options.limit ?? PRINT_LIMIT);
      writer.counted(encodeMethod(method));
    });
  }

  async send(receiver: unknown, selector: string, values: unknown[], options: EvaluateOptions = {}): Promise<unknown> {
    return this.request(REQUEST_SEND, options, (writer) => {
      writer.byte(options.form ?? FORM_VALUE).word(options.limit ?? PRINT_LIMIT);
      writer.value(receiver).text(selector).value(values);
    });
  }

  /** Compiles a method and installs it in its class. Answers its selector. */
  async installMethod({ className, meta, protocol, source, origin }: MethodDefinition): Promise<string> {
    const options = { ...this.compileOptions(origin), environment: this.reader, className, meta };
    const method = compileMethod(source, options);
    await this.request(REQUEST_INSTALL, {}, (writer) => {
      writer.text(className).byte(meta ? 1 : 0);
      writer.text(protocol).counted(encodeMethod(method));
    });
    return method.selector;
  }

  /**
   * A variable that is assigned at the top of an expression without having been declared becomes a variable of the
   * workspace, as in every Smalltalk's workspace.
   */
  private compile(source: string, origin: Origin, strict = this.options.strict): CompiledMethodData {
    [source, origin] = atLineOfFile(source, origin);
    const environment = this.environment;
    const declare = strict ? undefined : (name: string) => environment.declare(name);
    return compileExpression(source, { ...this.compileOptions(origin), strict, environment, declare });
  }

  /** The image compiles source text through these; a SourceError becomes an error there. */
  private registerCompiler(): void {
    const environment = this.reader;
    const text = (attempt: () => CompiledMethodData) => {
      try {
        return encodeMethod(attempt());
      } catch (error) {
        throw error instanceof SourceError ? new Error(error.render()) : error;
      }
    };
    this.channel.register("compiler.method", (className, meta, source) =>
      text(() =>
        compileMethod(source as string, { environment, className: className as string, meta: meta as boolean }),
      ),
    );
    this.channel.register("compiler.expression", (source) =>
      text(() => compileExpression(source as string, { environment })),
    );
  }

  /** Makes the variables known that a workspace had when it was saved with the image. */
  async adoptVariables(): Promise<void> {
    if (this.options.imageFile === undefined) return;
    const names = (await this.send(new GlobalName("HostTools"), "workspaceVariables", [])) as string[];
    for (const name of names) this.environment.declare(name);
  }

  private compileOptions(origin: Origin): Pick<CompileOptions, "origin" | "strict" | "warn"> {
    const { strict, warn } = this.options;
    const tell = (diagnostic: Diagnostic) => {
      if (diagnostic.code === "undeclared") warn?.(diagnostic, origin);
    };
    return { origin, strict, warn: tell };
  }

  private async request(kind: number, options: EvaluateOptions, write: (writer: WireWriter) => void): Promise<unknown> {
    if (this.stopped) throw stopError(this.stopped);
    let number = 0;
    const answer = this.channel.request(kind, write, (given) => {
      number = given;
    });
    if (options.timeoutMs === undefined) return answer;
    const reason = `The time limit of ${options.timeoutMs} ms is over.`;
    const timer = setTimeout(() => this.interruptRequest(number, reason), options.timeoutMs);
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends what is being evaluated: it fails with its stack. */
  interrupt(reason: string): void {
    for (const number of this.channel.pendingNumbers()) this.interruptRequest(number, reason);
  }

  private interruptRequest(number: number, reason: string): void {
    this.channel.post(REQUEST_INTERRUPT, number, (writer) => writer.text(reason));
    setTimeout(() => {
      if (!this.channel.isPending(number)) return;
      const message = `${reason} The image did not react to the interrupt and was stopped.`;
      this.machine.stop({ kind: "failed", message });
    }, INTERRUPT_GRACE_MS).unref();
  }

  /** Tells the image of an event that it may be waiting for. */
  signal(index: number): void {
    this.machine.signal(index);
  }

  /** Network connections of the image. */
  get connections(): Connections {
    return this.machine.host.connections;
  }

  /** Ends an image that does not react. */
  abort(message: string): void {
    this.machine.stop({ kind: "failed", message });
  }

  // --- Saving ---

  /** Saves the image; the previous file survives every failure. Throws ImageFileError. */
  async save(file: string): Promise<void> {
    this.saveTarget = file;
    this.saveFailure = undefined;
    try {
      await this.request(REQUEST_SAVE, {}, () => {});
    } catch (error) {
      throw this.saveFailure ?? error;
    } finally {
      this.saveTarget = undefined;
    }
  }

  private saveSnapshot(content: { heap: Uint8Array; specialObjectsOop: number; hashSeed: number }): boolean {
    if (this.saveTarget === undefined) return false;
    try {
      saveImageFile(this.saveTarget, { ...content, flags: 0, savedAtMs: Date.now(), creator: `gondola ${version}` });
      return true;
    } catch (error) {
      this.saveFailure = error as Error;
      return false;
    }
  }

  // --- End ---

  private handleStop(stop: Stop): void {
    this.stopped = stop;
    this.channel.abandon(stopError(stop));
    this.options.onStop?.(stop);
  }

  private noticeDeadlock(): void {
    if (this.channel.pendingCount === 0 || this.channel.callsInProgress > 0 || this.machine.host.awaitsInput) return;
    this.options.onDeadlock?.();
  }

  get isStopped(): boolean {
    return this.stopped !== undefined;
  }

  close(): void {
    this.machine.stop({ kind: "quit", status: 0 });
  }
}

/** Puts so many empty lines before a piece of a file that stacks show the line numbers of the file. */
function atLineOfFile(source: string, origin: Origin): [string, Origin] {
  const linesBefore = origin.text.slice(0, origin.bodyStart).split("\n").length - 1;
  return ["\n".repeat(linesBefore) + source, { ...origin, bodyStart: origin.bodyStart - linesBefore }];
}

function stopError(stop: Stop): ImageStoppedError {
  return stop.kind === "quit"
    ? new ImageStoppedError("The image has quit.", stop.status)
    : new ImageStoppedError(stop.message);
}

/** The variable of the workspace that holds the last value. */
const LAST_VALUE = "_";

/** The compiler's view of the image, with the workspace's own variables among the globals. */
export class WorkspaceEnvironment implements Environment {
  private readonly variables = new Set<string>([LAST_VALUE]);
  private readonly reader: ImageReader;

  constructor(reader: ImageReader) {
    this.reader = reader;
  }

  declare(name: string): void {
    this.variables.add(name);
  }

  variableNames(): Iterable<string> {
    return this.variables;
  }

  instanceVariables(className: string, meta: boolean): readonly string[] {
    return this.reader.instanceVariables(className, meta);
  }

  classVariableOwner(className: string, name: string): string | undefined {
    return this.reader.classVariableOwner(className, name);
  }

  hasGlobal(name: string): boolean {
    return this.variables.has(name) || this.reader.hasGlobal(name);
  }

  *globalNames(): Iterable<string> {
    for (const name of this.variables) if (name !== LAST_VALUE) yield name;
    yield* this.reader.globalNames();
  }

  classVariableNames(className: string): Iterable<string> {
    return this.reader.classVariableNames(className);
  }
}

export { SourceError };
