import { beforeEach, describe, expect, it } from "vitest";
import * as L from "../../vm/layout.ts";
import { Graph, randomSource } from "./memoryGraph.ts";
import { createMachine, integer, type MemoryMachine, NODE_CLASS } from "./memoryMachine.ts";

type Numbering = (index: number) => number;
type Children = (index: number) => number[];
const NODE_SIZE = 24;

function shuffle(count: number): Int32Array {
  const random = randomSource(11);
  const numbers = Int32Array.from({ length: count }, (_, index) => index);
  for (let index = count - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    [numbers[index], numbers[other]] = [numbers[other], numbers[index]];
  }
  return numbers;
}

/**
 * Root 0 holds `count` nodes, each followed by a dead one: node n is the order(n)-th by address and holds its number and
 * its children. When there are no children, an array holds all nodes.
 */
function linkNodes(machine: MemoryMachine, count: number, order: Numbering, children: Children): void {
  machine.setRoot(0, machine.vm.allocateOops(L.ARRAY_CLASS_INDEX, L.FORMAT_ARRAY, count * 2));
  for (let index = 0; index < count * 2; index++) {
    machine.vm.storeSlot(machine.rootAt(0), index, machine.newNode(L.NIL, L.NIL, L.NIL));
    if (index % 4096 === 0) machine.vm.scavenge();
  }
  machine.vm.tenureAll();
  const array = machine.rootAt(0);
  const words = new Int32Array(machine.vm.memory().buffer);
  const nodeAt = (index: number) => words[(array + L.HEADER_SIZE + 8 * order(index)) >> 2];
  for (let n = 0; n < count; n++) {
    const body = (nodeAt(n) + L.HEADER_SIZE) >> 2;
    words[body] = integer(n);
    children(n).forEach((child, slot) => {
      if (child < count) words[body + 1 + slot] = nodeAt(child);
    });
  }
  if (children(0).length > 0) machine.setRoot(0, nodeAt(0));
  else for (let index = 0; index < count; index++) machine.setSlot(array, 2 * index + 1, L.NIL);
}

/** Number of nodes below the one with number `start`; each must have the number that its place gives it. */
function countNodes(machine: MemoryMachine, first: number, start: number, children: Children): number {
  const words = new Int32Array(machine.vm.memory().buffer);
  const open = [first, start];
  let count = 0;
  while (open.length > 0) {
    const n = open.pop() as number;
    const body = ((open.pop() as number) + L.HEADER_SIZE) >> 2;
    if (words[body] !== integer(n)) throw new Error(`node ${n} holds ${words[body]}`);
    count++;
    children(n).forEach((child, slot) => {
      if (words[body + 1 + slot] !== L.NIL) open.push(words[body + 1 + slot], child);
    });
  }
  return count;
}

for (const engine of ["wasm", "ts"] as const) {
  describe(`object memory, engine ${engine}`, () => {
    let machine: MemoryMachine;
    beforeEach(async () => {
      machine = await createMachine(engine);
    });
    const sound = () => expect(machine.vm.verifyHeap()).toBe(0);

    it("makes young objects full of nils, and large ones old", () => {
      const small = machine.vm.allocateOops(NODE_CLASS, L.FORMAT_FIXED_ARRAY, 3);
      const large = machine.vm.allocateOops(NODE_CLASS, L.FORMAT_FIXED_ARRAY, 20000);
      expect(small).toBeLessThan(L.OLD_SPACE_START);
      expect(large).toBeGreaterThan(L.OLD_SPACE_START);
      expect([0, 1, 2].map((index) => machine.slot(small, index))).toEqual([L.NIL, L.NIL, L.NIL]);
      expect(machine.slot(large, 19999)).toBe(L.NIL);
      expect([machine.slotCount(small), machine.slotCount(large)]).toEqual([3, 20000]);
      sound();
    });

    it("gives raw objects a body of zeros even where something was before", () => {
      machine.vm.churn(NODE_CLASS, L.FORMAT_FIXED_ARRAY, 7, 10000);
      machine.vm.scavenge();
      for (const slotCount of [0, 1, 2, 17, 255, 1000]) {
        const raw = machine.vm.allocateRaw(L.BYTE_ARRAY_CLASS_INDEX, L.FORMAT_BYTES, slotCount);
        for (let index = 0; index < slotCount; index++) expect(machine.slot(raw, index)).toBe(0);
      }
      sound();
    });

    it("boxes floats", () => {
      machine.setRoot(0, machine.vm.allocateFloat(Math.PI));
      machine.vm.scavenge();
      machine.vm.fullCollect();
      const body = machine.rootAt(0) + 8;
      expect(new Float64Array(machine.vm.memory().buffer)[body / 8]).toBe(Math.PI);
    });

    it("answers 0 for absurd sizes and when memory is exhausted, and recovers", async () => {
      const small = await createMachine(engine, 16 * 1024 * 1024);
      expect(small.vm.allocateOops(NODE_CLASS, L.FORMAT_FIXED_ARRAY, -1)).toBe(0);
      expect(small.vm.allocateRaw(NODE_CLASS, L.FORMAT_WORDS32, 0x7fffffff)).toBe(0);
      expect(small.vm.allocateRaw(NODE_CLASS, L.FORMAT_WORDS32, 0x1000000)).toBe(0);
      let count = 0;
      let previous = L.NIL;
      for (;;) {
        const node = small.vm.allocateOops(NODE_CLASS, L.FORMAT_FIXED_ARRAY, 100);
        if (node === 0) break;
        small.vm.storeSlot(node, 0, previous);
        small.setRoot(0, node);
        small.vm.collectAtSafepoint();
        previous = small.rootAt(0);
        count++;
      }
      expect(count).toBeGreaterThan(15000);
      expect(small.vm.verifyHeap()).toBe(0);
      expect(small.vm.allocateOops(NODE_CLASS, L.FORMAT_FIXED_ARRAY, 100)).not.toBe(0); // the reserve is open
      small.setRoot(0, L.NIL);
      small.vm.fullCollect();
      expect(small.vm.bytesLeft()).toBeGreaterThan(5000000);
      expect(small.vm.verifyHeap()).toBe(0);
    });

    it("stays sound when random objects fill it to its limit, and always has room for Contexts", async () => {
      const seed = Number(process.env.SEED ?? Date.now() & 0xffffff);
      const random = randomSource(seed);
      const limitBytes = 12 * 1024 * 1024;
      const small = await createMachine(engine, limitBytes);
      let failures = 0;
      for (let step = 0; step < 30000 || (failures < 6 && step < 300000); step++) {
        const slotCount = random() < 0.9 ? 2 + Math.floor(random() * 60) : 300 + Math.floor(random() * 3000);
        const object = small.vm.allocateOops(NODE_CLASS, L.FORMAT_FIXED_ARRAY, slotCount);
        if (object === 0) {
          failures++;
          for (let depth = 0; depth < 1000; depth++) {
            const context = small.vm.allocateOops(L.CONTEXT_CLASS_INDEX, L.FORMAT_FIXED_ARRAY, 22);
            if (context === 0) throw new Error(`SEED=${seed}: no room for a Context`);
          }
          if (random() < 0.2) for (let index = 0; index < 30; index++) small.setRoot(index, L.NIL);
          small.vm.fullCollect();
          if (small.vm.verifyHeap() !== 0) throw new Error(`SEED=${seed}: the heap is wrong in step ${step}`);
          continue;
        }
        const root = Math.floor(random() * 30);
        small.vm.storeSlot(object, 0, small.rootAt(root));
        small.setRoot(root, object);
        if (random() < 0.3) small.vm.collectAtSafepoint();
      }
      expect(failures, `SEED=${seed}`).toBeGreaterThan(5);
      expect(small.vm.memory().length).toBeLessThanOrEqual(limitBytes);
    });

    it("keeps memory from growing in a long loop of allocations", () => {
      machine.vm.churn(NODE_CLASS, L.FORMAT_FIXED_ARRAY, 4, 1000);
      machine.vm.collectAtSafepoint();
      const before = machine.vm.memory().length;
      machine.vm.churn(NODE_CLASS, L.FORMAT_FIXED_ARRAY, 4, 2000000);
      machine.vm.churn(NODE_CLASS, L.FORMAT_FIXED_ARRAY, 30000, 500);
      expect(machine.vm.memory().length - before).toBeLessThan(48 * 1024 * 1024);
      sound();
    });

    it("says once that space is low", () => {
      machine.vm.setLowSpaceThreshold(machine.vm.bytesLeft() - 1000000);
      machine.vm.collectAtSafepoint();
      expect(machine.vm.takePendingLowSpace()).toBeFalsy();
      machine.setRoot(0, machine.vm.allocateRaw(L.WORD_ARRAY_CLASS_INDEX, L.FORMAT_WORDS32, 500000));
      machine.vm.collectAtSafepoint();
      expect(machine.vm.takePendingLowSpace()).toBeTruthy();
      machine.vm.collectAtSafepoint();
      expect(machine.vm.takePendingLowSpace()).toBeFalsy();
    });

    it("remembers old objects that refer to young ones, even more than the set can hold", () => {
      const holders = machine.vm.allocateOops(L.ARRAY_CLASS_INDEX, L.FORMAT_ARRAY, 80000);
      machine.setRoot(0, holders);
      for (let index = 0; index < 80000; index++) {
        machine.vm.storeSlot(holders, index, machine.newNode(L.NIL));
        if (index % 10000 === 0) machine.vm.tenureAll();
      }
      machine.vm.tenureAll();
      const shared = machine.newNode(integer(7));
      for (let index = 0; index < 80000; index++) machine.vm.storeSlot(machine.slot(holders, index), 0, shared);
      sound();
      for (let round = 0; round < 3; round++) {
        machine.vm.scavenge();
        sound();
        expect(machine.slot(machine.slot(machine.slot(holders, 79999), 0), 0)).toBe(integer(7));
      }
    });

    it("remembers the slots of a large array that refer to young objects, even more than the set can hold", () => {
      const slotCount = 100_000;
      machine.setRoot(0, machine.vm.allocateOops(L.ARRAY_CLASS_INDEX, L.FORMAT_ARRAY, slotCount));
      machine.vm.fullCollect();
      const check = () => {
        sound();
        const elements = Array.from({ length: slotCount }, (_, index) => machine.slot(machine.rootAt(0), index));
        const held = elements.filter((oop) => oop !== L.NIL);
        held.forEach((oop) => {
          expect(machine.slot(machine.rootAt(0), machine.slot(oop, 0) >> 1)).toBe(oop);
        });
        return held.length;
      };
      const store = (stride: number, count: number) =>
        machine.vm.storeYoung(machine.rootAt(0), slotCount, stride, count, NODE_CLASS, L.FORMAT_FIXED_ARRAY);
      store(7, 3);
      expect(check()).toBe(3);
      machine.vm.scavenge();
      expect(check()).toBe(3);
      store(77_777, 90_000);
      expect(check()).toBe(90_002);
      const young = machine.newNode(integer(0));
      for (let index = 0; index < slotCount; index++) machine.vm.storeSlot(machine.rootAt(0), index, young);
      for (let round = 0; round < 3; round++) {
        machine.vm.scavenge();
        sound();
        expect(machine.slot(machine.rootAt(0), slotCount - 1)).toBe(machine.slot(machine.rootAt(0), 0));
      }
    });

    it("gives identity hashes that stay, and classes their class index", () => {
      const node = machine.newNode(L.NIL);
      machine.setRoot(0, node);
      const hash = machine.vm.identityHashOf(node);
      expect(hash).toBeGreaterThan(0);
      machine.vm.scavenge();
      machine.vm.fullCollect();
      expect(machine.vm.identityHashOf(machine.rootAt(0))).toBe(hash);
      const newClass = machine.vm.allocateOops(L.METACLASS_CLASS_INDEX, L.FORMAT_FIXED, L.CLASS_SLOT_COUNT);
      const index = machine.vm.identityHashOf(newClass);
      expect(machine.vm.classAt(index)).toBe(newClass);
      expect(machine.vm.enterClass(newClass)).toBe(index);
    });

    it("grows the class table, and forgets classes that have neither instances nor references", () => {
      const indices: number[] = [];
      for (let count = 0; count < 2000; count++) {
        const newClass = machine.vm.allocateOops(L.METACLASS_CLASS_INDEX, L.FORMAT_FIXED, L.CLASS_SLOT_COUNT);
        machine.vm.storeSlot(newClass, L.CLASS_FORMAT, integer(0));
        indices.push(machine.vm.enterClass(newClass));
      }
      expect(new Set(indices).size).toBe(2000);
      machine.setRoot(0, machine.vm.classAt(indices[5]));
      machine.setRoot(1, machine.vm.allocateOops(indices[1900], L.FORMAT_FIXED, 0));
      sound();
      machine.vm.fullCollect();
      sound();
      expect(machine.vm.classAt(indices[5])).toBe(machine.rootAt(0));
      expect(machine.vm.classAt(indices[1900])).not.toBe(L.NIL);
      expect(indices.filter((index) => machine.vm.classAt(index) !== L.NIL).length).toBe(2);
    });

    it("enumerates objects and instances in all spaces", () => {
      machine.setRoot(0, machine.newNode(integer(1)));
      machine.vm.tenureAll();
      machine.setRoot(1, machine.newNode(integer(2)));
      machine.vm.scavenge();
      machine.setRoot(2, machine.newNode(integer(3)));
      const all = machine.vm.allInstances(NODE_CLASS);
      expect([0, 1, 2].map((index) => machine.slot(machine.slot(all, index), 0)).sort()).toEqual([3, 5, 7]);
      expect(machine.slotCount(all)).toBe(3);
      const objects = machine.vm.allObjects();
      expect(machine.slotCount(objects)).toBeGreaterThan(60);
      expect(machine.vm.firstInstance(99)).toBe(0);
    });

    it("gives equal heaps equal snapshots, whatever happened before", async () => {
      const snapshotAfter = async (garbage: number) => {
        const other = await createMachine(engine);
        for (let round = 0; round < 3; round++) {
          other.vm.churn(NODE_CLASS, L.FORMAT_FIXED_ARRAY, 5, garbage);
          other.vm.scavenge();
        }
        const bytes = other.vm.allocateRaw(L.BYTE_ARRAY_CLASS_INDEX, L.FORMAT_BYTES + 1, 3);
        other.setRoot(0, other.newArray(bytes, other.newNode(integer(1), integer(2), integer(3))));
        other.vm.collectForSnapshot();
        return Buffer.from(other.vm.memory().slice(L.OLD_SPACE_START, other.vm.heapEnd()));
      };
      expect((await snapshotAfter(0)).equals(await snapshotAfter(20000))).toBe(true);
    });

    it("keeps random graphs through scavenges and full collections", { timeout: 120_000 }, () => {
      const seed = Number(process.env.SEED ?? Date.now() & 0xffffff);
      const graph = new Graph(machine, randomSource(seed));
      try {
        for (let round = 0; round < 120; round++) {
          graph.mutate(150);
          const kind = graph.random();
          if (kind < 0.6) machine.vm.scavenge();
          else if (kind < 0.9) machine.vm.fullCollect();
          else machine.vm.collectForSnapshot();
          graph.compare();
          const wrong = machine.vm.verifyHeap();
          if (wrong !== 0) throw new Error(`heap is wrong at 0x${wrong.toString(16)}`);
        }
      } catch (error) {
        throw new Error(`SEED=${seed}: ${(error as Error).message}`);
      }
    });

    it("keeps what lists, trees and arrays hold in any order of addresses, and nothing else", {
      timeout: 120_000,
    }, () => {
      const count = 270_000; // more than the queue of the marking holds
      const shuffled = shuffle(count);
      const orders: Numbering[] = [(index) => index, (index) => count - 1 - index, (index) => shuffled[index]];
      const shapes: Children[] = [
        (n) => [n + 1],
        (n) => (n < 63 ? [2 * n + 1, 2 * n + 2] : [n + 64]), // 64 lists
        (n) => [2 * n + 1, 2 * n + 2],
        () => [],
      ];
      for (const order of orders) {
        for (const children of shapes) {
          machine.setRoot(0, L.NIL);
          machine.vm.fullCollect();
          const end = machine.vm.heapEnd();
          const isArray = children(0).length === 0;
          linkNodes(machine, count, order, children);
          machine.vm.fullCollect();
          expect(machine.vm.heapEnd() - end).toBe(count * NODE_SIZE + (isArray ? 16 + count * 2 * 4 : 0));
          const first = machine.rootAt(0);
          const starts = isArray ? Array.from({ length: count }, (_, n) => n) : [0];
          const found = starts.map((n) =>
            countNodes(machine, isArray ? machine.slot(first, 2 * order(n)) : first, n, children),
          );
          expect(found.reduce((sum, each) => sum + each)).toBe(count);
          sound();
        }
      }
    });

    it("collects at every safepoint in stress mode", () => {
      const seed = Number(process.env.SEED ?? Date.now() & 0xffffff);
      const graph = new Graph(machine, randomSource(seed));
      machine.vm.setStressMode(3);
      try {
        for (let round = 0; round < 100; round++) {
          graph.mutate(5);
          machine.vm.collectAtSafepoint();
          graph.compare();
        }
      } catch (error) {
        throw new Error(`SEED=${seed}: ${(error as Error).message}`);
      }
    });

    it("leaves pinned objects where they are and slides the others around them", () => {
      const seed = Number(process.env.SEED ?? Date.now() & 0xffffff);
      const graph = new Graph(machine, randomSource(seed));
      try {
        graph.mutate(2000);
        machine.vm.tenureAll();
        graph.compare();
        const pinned = graph.reachable().filter(() => graph.random() < 0.02);
        const holder = machine.newArray(...pinned.map((node) => node.address));
        machine.setRoot(20, holder);
        for (const node of pinned) machine.setBits(node.address, L.PINNED_BIT);
        const places = pinned.map((node) => node.address);
        for (let round = 0; round < 30; round++) {
          graph.mutate(200);
          machine.vm.fullCollect();
          graph.compare();
          const wrong = machine.vm.verifyHeap();
          if (wrong !== 0) throw new Error(`heap is wrong at 0x${wrong.toString(16)}`);
          expect(places.map((_, index) => machine.slot(machine.rootAt(20), index))).toEqual(places);
        }
      } catch (error) {
        throw new Error(`SEED=${seed}: ${(error as Error).message}`);
      }
    });
  });
}
