// The host channel: requests to the image and its answers. A message is a byte that says what it is, a number that
// pairs an answer with its request, and what the table says; wire.ts encodes the values. HostServer of image/Host is the
// other side.

import { inspect } from "node:util";
import type { Diagnostic, DiagnosticCode } from "../../compiler/sourceError.ts";
import { type Handle, WireReader, WireWriter } from "./wire.ts";

/** Requests to the image: number, then the fields. All but RELEASE, INTERRUPT and ANSWER are answered. */
export const REQUEST_EVALUATE = 1; // form byte, limit (word), encoded method (counted): runs it in a new process
export const REQUEST_SEND = 2; // form byte, limit (word), receiver, selector (text), arguments (array value)
export const REQUEST_RELEASE = 3; // count of ids (word), ids (words): the image may forget these handles
export const REQUEST_INTERRUPT = 4; // reason (text): the request of this number fails with its stack, unwinding
export const REQUEST_EVALUATE_SOURCE = 5; // form byte, limit (word), 1 for strict, source (text), variables (array value)
export const REQUEST_ANSWER = 6; // 1 and a value, or 0 and a text: how the call of this number came out
export const REQUEST_INSTALL = 7; // class, or Som.class (text), 1 for its class side, protocol (text), encoded method (counted)
export const REQUEST_SAVE = 8; // takes a snapshot; answered true when saved
export const REQUEST_INSTALL_SOURCE = 9; // class name (text), 1 for its class side, protocol (text), 1 for strict, source

/** From this version of the image's side on it compiles source text by itself. */
export const VERSION_WITH_COMPILER = 2;

/** Answers from the image. */
export const ANSWER_VALUE = 1; // value
export const ANSWER_FAILURE = 2; // class name (text), message (text), stack (text): one line a frame
export const ANSWER_CALL = 3; // name (text) or function number (value), arguments (array value): expects ANSWER
export const ANSWER_READY = 4; // protocol version as the number: the server is there
export const ANSWER_FORKED_FAILURE = 5; // an error that nobody handled ended a process that nobody waits for
export const ANSWER_WARNING = 6; // a diagnostic: code (text), message (text), start and end in the source (words)
export const ANSWER_SOURCE_ERROR = 7; // a diagnostic: the source of the request is wrong

/** What an evaluation answers: the value as wire.ts has it, always a handle, or its printString. */
export const FORM_VALUE = 0;
export const FORM_HANDLE = 1;
export const FORM_PRINTED = 2;
export type Form = typeof FORM_VALUE | typeof FORM_HANDLE | typeof FORM_PRINTED;

/** An error that nobody in the image handled. */
export class SmalltalkError extends Error {
  override readonly name = "SmalltalkError";
  constructor(
    /** Name of the exception's class. */
    readonly className: string,
    /** Its description. */
    readonly messageText: string,
    /** One line a frame, the failing one first. */
    readonly smalltalkStack: string[],
  ) {
    super(messageText);
  }
}

/** What the image's compiler says of a source; offsets count characters from 0. */
export class SourceRefusal extends Error {
  constructor(readonly diagnostic: Diagnostic) {
    super(diagnostic.message);
  }
}

interface Pending {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
  warn: (diagnostic: Diagnostic) => void;
}

export class Channel {
  private readonly pending = new Map<number, Pending>();
  private readonly functions = new Map<string | number, (...values: unknown[]) => unknown>();
  private readonly functionNumbers = new WeakMap<object, number>();
  private lastNumber = 0;
  private lastFunctionNumber = 0;
  isReady = false;
  private becomeReady!: (version: number) => void;
  /** The version of the image's side, as soon as that is there. */
  readonly ready = new Promise<number>((resolve) => {
    this.becomeReady = resolve;
  });
  /** Processes that ended by an error of theirs, other than those of requests. */
  forkedFailureCount = 0;
  /** Calls of JavaScript functions whose answers are still to come. */
  callsInProgress = 0;

  constructor(private readonly transmit: (message: Uint8Array) => void) {}

  get pendingCount(): number {
    return this.pending.size;
  }

  pendingNumbers(): number[] {
    return [...this.pending.keys()];
  }

  isPending(number: number): boolean {
    return this.pending.has(number);
  }

  /** A number for a request that is still to be posted, and what will be answered to it. */
  open(warn: (diagnostic: Diagnostic) => void = () => {}): { number: number; answer: Promise<unknown> } {
    const number = ++this.lastNumber;
    const answer = new Promise((resolve, reject) => this.pending.set(number, { resolve, reject, warn }));
    return { number, answer };
  }

  /** Posts a message to the image; `write` adds its fields. */
  post(kind: number, number: number, write: (writer: WireWriter) => void = () => {}): void {
    const writer = new WireWriter((callee) => this.numberOf(callee as never)).byte(kind).word(number);
    write(writer);
    this.transmit(writer.contents());
  }

  release(handles: Handle[]): void {
    this.post(REQUEST_RELEASE, 0, (writer) => {
      writer.word(handles.length);
      for (const handle of handles) writer.word(handle.id);
    });
  }

  register(name: string, callee: (...values: unknown[]) => unknown): void {
    this.functions.set(name, callee);
  }

  private numberOf(callee: (...values: unknown[]) => unknown): number {
    let number = this.functionNumbers.get(callee);
    if (number === undefined) {
      number = ++this.lastFunctionNumber;
      this.functionNumbers.set(callee, number);
      this.functions.set(number, callee);
    }
    return number;
  }

  receive(message: Uint8Array): void {
    const reader = new WireReader(message);
    const kind = reader.byte();
    const number = reader.word();
    if (kind === ANSWER_VALUE) this.settle(number, (pending) => pending.resolve(reader.value()));
    else if (kind === ANSWER_FAILURE) this.settle(number, (pending) => pending.reject(readFailure(reader)));
    else if (kind === ANSWER_FORKED_FAILURE) this.forkedFailureCount++;
    else if (kind === ANSWER_READY) this.noteReady(number);
    else if (kind === ANSWER_WARNING) this.pending.get(number)?.warn(readDiagnostic(reader));
    else if (kind === ANSWER_SOURCE_ERROR)
      this.settle(number, (pending) => pending.reject(new SourceRefusal(readDiagnostic(reader))));
    else if (kind === ANSWER_CALL)
      void this.call(number, reader.value() as string | number, reader.value() as unknown[]);
  }

  private noteReady(version: number): void {
    this.isReady = true;
    this.becomeReady(version);
  }

  private settle(number: number, settle: (pending: Pending) => void): void {
    const pending = this.pending.get(number);
    this.pending.delete(number);
    if (pending) settle(pending);
  }

  /** Fails one request, or all of them, from this side. */
  abandon(error: Error, number?: number): void {
    for (const each of number === undefined ? [...this.pending.keys()] : [number]) {
      this.settle(each, (pending) => pending.reject(error));
    }
  }

  private async call(number: number, name: string | number, values: unknown[]): Promise<void> {
    this.callsInProgress++;
    try {
      const callee = this.functions.get(name);
      if (!callee) throw new Error(`No JavaScript function is registered as ${name}.`);
      const result = await callee(...values);
      this.post(REQUEST_ANSWER, number, (writer) => writer.byte(1).value(result));
    } catch (error) {
      this.post(REQUEST_ANSWER, number, (writer) => writer.byte(0).text(describeThrown(error)));
    } finally {
      this.callsInProgress--;
    }
  }
}

/** JavaScript throws anything, also what cannot be made a string. */
function describeThrown(error: unknown): string {
  const { message } = (error ?? {}) as Partial<Error>;
  if (typeof message === "string") return message;
  return typeof error === "string" ? error : inspect(error);
}

function readDiagnostic(reader: WireReader): Diagnostic {
  const [code, message] = [reader.text() as DiagnosticCode, reader.text()];
  return { code, message, start: reader.word(), end: reader.word() };
}

function readFailure(reader: WireReader): SmalltalkError {
  const [className, messageText, stack] = [reader.text(), reader.text(), reader.text()];
  return new SmalltalkError(className, messageText, withoutServerFrames(stack.split("\n")));
}

const SERVER_FRAME =
  /CompiledMethod>>valueWithReceiver:arguments:|BlockClosure>>ifCurtailed:|\[\] in HostServer>>|HostEvaluation\)?>>|HostCompilation>>/;

/** What the server put below the code that was asked for is no concern of those who asked. */
function withoutServerFrames(lines: string[]): string[] {
  const frames = lines.filter((line) => line.trim() !== "");
  let end = frames.length;
  while (end > 0 && SERVER_FRAME.test(frames[end - 1])) end--;
  return frames.slice(0, end);
}
