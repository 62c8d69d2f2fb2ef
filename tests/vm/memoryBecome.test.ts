import { beforeEach, describe, expect, it } from "vitest";
import * as L from "../../vm/layout.ts";
import { Graph, type Node, randomSource } from "./memoryGraph.ts";
import { createMachine, integer, type MemoryMachine, NODE_CLASS } from "./memoryMachine.ts";

for (const engine of ["wasm", "ts"] as const) {
  describe(`become:, engine ${engine}`, () => {
    let machine: MemoryMachine;
    beforeEach(async () => {
      machine = await createMachine(engine);
    });
    const sound = () => expect(machine.vm.verifyHeap()).toBe(0);

    it("exchanges two objects everywhere, with old references to what is young, and keeps hashes with identities", () => {
      const a = machine.newNode(integer(1));
      machine.setRoot(0, machine.newArray(a, L.NIL));
      machine.setRoot(1, a);
      machine.vm.tenureAll();
      const old = machine.rootAt(1);
      const young = machine.newNode(integer(2), old);
      machine.setRoot(2, young);
      const [oldHash, youngHash] = [machine.vm.identityHashOf(old), machine.vm.identityHashOf(young)];
      expect(machine.vm.becomeTwoWay(machine.newArray(old), machine.newArray(young))).toBeTruthy();
      sound();
      expect(machine.rootAt(1)).toBe(young);
      expect(machine.rootAt(2)).toBe(old);
      expect(machine.slot(machine.rootAt(0), 0)).toBe(young);
      expect(machine.slot(young, 1)).toBe(young);
      expect(machine.vm.identityHashOf(machine.rootAt(1))).toBe(oldHash);
      expect(machine.vm.identityHashOf(machine.rootAt(2))).toBe(youngHash);
      machine.vm.scavenge();
      sound();
      expect(machine.slot(machine.slot(machine.rootAt(0), 0), 0)).toBe(integer(2));
    });

    it("forwards one way, with or without the hash", () => {
      for (const copyHash of [1, 0]) {
        const a = machine.newNode(integer(1));
        const b = machine.newNode(integer(2));
        const hashes = [machine.vm.identityHashOf(b), machine.vm.identityHashOf(a)];
        machine.setRoot(0, a);
        expect(machine.vm.becomeOneWay(machine.newArray(a), machine.newArray(b), copyHash)).toBeTruthy();
        sound();
        expect(machine.rootAt(0)).toBe(b);
        expect(machine.vm.identityHashOf(b)).toBe(hashes[copyHash]);
      }
    });

    it("refuses immediates, nil, unequal sizes and an object with two partners, and changes nothing", () => {
      const a = machine.newNode(integer(1));
      const b = machine.newNode(integer(2));
      const arrays = (first: number[], second: number[]) =>
        machine.vm.becomeTwoWay(machine.newArray(...first), machine.newArray(...second));
      machine.setRoot(0, a);
      machine.setRoot(1, b);
      expect(arrays([a], [integer(3)])).toBeFalsy();
      expect(arrays([integer(3)], [a])).toBeFalsy();
      expect(arrays([L.NIL], [a])).toBeFalsy();
      expect(arrays([a], [L.TRUE])).toBeFalsy();
      expect(arrays([a, b], [b])).toBeFalsy();
      expect(arrays([a, b], [b, a])).toBeFalsy();
      expect(machine.vm.becomeTwoWay(a, b)).toBeFalsy();
      expect([machine.rootAt(0), machine.rootAt(1)]).toEqual([a, b]);
      sound();
      expect(machine.vm.becomeOneWay(machine.newArray(a), machine.newArray(L.NIL), 1)).toBeTruthy();
      expect(machine.rootAt(0)).toBe(L.NIL);
      sound();
    });

    it("takes the instances along when a class becomes another", () => {
      const newClass = () => {
        const behavior = machine.vm.allocateOops(L.METACLASS_CLASS_INDEX, L.FORMAT_FIXED, L.CLASS_SLOT_COUNT);
        machine.vm.storeSlot(behavior, L.CLASS_FORMAT, integer(0));
        return behavior;
      };
      for (const copyHash of [0, 1]) {
        const [from, to] = [newClass(), newClass()];
        const [fromIndex, toIndex] = [machine.vm.enterClass(from), machine.vm.enterClass(to)];
        machine.setRoot(0, machine.vm.allocateOops(fromIndex, L.FORMAT_FIXED, 1));
        machine.setRoot(1, machine.vm.allocateOops(toIndex, L.FORMAT_FIXED, 1));
        expect(machine.vm.becomeOneWay(machine.newArray(from), machine.newArray(to), copyHash)).toBeTruthy();
        sound();
        const classIndex = (object: number) => machine.word(object) & L.CLASS_INDEX_MASK;
        expect(classIndex(machine.rootAt(0))).toBe(classIndex(machine.rootAt(1)));
        expect(machine.vm.classAt(classIndex(machine.rootAt(0)))).toBe(to);
        expect(machine.vm.enterClass(to)).toBe(classIndex(machine.rootAt(0)));
      }
    });

    it("exchanges many pairs in one scan", () => {
      const count = 20000;
      const first = machine.vm.allocateOops(L.ARRAY_CLASS_INDEX, L.FORMAT_ARRAY, count);
      const second = machine.vm.allocateOops(L.ARRAY_CLASS_INDEX, L.FORMAT_ARRAY, count);
      machine.setRoot(0, first);
      machine.setRoot(1, second);
      for (let index = 0; index < count; index++) {
        machine.vm.storeSlot(first, index, machine.newNode(integer(index)));
        machine.vm.storeSlot(second, index, machine.newNode(integer(-index)));
      }
      expect(machine.vm.becomeTwoWay(first, second)).toBeTruthy();
      sound();
      for (let index = 0; index < count; index += 777) {
        expect(machine.slot(machine.slot(first, index), 0)).toBe(integer(-index));
        expect(machine.slot(machine.slot(second, index), 0)).toBe(integer(index));
      }
    });

    it("keeps random graphs", () => {
      const seed = Number(process.env.SEED ?? Date.now() & 0xffffff);
      const graph = new Graph(machine, randomSource(seed));
      try {
        for (let round = 0; round < 30; round++) {
          graph.mutate(200);
          exchangeSome(machine, graph);
          graph.compare();
          if (round % 3 === 0) machine.vm.scavenge();
          if (round % 7 === 0) machine.vm.fullCollect();
          graph.compare();
          expect(machine.vm.verifyHeap()).toBe(0);
        }
      } catch (error) {
        throw new Error(`SEED=${seed}: ${(error as Error).message}`);
      }
    });

    it("does not tire of instances that change their shape", () => {
      machine.setRoot(0, machine.newArray(machine.newNode(integer(1))));
      for (let round = 0; round < 50; round++) {
        const old = machine.slot(machine.rootAt(0), 0);
        const replacement = machine.vm.allocateOops(NODE_CLASS, L.FORMAT_FIXED_ARRAY, round + 2);
        machine.vm.storeSlot(replacement, 0, integer(round));
        machine.vm.becomeOneWay(machine.newArray(old), machine.newArray(replacement), 1);
        if (round % 5 === 0) machine.vm.scavenge();
      }
      expect(machine.slot(machine.slot(machine.rootAt(0), 0), 0)).toBe(integer(49));
      sound();
    });
  });
}

/** Exchanges random pairs in memory, and in the mirror: there, contents change places. */
function exchangeSome(machine: MemoryMachine, graph: Graph): void {
  const nodes = graph.reachable().sort(() => graph.random() - 0.5);
  const pairs: [Node, Node][] = [];
  for (let index = 0; index + 1 < nodes.length && pairs.length < 20; index += 2) {
    pairs.push([nodes[index], nodes[index + 1]]);
  }
  const first = machine.newArray(...pairs.map(([node]) => node.address));
  const second = machine.newArray(...pairs.map(([, node]) => node.address));
  expect(machine.vm.becomeTwoWay(first, second)).toBeTruthy();
  for (const [one, other] of pairs) {
    const { id, slots, isRaw } = one;
    Object.assign(one, { id: other.id, slots: other.slots, isRaw: other.isRaw });
    Object.assign(other, { id, slots, isRaw });
  }
}
