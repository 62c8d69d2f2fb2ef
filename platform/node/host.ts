// The host functions on Node: clocks, entropy, and the streams 0 to 3 of vm/host.ts. A stream never blocks; when one has
// something new, the machine gets a signal between two slices of its work.

import { randomFillSync } from "node:crypto";
import { writeSync } from "node:fs";
import { ByteQueue } from "./byteQueue.ts";
import { Connections, FIRST_CONNECTION } from "./connections.ts";
import type { HostFunctions } from "./engine.ts";

export const STREAM_INPUT = 0;
export const STREAM_OUTPUT = 1;
export const STREAM_ERRORS = 2;
export const STREAM_CHANNEL = 3;

/** Indexes of the semaphores that the image registered for events (see `signal` of vm/main.ts). */
export const SIGNAL_INPUT = 1;
export const SIGNAL_OUTPUT = 2;
export const SIGNAL_CHANNEL_INPUT = 3;
export const SIGNAL_CHANNEL_OUTPUT = 4;
export const SIGNAL_INTERRUPT = 5;
/** The running process has run for a while: others of its priority get their turn (HostServer>>shareTime). */
export const SIGNAL_TIME_SHARE = 6;
/** Nothing can happen any more, and somebody waits for it. */
export const SIGNAL_DEADLOCK = 7;

const STREAM_CLOSED = -1;
/** How long to wait before a full pipe is tried again, in milliseconds. */
const RETRY_OUTPUT_MS = 5;

/** Takes bytes that the image wrote: answers how many, 0 when busy, -1 when closed. The bytes are valid only now. */
export type OutputSink = (bytes: Uint8Array) => number;
/** Delivers input: at most `count` bytes; an empty array when none is there now, undefined at the end. */
export type InputSource = { read(count: number): Uint8Array | undefined; start(onReadable: () => void): void };

export interface Streams {
  input?: InputSource;
  output: OutputSink;
  errors: OutputSink;
}

/** Writes to a file descriptor of this process. `onLoss` is told why bytes could not be written. */
export function descriptorSink(
  descriptor: number,
  onLoss: (error: NodeJS.ErrnoException) => void = () => {},
): OutputSink {
  return (bytes) => {
    try {
      return writeSync(descriptor, bytes);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") return 0;
      onLoss(error as NodeJS.ErrnoException);
      return STREAM_CLOSED;
    }
  };
}

/** The input of this process. Nothing is read from it before the image asks for the first time. */
export function processInput(): InputSource {
  return new ByteQueue(process.stdin);
}

/** Thrown through the machine when it gives up, since it must not go on. */
export class MachineFailure extends Error {}

/** What stands between a machine and Node. `signal` reaches the run loop, which passes it on when the machine rests. */
export class NodeHost {
  fatal: { reason: number; detail: number } | undefined;
  /** Whether the image waits for its input, so that something may still happen when it has nothing to do. */
  awaitsInput = false;
  readonly connections: Connections;
  private inputStarted = false;
  /** Complete messages that the image wrote to the channel, for whoever runs the machine to take after a slice. */
  readonly messages: Uint8Array[] = [];
  private readonly toImage: Uint8Array[] = [];
  private fromImage: Uint8Array = new Uint8Array(0);

  constructor(
    private readonly streams: Streams,
    private readonly signal: (index: number) => void,
    /** Lines key=value that the image may ask for. */
    private readonly platformText = "platform=node\n",
  ) {
    this.connections = new Connections(signal);
  }

  functions(memory: () => Uint8Array): HostFunctions {
    return {
      hostUtcMicroseconds: () => Date.now() * 1000,
      hostMonotonicMicroseconds: monotonicMicroseconds,
      hostTimeZoneMinutes: () => -new Date().getTimezoneOffset(),
      hostRandomBytes: (address, count) => {
        randomFillSync(memory(), address, count);
      },
      hostWrite: (stream, address, count) => this.write(stream, memory().subarray(address, address + count)),
      hostRead: (stream, address, count) => this.read(stream, memory().subarray(address, address + count)),
      hostFatal: (reason, detail) => {
        this.fatal = { reason, detail };
        throw new MachineFailure();
      },
      hostPlatformText: (address, capacity) => {
        const text = new TextEncoder().encode(this.platformText);
        memory().set(text.subarray(0, capacity), address);
        return text.length;
      },
    };
  }

  /** Puts a message on the channel; the image reads its length (4 bytes) first. */
  send(message: Uint8Array): void {
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, message.length, true);
    this.toImage.push(length, message.slice());
    this.signal(SIGNAL_CHANNEL_INPUT);
  }

  private write(stream: number, bytes: Uint8Array): number {
    if (stream === STREAM_CHANNEL) return this.receive(bytes);
    if (stream >= FIRST_CONNECTION) return this.connections.write(stream, bytes);
    const sink =
      stream === STREAM_OUTPUT ? this.streams.output : stream === STREAM_ERRORS ? this.streams.errors : undefined;
    if (!sink) return STREAM_CLOSED;
    const taken = sink(bytes);
    if (taken === 0 && bytes.length > 0) setTimeout(() => this.signal(SIGNAL_OUTPUT), RETRY_OUTPUT_MS);
    return taken;
  }

  private read(stream: number, into: Uint8Array): number {
    if (stream === STREAM_CHANNEL) return this.deliver(into);
    const bytes =
      stream >= FIRST_CONNECTION ? this.connections.read(stream, into.length) : this.readInput(stream, into.length);
    if (!bytes) return STREAM_CLOSED;
    into.set(bytes);
    return bytes.length;
  }

  private readInput(stream: number, count: number): Uint8Array | undefined {
    const input = this.streams.input;
    if (stream !== STREAM_INPUT || !input) return undefined;
    if (!this.inputStarted) {
      this.inputStarted = true;
      input.start(() => this.signal(SIGNAL_INPUT));
    }
    const bytes = input.read(count);
    this.awaitsInput = bytes?.length === 0;
    return bytes;
  }

  private deliver(into: Uint8Array): number {
    let count = 0;
    while (count < into.length && this.toImage.length > 0) {
      const part = this.toImage[0].subarray(0, into.length - count);
      into.set(part, count);
      count += part.length;
      if (part.length === this.toImage[0].length) this.toImage.shift();
      else this.toImage[0] = this.toImage[0].subarray(part.length);
    }
    return count;
  }

  private receive(bytes: Uint8Array): number {
    this.fromImage = concatenate(this.fromImage, bytes);
    for (;;) {
      if (this.fromImage.length < 4) break;
      const length = new DataView(this.fromImage.buffer, this.fromImage.byteOffset, 4).getUint32(0, true);
      if (this.fromImage.length < 4 + length) break;
      this.messages.push(this.fromImage.subarray(4, 4 + length));
      this.fromImage = this.fromImage.subarray(4 + length);
    }
    return bytes.length;
  }
}

function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

export function monotonicMicroseconds(): number {
  return Math.floor(performance.now() * 1000);
}
