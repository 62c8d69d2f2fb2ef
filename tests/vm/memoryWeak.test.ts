import { beforeEach, describe, expect, it } from "vitest";
import * as L from "../../vm/layout.ts";
import { createMachine, integer, type MemoryMachine, NODE_CLASS } from "./memoryMachine.ts";

for (const engine of ["wasm", "ts"] as const) {
  describe(`weak arrays and ephemerons, engine ${engine}`, () => {
    let machine: MemoryMachine;
    beforeEach(async () => {
      machine = await createMachine(engine);
    });
    const newWeak = (...elements: number[]) => fill(L.WEAK_ARRAY_CLASS_INDEX, L.FORMAT_WEAK_ARRAY, elements);
    const newEphemeron = (...elements: number[]) => fill(L.EPHEMERON_CLASS_INDEX, L.FORMAT_EPHEMERON, elements);
    const fill = (classIndex: number, format: number, elements: number[]) => {
      const object = machine.vm.allocateOops(classIndex, format, elements.length);
      elements.forEach((element, index) => {
        machine.vm.storeSlot(object, index, element);
      });
      return object;
    };
    const newNode = (value: number) => machine.newNode(integer(value));
    const numberOf = (node: number) => machine.slot(node, 0) >> 1;
    const sound = () => expect(machine.vm.verifyHeap()).toBe(0);

    const collections: [string, () => void][] = [
      ["a scavenge", () => machine.vm.scavenge()],
      ["a full collection", () => machine.vm.fullCollect()],
      [
        "a full collection of old objects",
        () => {
          machine.vm.tenureAll();
          machine.vm.fullCollect();
        },
      ],
    ];

    for (const [name, collect] of collections) {
      it(`clears weak slots in ${name} when nothing else refers to the object`, () => {
        const kept = newNode(1);
        const weak = newWeak(kept, newNode(2), integer(3), L.NIL);
        machine.setRoot(0, weak);
        machine.setRoot(1, kept);
        collect();
        sound();
        const moved = machine.rootAt(0);
        expect(machine.slot(moved, 0)).toBe(machine.rootAt(1));
        expect(numberOf(machine.slot(moved, 0))).toBe(1);
        expect([1, 2, 3].map((index) => machine.slot(moved, index))).toEqual([L.NIL, integer(3), L.NIL]);
        expect(machine.vm.takePendingFinalization()).toBeTruthy();
        expect(machine.vm.takePendingFinalization()).toBeFalsy();
        collect();
        expect(machine.vm.takePendingFinalization()).toBeFalsy();
      });

      it(`keeps the instance variables of a weak object in ${name}`, () => {
        const weakClass = machine.vm.classAt(L.WEAK_ARRAY_CLASS_INDEX);
        machine.vm.storeSlot(weakClass, L.CLASS_FORMAT, integer((L.FORMAT_WEAK_ARRAY << L.CLASS_FORMAT_SHIFT) | 1));
        machine.setRoot(0, newWeak(newNode(1), newNode(2)));
        collect();
        const moved = machine.rootAt(0);
        expect(numberOf(machine.slot(moved, 0))).toBe(1);
        expect(machine.slot(moved, 1)).toBe(L.NIL);
        sound();
      });

      it(`fires an ephemeron in ${name} when its key is otherwise unreachable, with key and value intact`, () => {
        const key = newNode(1);
        machine.setRoot(0, newEphemeron(key, newNode(2), key));
        collect();
        sound();
        const ephemeron = machine.rootAt(0);
        expect(machine.vm.takePendingFinalization()).toBeTruthy();
        expect(machine.vm.fetchMourner()).toBe(ephemeron);
        expect(machine.vm.fetchMourner()).toBe(L.NIL);
        expect([0, 1].map((index) => numberOf(machine.slot(ephemeron, index)))).toEqual([1, 2]);
        collect();
        expect(machine.vm.fetchMourner()).toBe(L.NIL);
      });

      it(`leaves an ephemeron alone in ${name} while its key is reachable`, () => {
        const key = newNode(1);
        machine.setRoot(0, newEphemeron(key, newNode(2)));
        machine.setRoot(1, machine.newArray(key));
        collect();
        collect();
        sound();
        expect(machine.vm.fetchMourner()).toBe(L.NIL);
        expect(numberOf(machine.slot(machine.rootAt(0), 1))).toBe(2);
        machine.setRoot(1, L.NIL);
        machine.vm.fullCollect();
        expect(machine.vm.fetchMourner()).toBe(machine.rootAt(0));
      });

      it(`follows chains of ephemerons in ${name}: a value holds the next key only while the ephemeron's own key lives`, () => {
        const keys = Array.from({ length: 50 }, (_, index) => newNode(index));
        const ephemerons = keys.map((key, index) => newEphemeron(key, keys[index + 1] ?? L.NIL)).reverse();
        machine.setRoot(0, machine.newArray(...ephemerons));
        machine.setRoot(1, keys[0]);
        collect();
        sound();
        expect(machine.vm.fetchMourner()).toBe(L.NIL);
        machine.setRoot(1, L.NIL);
        machine.vm.fullCollect();
        sound();
        let count = 0;
        while (machine.vm.fetchMourner() !== L.NIL) count++;
        expect(count).toBe(50);
      });

      it(`collects an ephemeron in ${name} that nothing refers to, without firing it`, () => {
        newEphemeron(newNode(1), newNode(2));
        collect();
        expect(machine.vm.fetchMourner()).toBe(L.NIL);
        expect(machine.vm.takePendingFinalization()).toBeFalsy();
      });
    }

    it("fires ephemerons that only a fired ephemeron holds", () => {
      const inner = newEphemeron(newNode(3), newNode(4));
      machine.setRoot(0, newEphemeron(newNode(1), inner));
      machine.vm.scavenge();
      sound();
      expect(machine.vm.fetchMourner()).toBe(machine.rootAt(0));
      expect(machine.vm.fetchMourner()).toBe(machine.slot(machine.rootAt(0), 1));
    });

    it("queues many mourners in the order in which they fired", () => {
      const count = 5000;
      const ephemerons = machine.vm.allocateOops(L.ARRAY_CLASS_INDEX, L.FORMAT_ARRAY, count);
      machine.setRoot(0, ephemerons);
      for (let index = 0; index < count; index++) {
        machine.vm.storeSlot(ephemerons, index, newEphemeron(newNode(index), integer(index)));
      }
      machine.vm.fullCollect();
      sound();
      const seen = new Set<number>();
      for (let index = 0; index < count; index++) {
        if (index === 2500) machine.vm.fullCollect();
        seen.add(numberOf(machine.slot(machine.vm.fetchMourner(), 0)));
      }
      expect(seen.size).toBe(count);
      expect(machine.vm.fetchMourner()).toBe(L.NIL);
    });

    it("clears young objects out of old weak arrays", () => {
      machine.setRoot(0, newWeak(L.NIL, L.NIL));
      machine.vm.tenureAll();
      machine.vm.storeSlot(machine.rootAt(0), 0, newNode(1));
      const kept = newNode(2);
      machine.setRoot(1, kept);
      machine.vm.storeSlot(machine.rootAt(0), 1, kept);
      machine.vm.scavenge();
      sound();
      expect(machine.slot(machine.rootAt(0), 0)).toBe(L.NIL);
      expect(machine.slot(machine.rootAt(0), 1)).toBe(machine.rootAt(1));
    });

    it("survives more weak objects than the list of deferred ones holds", () => {
      const count = 60000;
      const all = machine.vm.allocateOops(L.ARRAY_CLASS_INDEX, L.FORMAT_ARRAY, count);
      machine.setRoot(0, all);
      for (let index = 0; index < count; index++) machine.vm.storeSlot(all, index, newWeak(newNode(index)));
      for (let round = 0; round < 3; round++) {
        machine.vm.scavenge();
        sound();
      }
      machine.vm.fullCollect();
      sound();
      for (let index = 0; index < count; index += 1000) {
        expect(machine.slot(machine.slot(all, index), 0)).toBe(L.NIL);
      }
      expect(machine.vm.firstInstance(NODE_CLASS)).toBe(0);
    });
  });
}
