// One living image and the work with it: source text goes in, is compiled and runs there, and its outcome comes back.
// Command line, workspace and embedding interface are all built on this.

import type { MethodDefinition } from "../../compiler/definitions.ts";
import { SOM_ENVIRONMENT, SOM_UNKNOWN_NAME_SELECTOR } from "../../compiler/environment.ts";
import { type Diagnostic, type Origin, originOf, SourceError, textOf } from "../../compiler/sourceError.ts";
import { readImageFile, readOwnImageFile, saveImageFile } from "../../image/file.ts";
import { livingMemory } from "../../image/heapReader.ts";
import { ImageReader } from "../../image/reader.ts";
import {
  Channel,
  FORM_VALUE,
  type Form,
  REQUEST_EVALUATE,
  REQUEST_EVALUATE_SOURCE,
  REQUEST_INSTALL,
  REQUEST_INSTALL_SOURCE,
  REQUEST_INTERRUPT,
  REQUEST_SAVE,
  REQUEST_SEND,
  SourceRefusal,
  VERSION_WITH_COMPILER,
} from "./channel.ts";
import type { Connections } from "./connections.ts";
import { defaultImageFile, engineCode, version } from "./distribution.ts";
import type { EngineName } from "./engine.ts";
import type { Streams } from "./host.ts";
import { ImageStoppedError } from "./imageStoppedError.ts";
import { LONGEST_WAIT_MS, RunningMachine, type Stop } from "./machine.ts";
import type { OuterCompiler } from "./outerCompiler.ts";
import { GlobalName, type WireWriter } from "./wire.ts";
import { WorkspaceEnvironment } from "./workspaceEnvironment.ts";

/** Which compiler makes methods of sources: that of the image, if it has one, or the one outside. */
export type CompilerName = "image" | "ohm";

export type Warn = (diagnostic: Diagnostic, origin: Origin) => void;

export interface SessionOptions {
  engine?: EngineName;
  imageFile?: string;
  streams: Streams;
  memoryLimitBytes?: number;
  /** After so many activations a method is translated; 0: never. */
  translateAfter?: number;
  /** Default: image. */
  compiler?: CompilerName;
  /** Undeclared variables are errors. */
  strict?: boolean;
  /** `warn` is told of variables that are never read or hide others, too, not only of names that nobody declared. */
  allWarnings?: boolean;
  /** Told of warnings of the compiler. */
  warn?: Warn;
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
  /** When it is aborted, the evaluation is interrupted. */
  signal?: AbortSignal;
  /** Undeclared variables are errors, whatever the session says. */
  strict?: boolean;
  /** Variables that the text uses and that are to be the workspace's. */
  variables?: string[];
  /** Told of warnings in place of the session's. */
  warn?: Warn;
}

/** How long an interrupted image has to answer before it is stopped as a whole. */
const INTERRUPT_GRACE_MS = 1500;
/** So many slices it gets at least, as long as they do not take all that longer. */
const SLICES_TO_REACT = 20;
const LONGEST_GRACE_MS = 15_000;
const PRINT_LIMIT = 10_000;

export class Session {
  readonly channel: Channel;
  readonly reader: ImageReader;
  readonly environment: WorkspaceEnvironment;
  /** Sees the classes of SOM programs before those of the system. */
  private readonly somReader: ImageReader;
  private readonly machine: RunningMachine;
  private readonly options: SessionOptions;
  /** What the image file says of its contents, and the next one will say. */
  private flags: number;
  private saveTarget: string | undefined;
  /** Settles when the save that is being done is over. */
  private saving: Promise<unknown> | undefined;
  private saveFailure: Error | undefined;
  private stopped: Stop | undefined;
  /** For images that may not react to an interrupt; they keep the program alive as long as somebody waits for an answer. */
  private readonly graceTimers = new Set<NodeJS.Timeout>();
  /** Requests that wait for the image to be there, or for the outer compiler. */
  private unpostedCount = 0;
  /** The outer compiler, when that is the one to use; known when the image has said what it can do. */
  private readonly outerCompiler: Promise<OuterCompiler | undefined>;

  constructor(options: SessionOptions) {
    this.options = options;
    const image =
      options.imageFile === undefined ? readOwnImageFile(defaultImageFile) : readImageFile(options.imageFile);
    this.flags = image.flags;
    this.machine = new RunningMachine({
      code: engineCode(options.engine ?? "wasm"),
      image,
      streams: options.streams,
      memoryLimitBytes: options.memoryLimitBytes,
      translateAfter: options.translateAfter,
      onMessage: (message) => this.channel.receive(message),
      onSnapshot: (content) => this.saveSnapshot(content),
      onStop: (stop) => this.handleStop(stop),
      onIdle: () => this.noticeDeadlock(),
      keepsAlive: () => this.channel.pendingCount > 0,
    });
    this.channel = new Channel((message) => this.machine.host.send(message));
    this.reader = new ImageReader(livingMemory(this.machine));
    this.somReader = new ImageReader(livingMemory(this.machine), SOM_ENVIRONMENT, SOM_UNKNOWN_NAME_SELECTOR);
    this.environment = new WorkspaceEnvironment(this.somReader);
    this.outerCompiler = this.chooseCompiler();
    this.outerCompiler.catch(() => {}); // each request tells of the failure
    this.machine.schedule();
  }

  // --- Evaluation ---

  /** Compiles and runs an expression. Throws SourceError, SmalltalkError or ImageStoppedError. */
  async evaluate(text: string, options: EvaluateOptions = {}): Promise<unknown> {
    const [source, origin] = atLineOfFile(text, options.origin ?? originOf("expression", text));
    const { form = FORM_VALUE, limit = PRINT_LIMIT, variables = [], strict = this.options.strict ?? false } = options;
    const settings = { ...this.compilerSettings(origin, options.warn), strict };
    return this.requestWithSource(source, settings, options, (number, outer) => {
      for (const name of outer ? variables : []) this.environment.declare(name);
      const method = outer?.expression(source, settings);
      this.channel.post(method ? REQUEST_EVALUATE : REQUEST_EVALUATE_SOURCE, number, (writer) => {
        writer.byte(form).word(limit);
        if (method) writer.counted(method);
        else writeSource(writer, source, strict).value(variables);
      });
    });
  }

  async send(receiver: unknown, selector: string, values: unknown[], options: EvaluateOptions = {}): Promise<unknown> {
    return this.perform(options, (number) => this.postSend(number, receiver, selector, values, options));
  }

  private postSend(
    number: number,
    receiver: unknown,
    selector: string,
    values: unknown[],
    { form = FORM_VALUE, limit = PRINT_LIMIT }: EvaluateOptions,
  ): void {
    this.channel.post(REQUEST_SEND, number, (writer) => {
      writer.byte(form).word(limit).value(receiver).text(selector).value(values);
    });
  }

  /** Compiles a method and installs it in its class. Answers its selector. It may use classes that come later. */
  async installMethod(definition: MethodDefinition, classesToCome?: ReadonlySet<string>, warn?: Warn): Promise<string> {
    const { className, meta, protocol, source, origin, environment } = definition;
    const settings = this.compilerSettings(origin, warn, classesToCome);
    const answer = await this.requestWithSource(source, settings, {}, (number, outer) => {
      const method = outer?.method(definition, settings);
      this.channel.post(method ? REQUEST_INSTALL : REQUEST_INSTALL_SOURCE, number, (writer) => {
        writer
          .text(environment === undefined ? className : `${environment}.${className}`)
          .byte(meta ? 1 : 0)
          .text(protocol);
        if (method) writer.counted(method);
        else writeSource(writer, source, settings.strict);
      });
    });
    return answer as string;
  }

  // --- Compiling ---

  /** Undefined when the image compiles by itself. */
  private async chooseCompiler(): Promise<OuterCompiler | undefined> {
    const version = await this.channel.ready;
    if (version >= VERSION_WITH_COMPILER && this.options.compiler !== "ohm") return undefined;
    const { OuterCompiler } = await import("./outerCompiler.ts");
    const compiler = new OuterCompiler(this.reader, this.somReader, this.environment);
    compiler.register(this.channel);
    await this.adoptVariables();
    return compiler;
  }

  private compilerSettings(
    origin: Origin,
    warn: Warn | undefined = this.options.warn,
    classesToCome?: ReadonlySet<string>,
  ): {
    origin: Origin;
    strict: boolean;
    warn: (diagnostic: Diagnostic) => void;
  } {
    const { strict = false, allWarnings = false } = this.options;
    const tell = (diagnostic: Diagnostic) => {
      const isUndeclared = diagnostic.code === "undeclared";
      if (isUndeclared && classesToCome?.has(textOf(diagnostic, origin))) return;
      if (allWarnings || isUndeclared) warn?.(diagnostic, origin);
    };
    return { origin, strict, warn: tell };
  }

  /** Makes the variables known to the outer compiler that a workspace had when it was saved with the image. */
  private async adoptVariables(): Promise<void> {
    if (this.options.imageFile === undefined) return;
    const { number, answer } = this.channel.open();
    this.postSend(number, new GlobalName("HostTools"), "workspaceVariables", [], {});
    for (const name of (await answer) as string[]) this.environment.declare(name);
  }

  get isStrict(): boolean {
    return this.options.strict ?? false;
  }

  // --- Requests ---

  private async request(kind: number, options: EvaluateOptions, write: (writer: WireWriter) => void): Promise<unknown> {
    return this.perform(options, (number) => this.channel.post(kind, number, write));
  }

  /** What the image says of the source is put in terms of where that comes from. */
  private async requestWithSource(
    source: string,
    { origin, warn }: { origin: Origin; warn: (diagnostic: Diagnostic) => void },
    options: EvaluateOptions,
    post: (number: number, outer?: OuterCompiler) => void,
  ): Promise<unknown> {
    try {
      return await this.perform(options, post, (diagnostic) => warn(inCodeUnits(diagnostic, source)));
    } catch (error) {
      if (error instanceof SourceRefusal) throw new SourceError(inCodeUnits(error.diagnostic, source), origin);
      throw error;
    }
  }

  /** `post` sends the request with this number, as soon as the image is there. */
  private async perform(
    options: EvaluateOptions,
    post: (number: number, outer?: OuterCompiler) => void,
    warn?: (diagnostic: Diagnostic) => void,
  ): Promise<unknown> {
    if (this.stopped) throw stopError(this.stopped);
    const { number, answer } = this.channel.open(warn);
    answer.catch(() => {}).then(() => this.endGrace());
    this.whenReady((outer) => post(number, outer)).catch((error: Error) => this.channel.abandon(error, number));
    const timer = this.startTimeLimit(number, options.timeoutMs);
    const interrupt = () => this.interruptRequest(number, "Interrupted.");
    options.signal?.addEventListener("abort", interrupt);
    try {
      return await answer;
    } catch (error) {
      Error.captureStackTrace(error as Error); // where it was made, nobody is who waits for it here
      throw error;
    } finally {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", interrupt);
    }
  }

  private startTimeLimit(number: number, timeoutMs = Infinity): NodeJS.Timeout | undefined {
    if (timeoutMs > LONGEST_WAIT_MS) return undefined;
    return setTimeout(() => this.interruptRequest(number, `The time limit of ${timeoutMs} ms is over.`), timeoutMs);
  }

  /** Who waits for nothing more shall not wait for a timer either. */
  private endGrace(): void {
    if (this.channel.pendingCount === 0) for (const timer of this.graceTimers) timer.unref();
  }

  /** All that is sent goes through here, so that it is sent in the order in which it was asked for. */
  private async whenReady(action: (outer?: OuterCompiler) => void): Promise<void> {
    this.unpostedCount++;
    try {
      const outer = await this.outerCompiler;
      if (!this.stopped) action(outer);
    } finally {
      this.unpostedCount--;
    }
  }

  /** Ends what is being evaluated: it fails with its stack. */
  interrupt(reason: string): void {
    for (const number of this.channel.pendingNumbers()) this.interruptRequest(number, reason);
  }

  private interruptRequest(number: number, reason: string): void {
    void this.whenReady(() => this.channel.post(REQUEST_INTERRUPT, number, (writer) => writer.text(reason)));
    this.expectReaction(reason, () => !this.channel.isPending(number));
  }

  /** Stops the image when it does not react, but not because a slice took long: to collect a large heap, for example. */
  expectReaction(reason: string, hasReacted: () => boolean): void {
    const lastSlice = this.machine.sliceCount + SLICES_TO_REACT;
    const look = (waitMs: number, waitedMs: number) => {
      const timer = setTimeout(() => {
        this.graceTimers.delete(timer);
        if (hasReacted()) return;
        if (this.machine.sliceCount < lastSlice && waitedMs < LONGEST_GRACE_MS) return look(100, waitedMs + waitMs);
        const message = `${reason} The image did not react to the interrupt and was stopped.`;
        this.machine.stop({ kind: "stopped", message });
      }, waitMs);
      this.graceTimers.add(timer);
    };
    look(INTERRUPT_GRACE_MS, 0);
  }

  /** Tells the image of an event that it may be waiting for. */
  signal(index: number): void {
    this.machine.signal(index);
  }

  /** Network connections of the image. */
  get connections(): Connections {
    return this.machine.host.connections;
  }

  // --- Saving ---

  /** Saves the image; the previous file survives every failure. `flags` are those of image/file.ts. Throws ImageFileError. */
  async save(file: string, flags = 0): Promise<void> {
    while (this.saving) await this.saving;
    this.flags |= flags;
    this.saveTarget = file;
    this.saveFailure = undefined;
    const answer = this.request(REQUEST_SAVE, {}, () => {});
    this.saving = answer.catch(() => {});
    try {
      await answer;
    } catch (error) {
      throw this.saveFailure ?? error;
    } finally {
      this.saveTarget = this.saving = undefined;
    }
  }

  private saveSnapshot(content: { heap: Uint8Array; specialObjectsOop: number; hashSeed: number }): boolean {
    if (this.saveTarget === undefined) return false;
    try {
      saveImageFile(this.saveTarget, {
        ...content,
        flags: this.flags,
        savedAtMs: Date.now(),
        creator: `gondola ${version}`,
      });
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
    const { isReady, pendingCount, callsInProgress } = this.channel;
    // What is not posted yet will be, unless nobody is there to take it.
    const isSending = isReady && this.unpostedCount > 0;
    if (pendingCount === 0 || isSending || callsInProgress > 0 || this.machine.host.awaitsInput) return;
    this.options.onDeadlock?.();
  }

  get isStopped(): boolean {
    return this.stopped !== undefined;
  }

  close(): void {
    this.machine.stop({ kind: "stopped", message: "The image was closed." });
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

function writeSource(writer: WireWriter, source: string, strict: boolean): WireWriter {
  return writer.byte(strict ? 1 : 0).text(source);
}

/** The image counts characters, which are one or two code units of JavaScript. */
function inCodeUnits(diagnostic: Diagnostic, source: string): Diagnostic {
  const [start, end] = [diagnostic.start, diagnostic.end].map((count) => {
    let index = 0;
    for (let rest = count; rest > 0 && index < source.length; rest--)
      index += source.codePointAt(index)! > 0xffff ? 2 : 1;
    return index;
  });
  return { ...diagnostic, start, end };
}

export { ImageStoppedError, SourceError };
