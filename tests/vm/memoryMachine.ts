// A machine with a minimal heap: nil, false, true, special objects, a class table, and one plain class for each index that
// the machine knows. `root` is an Array that everything under test hangs on.

import type { EngineName } from "../../platform/node/engine.ts";
import * as L from "../../vm/layout.ts";
import { type BareExports, BareMachine, instantiateBare } from "./bareMachine.ts";

export const NODE_CLASS = 64; // ordinary objects of the tests
const CLASS_COUNT = 128;
const ROOT_SLOTS = 64;

interface MemoryExports extends BareExports {
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

export class MemoryMachine extends BareMachine<MemoryExports> {
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
  const machine = new MemoryMachine(await instantiateBare(engine, "tests/vm/memoryEntry.ts", limitBytes));
  const { special, table } = machine.writeFirstObjects(CLASS_COUNT);
  machine.setSlot(special, L.SPECIAL_SMALLTALK, machine.write(L.ARRAY_CLASS_INDEX, L.FORMAT_ARRAY, ROOT_SLOTS));
  for (let index = 1; index <= NODE_CLASS; index++) machine.writeClass(table, index, L.METACLASS_CLASS_INDEX, 0);
  machine.load(special);
  machine.setRoot(ROOT_SLOTS - 1, machine.vm.classAt(NODE_CLASS)); // what only instances hold would leave the class table
  return machine;
}
