// The embedding interface: `import { Image } from "gondola"`.

import { inspect } from "node:util";
import { FORM_HANDLE, FORM_VALUE, SmalltalkError } from "./channel.ts";
import { ENGINE_NAMES, type EngineName, MOST_ACTIVATIONS } from "./engine.ts";
import { descriptorSink } from "./host.ts";
import { ImageStoppedError } from "./imageStoppedError.ts";
import { Session } from "./session.ts";
import { DEEPEST_NESTING, GlobalName, Handle } from "./wire.ts";

export { SourceError } from "../../compiler/sourceError.ts";
export { ImageFileError } from "../../image/file.ts";
export { ImageStoppedError, SmalltalkError };

export interface OpenOptions {
  /** Which compiled form of the machine runs the image. Default: wasm. */
  engine?: EngineName;
  /** The most memory that the image may use, in bytes (4 MiB of which are the machine's own tables and new space). */
  memoryLimitBytes?: number;
  /** A method is translated to WebAssembly after so many activations (engine wasm); 0: never. Default: 300. */
  translateAfter?: number;
  /** Which compiler makes methods of sources: the image's own, or the one outside of it. Default: image. */
  compiler?: "image" | "ohm";
  /** Undeclared variables are errors instead of nil. Default: false. */
  strict?: boolean;
  /**
   * Takes what the image writes to its output (the Transcript) and errors. What it throws is an uncaught exception of this
   * program; the image goes on. Default: output and errors of this program.
   */
  onOutput?: (bytes: Uint8Array, stream: "output" | "errors") => void;
}

export interface EvaluateOptions {
  /** After this many milliseconds the evaluation is interrupted and fails with its stack. Default: Infinity, no limit. */
  timeoutMs?: number;
}

/**
 * What comes back from an image: null for nil, booleans, strings (for Strings and Symbols), numbers (bigint beyond 2^53),
 * arrays of these, Uint8Array for ByteArrays, and an ObjectHandle for everything else.
 */
export type Value = null | boolean | number | bigint | string | Uint8Array | Value[] | ObjectHandle;

/**
 * What can be sent to an image: the same, undefined (nil), and functions, which Smalltalk evaluates like blocks with
 * `value`, `value:` and so on.
 */
export type Argument = undefined | Value | Argument[] | ((...values: never[]) => unknown);

/** An object of an image that has no counterpart in JavaScript. It stays alive in the image until it is released. */
export class ObjectHandle {
  /** @internal */
  constructor(
    /** @internal */
    readonly image: Image,
    /** @internal */
    readonly handle: Handle,
  ) {
    collected.register(this, { image: new WeakRef(image), handle }, this);
  }

  /** Name of the object's class. */
  get className(): string {
    return this.handle.className;
  }

  /** @internal How Node's console shows the handle: nobody wants to see the machine behind it. */
  [inspect.custom](): string {
    return `ObjectHandle(${this.className})`;
  }

  /** Sends the object a message: `account.send("deposit:", 100)`. */
  send(selector: string, ...values: Argument[]): Promise<Value> {
    return this.image.send(this, selector, ...values);
  }

  /** The object's printString. */
  async print(): Promise<string> {
    return (await this.send("printString")) as string;
  }

  /** Lets the image forget the object. Handles that are garbage here are released by themselves, some time. */
  release(): void {
    collected.unregister(this);
    this.image.releaseHandle(this.handle);
  }
}

const collected = new FinalizationRegistry<{ image: WeakRef<Image>; handle: Handle }>(({ image, handle }) => {
  image.deref()?.releaseHandle(handle);
});

/** A living image in this program. Any number may be open at once; they share nothing. */
export class Image {
  private readonly session: Session;
  /** The same function is the same object in the image. */
  private readonly wrappers = new WeakMap<object, (...values: unknown[]) => Promise<unknown>>();

  private constructor(session: Session) {
    this.session = session;
  }

  /** Opens an image file, or a fresh image of the class library. Throws ImageFileError when the file is not an image. */
  static async open(file?: string, options: OpenOptions = {}): Promise<Image> {
    const { onOutput, ...rest } = options;
    checkOptions(rest);
    const sink = (stream: "output" | "errors", descriptor: number) => {
      if (!onOutput) return descriptorSink(descriptor);
      return (bytes: Uint8Array) => {
        try {
          onOutput(bytes.slice(), stream);
        } catch (error) {
          // The program's own error, which must not pass through the machine.
          process.nextTick(() => {
            throw error;
          });
        }
        return bytes.length;
      };
    };
    const streams = { output: sink("output", 1), errors: sink("errors", 2) };
    const session = new Session({ ...rest, imageFile: file, streams });
    return new Image(session);
  }

  /**
   * Evaluates an expression, or several statements, and answers the value of the last one. Variables that are assigned
   * without a declaration keep their value for later evaluations. Throws SourceError, SmalltalkError, or
   * ImageStoppedError.
   */
  async evaluate(source: string, options: EvaluateOptions = {}): Promise<Value> {
    checkEvaluation(source, options);
    return this.fromImage(await this.session.evaluate(source, { ...options, form: FORM_VALUE }));
  }

  /** As evaluate, but answers a handle whatever the value is. */
  async evaluateToHandle(source: string, options: EvaluateOptions = {}): Promise<ObjectHandle> {
    checkEvaluation(source, options);
    return this.fromImage(await this.session.evaluate(source, { ...options, form: FORM_HANDLE })) as ObjectHandle;
  }

  /** Sends a message to a value; a handle's own `send` is shorter. */
  async send(receiver: Argument, selector: string, ...values: Argument[]): Promise<Value> {
    checkString(selector, "A message is sent by its selector");
    return this.fromImage(
      await this.session.send(
        this.toImage(receiver),
        selector,
        values.map((value) => this.toImage(value)),
      ),
    );
  }

  /** The object that a global variable holds, a class for example. */
  async global(name: string): Promise<ObjectHandle> {
    checkString(name, "A global variable is found by its name");
    const handle = await this.session.send(new GlobalName(name), "yourself", [], { form: FORM_HANDLE });
    return this.fromImage(handle) as ObjectHandle;
  }

  /**
   * Makes a function callable from Smalltalk: `JavaScript call: 'name' with: argument`. The calling process waits for the
   * answer, which may be a promise; an error that is thrown becomes a JavaScriptError there.
   */
  register<Values extends Value[]>(name: string, callee: (...values: Values) => unknown): void {
    checkString(name, "A function is registered under a name");
    if (typeof callee !== "function") throw new TypeError(`A function is registered, not ${inspect(callee)}.`);
    this.session.channel.register(name, this.wrap(callee as (...values: Value[]) => unknown));
  }

  private wrap(callee: (...values: Value[]) => unknown): (...values: unknown[]) => Promise<unknown> {
    let wrapper = this.wrappers.get(callee);
    if (!wrapper) {
      wrapper = async (...values) =>
        this.toImage((await callee(...values.map((value) => this.fromImage(value)))) as Argument);
      this.wrappers.set(callee, wrapper);
    }
    return wrapper;
  }

  /** Saves the image. The previous file survives whatever goes wrong. Throws ImageFileError. */
  async save(file: string): Promise<void> {
    checkString(file, "An image is saved under the name of a file");
    return this.session.save(file);
  }

  /** Ends the image. What is being evaluated fails with ImageStoppedError. */
  close(): void {
    this.session.close();
  }

  /** Whether the image was closed, quit by itself, or had to be stopped. */
  get isStopped(): boolean {
    return this.session.isStopped;
  }

  /** @internal How Node's console shows the image. */
  [inspect.custom](): string {
    return this.isStopped ? "Image(stopped)" : "Image(running)";
  }

  /** @internal */
  releaseHandle(handle: Handle): void {
    if (!this.session.isStopped) this.session.channel.release([handle]);
  }

  private fromImage(value: unknown): Value {
    if (value instanceof Handle) return new ObjectHandle(this, value);
    if (Array.isArray(value)) return value.map((element) => this.fromImage(element));
    return value as Value;
  }

  /** What is nested too deeply is left as it is, for the writer to refuse. */
  private toImage(value: Argument, depth = 0): unknown {
    if (value instanceof ObjectHandle) {
      if (value.image !== this) throw new TypeError("This handle is of an object in another image.");
      return value.handle;
    }
    if (Array.isArray(value) && depth <= DEEPEST_NESTING) {
      return value.map((element) => this.toImage(element, depth + 1));
    }
    return typeof value === "function" ? this.wrap(value as (...values: Value[]) => unknown) : value;
  }
}

// --- What programs without types get wrong ---

function checkString(value: unknown, rule: string): void {
  if (typeof value !== "string" || value === "") throw new TypeError(`${rule}, not ${inspect(value)}.`);
}

function checkEvaluation(source: unknown, { timeoutMs }: EvaluateOptions): void {
  if (typeof source !== "string") throw new TypeError(`Source text is evaluated, not ${inspect(source)}.`);
  if (timeoutMs !== undefined && !(typeof timeoutMs === "number" && timeoutMs >= 0)) {
    throw new RangeError(`timeoutMs is a number of milliseconds from 0, not ${inspect(timeoutMs)}.`);
  }
}

function checkOptions({ engine = "wasm", memoryLimitBytes: limit = 1, translateAfter: after = 0 }: OpenOptions): void {
  if (!ENGINE_NAMES.includes(engine)) {
    throw new RangeError(`engine is one of ${ENGINE_NAMES.join(", ")}, not ${inspect(engine)}.`);
  }
  if (!(typeof limit === "number" && limit > 0)) {
    throw new RangeError(`memoryLimitBytes is a number of bytes from 1, not ${inspect(limit)}.`);
  }
  if (!(Number.isInteger(after) && after >= 0 && after <= MOST_ACTIVATIONS)) {
    throw new RangeError(
      `translateAfter is a number of activations from 0 to ${MOST_ACTIVATIONS}, not ${inspect(after)}.`,
    );
  }
}
