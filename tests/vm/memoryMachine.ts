// A machine with a minimal heap: nil, false, true, special objects, a class table, and one plain class for each index that
// the machine knows. `root` is an Array that everything under test hangs on.

import { compileEngine } from "../../platform/node/compileEngine.ts";
import { type EngineName, instantiate, type Machine } from "../../platform/node/engine.ts";
import * as L from "../../vm/layout.ts";

export const NODE_CLASS = 64; // ordinary objects of the tests
const CLASS_COUNT = 128;
const ROOT_SLOTS = 64;

interface MemoryExports {
  initializeMemory(limit: number): void;
  initializePages(): void;
  reserveHeap(size: number): number | boolean;
  loadHeapAt(size: number, seed: number): number | boolean;
  setSpecialObjects(oop: number): void;
  getSpecialObjects(): number;
  allocateOops(classIndex: number, format: number, slotCount: number): number;
  allocateRaw(classIndex: number, format: number, slotCount: number): number;
  allocateFloat(value: number): number;
  storeSlot(object: number, index: number, oop: number): void;
  identityHashOf(object: number): number;
  enterClass(object: number): number;
  classAt(index: number): number;
  scavenge(): void;
  tenureAll(): void;
  fullCollect(): void;
  collectAtSafepoint(): void;
  collectForSnapshot(): void;
  setStressMode(interval: number): void;
  setLowSpaceThreshold(bytes: number): void;
  takePendingFinalization(): number | boolean;
  takePendingLowSpace(): number | boolean;
  fetchMourner(): number;
  becomeTwoWay(first: number, second: number): number | boolean;
  becomeOneWay(first: number, second: number, copyHash: number): number | boolean;
  verifyHeap(): number;
  heapEnd(): number;
  bytesLeft(): number;
  firstObject(): number;
  objectAfter(object: number): number;
  firstInstance(classIndex: number): number;
  nextInstance(object: number): number;
  allInstances(classIndex: number): number;
  allObjects(): number;
  buildTree(classIndex: number, format: number, slotCount: number, depth: number): number;
  storeYoung(array: number, slotCount: number, stride: number, count: number, classIndex: number, format: number): void;
  churn(classIndex: number, format: number, slotCount: number, count: number): void;
}

export class MemoryMachine {
  constructor(readonly vm: Machine<MemoryExports>) {}

  word(address: number): number {
    return new Int32Array(this.vm.memory().buffer)[address >> 2];
  }
  setWord(address: number, value: number): void {
    new Int32Array(this.vm.memory().buffer)[address >> 2] = value;
  }
  slot(object: number, index: number): number {
    return this.word(object + 8 + index * 4);
  }
  slotCount(object: number): number {
    const count = this.word(object + 4) >>> L.SLOT_COUNT_SHIFT;
    return count === L.SLOT_COUNT_OVERFLOW ? this.word(object - 8) : count;
  }
  setBits(object: number, bits: number): void {
    this.setWord(object, this.word(object) | bits);
  }
  get root(): number {
    return this.slot(this.vm.getSpecialObjects(), L.SPECIAL_SMALLTALK);
  }
  setRoot(index: number, oop: number): void {
    this.vm.storeSlot(this.root, index, oop);
  }
  rootAt(index: number): number {
    return this.slot(this.root, index);
  }
  newArray(...elements: number[]): number {
    const array = this.vm.allocateOops(L.ARRAY_CLASS_INDEX, L.FORMAT_ARRAY, elements.length);
    elements.forEach((element, index) => {
      this.vm.storeSlot(array, index, element);
    });
    return array;
  }
  newNode(...elements: number[]): number {
    const node = this.vm.allocateOops(NODE_CLASS, L.FORMAT_FIXED_ARRAY, elements.length);
    elements.forEach((element, index) => {
      this.vm.storeSlot(node, index, element);
    });
    return node;
  }
}

export const integer = (value: number): number => (value << 1) | 1;

export async function createMachine(engine: EngineName, limitBytes = 0x40000000): Promise<MemoryMachine> {
  const host = {
    hostUtcMicroseconds: () => 0,
    hostMonotonicMicroseconds: () => 0,
    hostTimeZoneMinutes: () => 0,
    hostRandomBytes: () => {},
    hostWrite: () => 0,
    hostRead: () => 0,
    hostFatal: (reason: number, detail: number) => {
      throw new Error(`fatal ${reason}, ${detail}`);
    },
  };
  const code = await compileEngine(engine, "tests/vm/memoryEntry.ts");
  const machine = new MemoryMachine(instantiate<MemoryExports>(code, host));
  machine.vm.initializeMemory(limitBytes);
  machine.vm.initializePages();
  machine.vm.reserveHeap(0x10000);
  loadMinimalHeap(machine);
  return machine;
}

function loadMinimalHeap(machine: MemoryMachine): void {
  let free = L.OLD_SPACE_START;
  const make = (classIndex: number, format: number, slotCount: number, hash = 0): number => {
    const address = free;
    free += 8 + Math.max(8, (slotCount * 4 + 7) & ~7);
    machine.setWord(address, (format << L.FORMAT_SHIFT) | classIndex);
    machine.setWord(address + 4, (slotCount << L.SLOT_COUNT_SHIFT) | hash);
    for (let index = 0; index < slotCount; index++) machine.setWord(address + 8 + index * 4, L.NIL);
    return address;
  };
  make(L.UNDEFINED_OBJECT_CLASS_INDEX, L.FORMAT_EMPTY, 0);
  make(L.FALSE_CLASS_INDEX, L.FORMAT_EMPTY, 0);
  make(L.TRUE_CLASS_INDEX, L.FORMAT_EMPTY, 0);
  const special = make(L.ARRAY_CLASS_INDEX, L.FORMAT_ARRAY, L.SPECIAL_OBJECT_COUNT);
  const table = make(L.ARRAY_CLASS_INDEX, L.FORMAT_ARRAY, CLASS_COUNT);
  const root = make(L.ARRAY_CLASS_INDEX, L.FORMAT_ARRAY, ROOT_SLOTS);
  for (let index = 1; index <= NODE_CLASS; index++) {
    const behavior = make(L.METACLASS_CLASS_INDEX, L.FORMAT_FIXED, L.CLASS_SLOT_COUNT, index);
    machine.setWord(table + 8 + index * 4, behavior);
    machine.setWord(behavior + 8 + L.CLASS_FORMAT * 4, integer(0));
  }
  machine.setWord(special + 8 + L.SPECIAL_CLASS_TABLE * 4, table);
  machine.setWord(special + 8 + L.SPECIAL_SMALLTALK * 4, root);
  machine.vm.setSpecialObjects(special);
  machine.vm.loadHeapAt(free - L.OLD_SPACE_START, 1);
  machine.setRoot(ROOT_SLOTS - 1, machine.vm.classAt(NODE_CLASS)); // what only instances hold would leave the class table
}
