// What the machines without an interpreter share: a host in which nothing happens, words of memory, and a first heap that
// is written object by object.

import { compileEngine } from "../../platform/node/compileEngine.ts";
import { type EngineName, type HostFunctions, instantiate, type Machine } from "../../platform/node/engine.ts";
import * as L from "../../vm/layout.ts";

/** What every entry module exports. */
export interface BareExports {
  initializeMemory(limit: number): void;
  initializePages(): void;
  reserveHeap(size: number): number | boolean;
  loadHeapAt(size: number, seed: number): number | boolean;
  setSpecialObjects(oop: number): void;
}

const silentHost: HostFunctions = {
  hostUtcMicroseconds: () => 0,
  hostMonotonicMicroseconds: () => 0,
  hostTimeZoneMinutes: () => 0,
  hostRandomBytes: () => {},
  hostWrite: () => 0,
  hostRead: () => 0,
  hostFatal: (reason, detail) => {
    throw new Error(`fatal ${reason}, ${detail}`);
  },
};

/** A machine from an entry module; its memory is empty, and has room for a small first heap. */
export async function instantiateBare<Exports extends BareExports>(
  engine: EngineName,
  entry: string,
  limitBytes: number,
  host: Partial<HostFunctions> = {},
): Promise<Machine<Exports>> {
  const vm = instantiate<Exports>(await compileEngine(engine, entry), { ...silentHost, ...host });
  vm.initializeMemory(limitBytes);
  vm.initializePages();
  vm.reserveHeap(0x10000);
  return vm;
}

export class BareMachine<Exports extends BareExports> {
  private heapEnd = L.OLD_SPACE_START;

  constructor(readonly vm: Machine<Exports>) {}

  word(address: number): number {
    return new Int32Array(this.vm.memory().buffer)[address >> 2];
  }
  setWord(address: number, value: number): void {
    new Int32Array(this.vm.memory().buffer)[address >> 2] = value;
  }
  slot(object: number, index: number): number {
    return this.word(object + L.HEADER_SIZE + index * 4);
  }
  setSlot(object: number, index: number, oop: number): void {
    this.setWord(object + L.HEADER_SIZE + index * 4, oop);
  }
  slotCount(object: number): number {
    const count = this.word(object + 4) >>> L.SLOT_COUNT_SHIFT;
    return count === L.SLOT_COUNT_OVERFLOW ? this.word(object - 8) : count;
  }

  // --- The first heap ---

  /** Writes an object whose slots are nil behind those that were written before. */
  write(classIndex: number, format: number, slotCount: number, hash = 0): number {
    const address = this.heapEnd;
    const bodySlots = Math.max(2, (slotCount + 1) & ~1);
    this.setWord(address, (format << L.FORMAT_SHIFT) | classIndex);
    this.setWord(address + 4, (slotCount << L.SLOT_COUNT_SHIFT) | hash);
    for (let index = 0; index < bodySlots; index++) this.setSlot(address, index, L.NIL);
    this.heapEnd = address + L.HEADER_SIZE + bodySlots * 4;
    return address;
  }

  /** Writes nil, false, true, the special objects, and an empty class table, and answers these two. */
  writeFirstObjects(classCount: number): { special: number; table: number } {
    this.write(L.UNDEFINED_OBJECT_CLASS_INDEX, L.FORMAT_EMPTY, 0);
    this.write(L.FALSE_CLASS_INDEX, L.FORMAT_EMPTY, 0);
    this.write(L.TRUE_CLASS_INDEX, L.FORMAT_EMPTY, 0);
    const special = this.write(L.ARRAY_CLASS_INDEX, L.FORMAT_ARRAY, L.SPECIAL_OBJECT_COUNT);
    const table = this.write(L.ARRAY_CLASS_INDEX, L.FORMAT_ARRAY, classCount);
    this.setSlot(special, L.SPECIAL_CLASS_TABLE, table);
    return { special, table };
  }

  /** Writes a class, an instance of the class with index `metaclass`, and enters it into the table. */
  writeClass(table: number, index: number, metaclass: number, format: number): number {
    const behavior = this.write(metaclass, L.FORMAT_FIXED, L.CLASS_SLOT_COUNT, index);
    this.setSlot(behavior, L.CLASS_FORMAT, (format << 1) | 1);
    this.setSlot(table, index, behavior);
    return behavior;
  }

  /** The heap is complete. */
  load(special: number): void {
    this.vm.setSpecialObjects(special);
    this.vm.loadHeapAt(this.heapEnd - L.OLD_SPACE_START, 1);
  }
}
