// Lets the machine run a first heap up to its first snapshot, in a world in which nothing is left to chance: the clock
// moves by what the image asks for, the entropy follows from a seed, and there is no input. So the same sources give the
// same bytes on every machine and engine.

import { type EngineCode, type HostFunctions, instantiate, type Machine } from "../../platform/node/engine.ts";
import { OLD_SPACE_START } from "../../vm/layout.ts";
import { STOP_BUDGET, STOP_HALTED, STOP_IDLE, STOP_SNAPSHOT } from "../../vm/stop.ts";
import { stackReport } from "./stackReport.ts";

const BUDGET = 10_000_000;
/** A bootstrap takes a fraction of one slice; after so many it hangs. */
const MAXIMUM_SLICES = 50;
/** 2000-01-01T00:00Z */
const FIXED_UTC_MICROSECONDS = 946_684_800_000_000;
const ENTROPY_SEED = 0x9e3779b9;
const CLOSED = -1;

export interface FinishedHeap {
  heap: Uint8Array;
  specialObjectsOop: number;
  hashSeed: number;
  /** What the image wrote to its output and error streams. */
  output: string;
}

export class BootstrapError extends Error {
  override readonly name = "BootstrapError";
}

class FixedWorld {
  private monotonicMicroseconds = 0;
  private entropy = ENTROPY_SEED;
  private readonly written: Uint8Array[] = [];

  functions(memory: () => Uint8Array): HostFunctions {
    return {
      hostUtcMicroseconds: () => FIXED_UTC_MICROSECONDS + this.monotonicMicroseconds,
      hostMonotonicMicroseconds: () => this.monotonicMicroseconds,
      hostTimeZoneMinutes: () => 0,
      hostRandomBytes: (address, count) => {
        for (let index = 0; index < count; index++) memory()[address + index] = this.nextRandomByte();
      },
      hostWrite: (_stream, address, count) => {
        this.written.push(memory().slice(address, address + count));
        return count;
      },
      hostRead: () => CLOSED,
      hostFatal: (reason, detail) => {
        throw new BootstrapError(`The machine gave up: reason ${reason}, detail ${detail}.`);
      },
    };
  }

  /** xorshift (G. Marsaglia, 2003) */
  private nextRandomByte(): number {
    this.entropy ^= this.entropy << 13;
    this.entropy ^= this.entropy >>> 17;
    this.entropy ^= this.entropy << 5;
    return this.entropy & 0xff;
  }

  advanceTo(microseconds: number): void {
    this.monotonicMicroseconds = Math.max(this.monotonicMicroseconds, microseconds);
  }

  output(): string {
    return Buffer.concat(this.written).toString("utf8");
  }
}

function loadMachine(machine: Machine, heap: Uint8Array, specialObjectsOop: number, hashSeed: number): void {
  machine.initialize(0);
  machine.reserveHeap(heap.length);
  machine.memory().set(heap, OLD_SPACE_START);
  machine.loadHeap(heap.length, specialObjectsOop, hashSeed);
}

/** Runs until the image asks for a snapshot. */
function runToSnapshot(machine: Machine, world: FixedWorld): void {
  for (let slice = 0; slice < MAXIMUM_SLICES; slice++) {
    const reason = machine.interpret(BUDGET);
    if (reason === STOP_SNAPSHOT) return;
    if (reason === STOP_IDLE && machine.getWakeMicroseconds() >= 0) world.advanceTo(machine.getWakeMicroseconds());
    else if (reason !== STOP_BUDGET) throw new BootstrapError(explainStop(machine, reason));
  }
  throw new BootstrapError("The bootstrap does not come to an end.");
}

/** What went wrong, with what the image wrote before, and where it stood. */
function explainFailure(error: unknown, machine: Machine, world: FixedWorld): BootstrapError {
  const stack = attempt(() => stackReport(machine));
  return new BootstrapError(`${world.output()}\n${(error as Error).message}\n${stack}`);
}

/** A machine that failed may not even be able to write its stack out. */
function attempt(report: () => string): string {
  try {
    return report();
  } catch (error) {
    return `(no stack: ${(error as Error).message})`;
  }
}

function explainStop(machine: Machine, reason: number): string {
  if (reason === STOP_HALTED) return `The bootstrap quit with status ${machine.getExitStatus()}.`;
  if (reason === STOP_IDLE) return "The bootstrap waits for something that never comes.";
  return `The machine stopped with reason ${reason}.`;
}

/**
 * Runs a raw heap up to its first snapshot and answers the heap as it is then. It is the same whether methods are translated,
 * after `translateAfter` activations, or not (0).
 */
export function runHeap(
  code: EngineCode,
  raw: { heap: Uint8Array; specialObjectsOop: number; hashSeed: number },
  translateAfter = 0,
): FinishedHeap {
  const world = new FixedWorld();
  const machine = instantiate(code, (memory) => world.functions(memory), undefined, translateAfter);
  loadMachine(machine, raw.heap, raw.specialObjectsOop, raw.hashSeed);
  try {
    runToSnapshot(machine, world);
  } catch (error) {
    throw explainFailure(error, machine, world);
  }
  machine.prepareSnapshot();
  return {
    heap: machine.memory().slice(OLD_SPACE_START, machine.getHeapEnd()),
    specialObjectsOop: machine.getSpecialObjects(),
    hashSeed: machine.getHashSeed(),
    output: world.output(),
  };
}
