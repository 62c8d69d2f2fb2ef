// The run loop: enters the machine for one slice after the other, gives Node's event loop its turn between them, waits as
// the machine asks, and saves the heap when the image takes a snapshot.

import type { ImageContent } from "../../image/file.ts";
import { HAND_OVER_SIZE, OLD_SPACE_START, TRANSFER_BUFFER } from "../../vm/layout.ts";
import { STOP_BUDGET, STOP_FATAL, STOP_HALTED, STOP_IDLE, STOP_SNAPSHOT } from "../../vm/stop.ts";
import { type EngineCode, instantiate, type Machine } from "./engine.ts";
import { MachineFailure, monotonicMicroseconds, NodeHost, SIGNAL_TIME_SHARE, type Streams } from "./host.ts";

/** A slice is to take about this long: short enough for timers and Ctrl-C, long enough that entering costs nothing. */
const SLICE_MS = 4;
const SMALLEST_BUDGET = 1_000;
const LARGEST_BUDGET = 10_000_000;
/** A method that was activated so often is worth the millisecond that its translation takes. */
const TRANSLATE_AFTER = 300;
/** After so many busy slices the running process must let others of its priority run. */
const SLICES_OF_A_TURN = 5;
/** Memory that is free after a collection goes back to the host when it is this much, and half of all. */
const SPARE_WORTH_RETURNING_BYTES = 32 << 20;
/** So much that became old since the last collection is worth another one when there is nothing to do. */
const GROWTH_WORTH_COLLECTING_BYTES = 16 << 20;
/** How long that much must have been there: a program that only waits for an answer shall not be held up. */
const IDLE_BEFORE_COLLECTION_MS = 1000;
/** A machine addresses 2 GiB. */
const MOST_MEMORY_BYTES = 0x7fff0000;
/** setTimeout takes no longer delays; the machine is then simply entered and asked again. */
export const LONGEST_WAIT_MS = 0x7fffffff;

/** A heap that another machine can load. */
type HeapContent = Pick<ImageContent, "heap" | "specialObjectsOop" | "hashSeed">;

export interface MachineOptions {
  code: EngineCode;
  image: ImageContent;
  streams: Streams;
  /** Bytes of linear memory, new space and tables included. */
  memoryLimitBytes?: number;
  /** After so many activations a method is translated (engine wasm); 0: never. */
  translateAfter?: number;
  /** Called with each message from the image. */
  onMessage: (message: Uint8Array) => void;
  /** Saves a snapshot; false when it could not. The heap is valid only during the call. */
  onSnapshot: (content: HeapContent) => boolean;
  /** Called once when the machine will not run any more. */
  onStop: (stop: Stop) => void;
  /** Called whenever the machine has nothing to do and no timer is set. */
  onIdle?: () => void;
  /** Whether a waiting machine keeps the program alive. */
  keepsAlive?: () => boolean;
}

/** Why a machine does not run any more. */
export type Stop = { kind: "quit"; status: number } | { kind: "stopped"; message: string };

export class RunningMachine {
  /** It is replaced when memory goes back to the host, so never keep it, nor its memory. */
  machine: Machine;
  readonly host: NodeHost;
  private readonly options: MachineOptions;
  private readonly pendingSignals: number[] = [];
  private budget = SMALLEST_BUDGET * 10;
  private timer: NodeJS.Timeout | undefined;
  private tidyTimer: NodeJS.Timeout | undefined;
  /** When, at an idle moment, there was first much that might be garbage. */
  private growthNoticedMs: number | undefined;
  private canMove = true;
  private scheduled: NodeJS.Immediate | undefined;
  private isInside = false;
  /** How often the machine was entered. */
  sliceCount = 0;
  private busySlices = 0;
  private stopped: Stop | undefined;
  /** What the machine itself threw: a defect of it, an access outside memory for example. */
  private failure: Error | undefined;

  constructor(options: MachineOptions) {
    this.options = options;
    const platformText = `platform=node\nengine=${options.code.engine}\n`;
    this.host = new NodeHost(options.streams, (index) => this.signal(index), platformText);
    this.machine = this.newMachine();
    this.load(options.image);
  }

  private newMachine(): Machine {
    const limit = Math.min(Math.floor(this.options.memoryLimitBytes ?? Infinity), MOST_MEMORY_BYTES);
    const { translateAfter = TRANSLATE_AFTER } = this.options;
    const machine = instantiate(this.options.code, (memory) => this.host.functions(memory), limit, translateAfter);
    machine.initialize(limit);
    return machine;
  }

  private load({ heap, specialObjectsOop, hashSeed }: HeapContent): void {
    const machine = this.machine;
    if (!machine.reserveHeap(heap.length)) throw new MemoryLimitError(heap.length);
    machine.memory().set(heap, OLD_SPACE_START);
    if (!machine.loadHeap(heap.length, specialObjectsOop, hashSeed)) {
      throw new Error("The image is damaged: its objects cannot be loaded.");
    }
  }

  private heapContent(): HeapContent {
    return {
      heap: this.machine.memory().subarray(OLD_SPACE_START, this.machine.getHeapEnd()),
      specialObjectsOop: this.machine.getSpecialObjects(),
      hashSeed: this.machine.getHashSeed(),
    };
  }

  /** Tells the machine of an event; it learns it at its next entry, which comes soon. */
  signal(index: number): void {
    if (this.stopped) return;
    this.pendingSignals.push(index);
    if (!this.isInside) this.schedule();
  }

  /** Begins to run, or goes on. */
  schedule(): void {
    if (this.stopped || this.scheduled) return;
    clearTimeout(this.timer);
    clearTimeout(this.tidyTimer);
    this.scheduled = setImmediate(() => {
      this.scheduled = undefined;
      this.runSlices();
    });
  }

  /** Runs without leaving to the event loop until the machine has nothing to do, or for one slice. */
  runSlices(): void {
    while (!this.stopped) {
      const reason = this.runSlice();
      if (reason === STOP_HALTED) return this.stop({ kind: "quit", status: this.machine.getExitStatus() });
      if (reason === STOP_FATAL) return this.stop({ kind: "stopped", message: this.describeFatal() });
      if (reason === STOP_SNAPSHOT) this.takeSnapshot();
      this.dispatchMessages();
      if (this.hasSpareMemory()) this.collectAndMove();
      if (reason === STOP_BUDGET) {
        this.shareTime();
        return this.schedule();
      }
      if (reason === STOP_IDLE && this.pendingSignals.length === 0) return this.wait();
    }
  }

  private runSlice(): number {
    for (const index of this.pendingSignals.splice(0)) this.machine.signal(index);
    const start = performance.now();
    this.isInside = true;
    this.sliceCount++;
    try {
      const reason = this.machine.interpret(this.budget);
      if (reason === STOP_BUDGET) this.adaptBudget(performance.now() - start);
      return reason;
    } catch (error) {
      if (!(error instanceof MachineFailure)) this.failure = error as Error;
      return STOP_FATAL;
    } finally {
      this.isInside = false;
    }
  }

  private adaptBudget(elapsedMs: number): void {
    if (elapsedMs > SLICE_MS * 1.5) this.budget = Math.max(SMALLEST_BUDGET, this.budget >> 1);
    else if (elapsedMs < SLICE_MS / 1.5) this.budget = Math.min(LARGEST_BUDGET, this.budget * 2);
  }

  private shareTime(): void {
    this.busySlices = (this.busySlices + 1) % SLICES_OF_A_TURN;
    if (this.busySlices === 0) this.pendingSignals.push(SIGNAL_TIME_SHARE);
  }

  private dispatchMessages(): void {
    for (const message of this.host.messages.splice(0)) this.options.onMessage(message);
  }

  private wait(): void {
    if (this.tidyWhileIdle()) return;
    const wake = this.machine.getWakeMicroseconds();
    if (wake < 0) return this.options.onIdle?.();
    const delayMs = Math.min(LONGEST_WAIT_MS, Math.max(0, Math.ceil((wake - monotonicMicroseconds()) / 1000)));
    this.timer = setTimeout(() => this.schedule(), delayMs);
    if (this.options.keepsAlive && !this.options.keepsAlive()) this.timer.unref();
  }

  private takeSnapshot(): void {
    this.machine.prepareSnapshot();
    const succeeded = this.options.onSnapshot(this.heapContent());
    this.machine.finishSnapshot(succeeded ? 1 : 0);
  }

  // --- Giving memory back ---

  /** Free memory that only a new machine, with a linear memory of its own, can give back to the host. */
  private hasSpareMemory(): boolean {
    const spare = this.machine.spareBytes();
    return this.canMove && spare >= SPARE_WORTH_RETURNING_BYTES && spare * 2 >= this.machine.memory().length;
  }

  /** There is nothing to do: collects if that has been worth while for some time, and then schedules the next slice. */
  private tidyWhileIdle(): boolean {
    if (this.machine.bytesSinceCollection() < GROWTH_WORTH_COLLECTING_BYTES) {
      this.growthNoticedMs = undefined;
      return false;
    }
    this.growthNoticedMs ??= performance.now();
    const delayMs = this.growthNoticedMs + IDLE_BEFORE_COLLECTION_MS - performance.now();
    if (delayMs > 0) {
      this.tidyTimer = setTimeout(() => this.tidyWhileIdle(), delayMs).unref();
      return false;
    }
    this.collectAndMove();
    this.schedule();
    return true;
  }

  /** Collects everything, and goes on in a new machine when that gives much memory back. */
  private collectAndMove(): void {
    const old = this.machine;
    old.handOver();
    const content = this.heapContent();
    const words = old.memory().slice(TRANSFER_BUFFER, TRANSFER_BUFFER + HAND_OVER_SIZE);
    try {
      if (this.hasSpareMemory()) this.machine = this.newMachine();
      this.load(content);
    } catch {
      this.canMove = false; // the host has no room for a second memory: the old machine goes on, now and later
      this.machine = old;
      this.load(content);
    }
    this.machine.memory().set(words, TRANSFER_BUFFER);
    this.machine.takeOver();
    if (this.machine !== old) hastenCollection(old.memory().buffer);
  }

  // --- What readers of the heap need (image/heapReader.ts), whichever machine has it now ---

  memory(): Uint8Array {
    return this.machine.memory();
  }
  getHeapEnd(): number {
    return this.machine.getHeapEnd();
  }
  getSpecialObjects(): number {
    return this.machine.getSpecialObjects();
  }

  /** Ends the machine; it is never entered again. */
  stop(stop: Stop): void {
    if (this.stopped) return;
    this.dispatchMessages();
    this.stopped = stop;
    clearTimeout(this.timer);
    clearTimeout(this.tidyTimer);
    clearImmediate(this.scheduled);
    this.options.onStop(stop);
  }

  private describeFatal(): string {
    const fatal = this.host.fatal;
    if (this.failure) return `The machine failed (${this.failure.message}).`;
    const texts: Record<number, string> = {
      1: "The machine ran out of memory and could not even tell the image.",
      2: `The machine met an unknown bytecode (${fatal?.detail}).`,
      3: `An error could not be reported: a class does not understand the message that reports it (${fatal?.detail}).`,
    };
    return texts[fatal?.reason ?? 0] ?? `The machine gave up (reason ${fatal?.reason}, ${fatal?.detail}).`;
  }
}

/**
 * A linear memory that nobody uses any more goes when V8 collects, which an idle program does not. A large buffer, whose
 * pages nobody touches, brings V8 to it, at the latest when it has finished what it had begun before.
 */
function hastenCollection(unused: ArrayBufferLike): void {
  let attempts = 0;
  const timer = setInterval(() => {
    if (++attempts === COLLECTION_ATTEMPTS) clearInterval(timer);
    try {
      new ArrayBuffer(128 << 20);
    } catch {} // so little memory is left that V8 collects anyway
  }, 100).unref();
  collected.register(unused, timer);
}

const COLLECTION_ATTEMPTS = 20;
const collected = new FinalizationRegistry<NodeJS.Timeout>(clearInterval);

/** The image is larger than the memory that it may use. */
class MemoryLimitError extends Error {
  override readonly name = "MemoryLimitError";
  constructor(heapBytes: number) {
    super(
      `The image needs more memory than the limit allows: its objects take ${heapBytes} bytes beside the machine's own.`,
    );
  }
}
