// A random object graph in the machine, mirrored in JavaScript. After anything that moves objects, `compare` walks both
// together and learns the new addresses.

import * as L from "../../vm/layout.ts";
import { integer, type MemoryMachine, NODE_CLASS } from "./memoryMachine.ts";

export interface Node {
  id: number;
  address: number;
  /** Slots after the first one, which holds the id. */
  slots: (Node | number)[];
  hash: number;
  isRaw: boolean;
}

/** Numbers in [0, 1), the same for the same seed (mulberry32, T. Ettinger). */
export function randomSource(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export class Graph {
  readonly roots: (Node | null)[] = new Array(16).fill(null);
  private nextId = 1;

  constructor(
    readonly machine: MemoryMachine,
    readonly random: () => number,
  ) {}

  below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  private randomSize(): number {
    const kind = this.random();
    if (kind < 0.9) return this.below(8);
    if (kind < 0.98) return 240 + this.below(40); // around the overflow header
    return kind < 0.998 ? this.below(3000) : 16000 + this.below(3000); // around the limit for large objects
  }

  reachable(): Node[] {
    const found = new Set<Node>();
    const stack = this.roots.filter((node) => node !== null);
    while (stack.length > 0) {
      const node = stack.pop() as Node;
      if (found.has(node)) continue;
      found.add(node);
      for (const slot of node.slots) if (typeof slot !== "number") stack.push(slot);
    }
    return [...found];
  }

  addNode(candidates: Node[]): Node {
    const { vm } = this.machine;
    const isRaw = this.random() < 0.2;
    const size = this.randomSize();
    const id = this.nextId++;
    const node: Node = { id, address: 0, slots: [], hash: 0, isRaw };
    if (isRaw) {
      node.address = vm.allocateRaw(L.WORD_ARRAY_CLASS_INDEX, L.FORMAT_WORDS32, size + 1);
      this.machine.setWord(node.address + 8, integer(id));
      for (let index = 0; index < size; index++) this.machine.setWord(node.address + 12 + index * 4, id ^ index);
      node.slots = Array.from({ length: size }, (_, index) => id ^ index);
      return node;
    }
    node.address = vm.allocateOops(NODE_CLASS, L.FORMAT_FIXED_ARRAY, size + 1);
    this.machine.setWord(node.address + 8, integer(id));
    node.slots = new Array(size).fill(L.NIL);
    for (let count = Math.min(size, 6); count > 0; count--) this.setSlot(node, this.below(size), candidates);
    return node;
  }

  setSlot(node: Node, index: number, candidates: Node[]): void {
    if (node.isRaw || node.slots.length === 0) return;
    const target = candidates.length > 0 && this.random() < 0.8 ? candidates[this.below(candidates.length)] : null;
    node.slots[index] = target ?? integer(this.below(1000000));
    this.machine.vm.storeSlot(node.address, index + 1, target ? target.address : (node.slots[index] as number));
  }

  setRoot(index: number, node: Node | null): void {
    this.roots[index] = node;
    this.machine.setRoot(index, node ? node.address : L.NIL);
  }

  /** Some steps of a program: makes nodes, links them, forgets some; nothing moves. */
  mutate(steps: number): void {
    const live = this.reachable();
    for (let step = 0; step < steps; step++) {
      const kind = this.random();
      if (kind < 0.6 || live.length === 0) {
        const node = this.addNode(live);
        live.push(node);
        if (this.random() < 0.3) this.setRoot(this.below(16), node);
        else this.linkFromSomewhere(node, live);
      } else if (kind < 0.9) {
        const node = live[this.below(live.length)];
        this.setSlot(node, this.below(node.slots.length), live);
      } else if (kind < 0.93) {
        this.setRoot(this.below(16), null);
      } else {
        this.checkHash(live[this.below(live.length)]);
      }
    }
  }

  private linkFromSomewhere(node: Node, live: Node[]): void {
    const holder = live[this.below(live.length)];
    if (holder.isRaw || holder.slots.length === 0) return;
    const index = this.below(holder.slots.length);
    holder.slots[index] = node;
    this.machine.vm.storeSlot(holder.address, index + 1, node.address);
  }

  private checkHash(node: Node): void {
    const hash = this.machine.vm.identityHashOf(node.address);
    if (hash <= 0 || hash > L.HASH_MASK) throw new Error(`hash ${hash}`);
    if (node.hash !== 0 && node.hash !== hash) throw new Error(`hash of ${node.id} was ${node.hash}, is ${hash}`);
    node.hash = hash;
  }

  /** Throws at the first difference between mirror and memory; sets all addresses. */
  compare(): number {
    const addresses = new Map<Node, number>();
    const stack: [Node, number][] = [];
    const words = new Int32Array(this.machine.vm.memory().buffer);
    const visit = (node: Node, address: number) => {
      const known = addresses.get(node);
      if (known === address) return;
      if (known !== undefined) throw new Error(`node ${node.id} is at ${known} and at ${address}`);
      if ((address & 7) !== 0 || words[(address + 8) >> 2] !== integer(node.id)) {
        throw new Error(`node ${node.id} is not at 0x${address.toString(16)}`);
      }
      addresses.set(node, address);
      stack.push([node, address]);
    };
    this.roots.forEach((node, index) => {
      const oop = this.machine.rootAt(index);
      if (node) visit(node, oop);
      else if (oop !== L.NIL) throw new Error(`root ${index} should be nil`);
    });
    for (let top = stack.pop(); top; top = stack.pop()) {
      const [node, address] = top;
      if (this.machine.slotCount(address) !== node.slots.length + 1) throw new Error(`size of node ${node.id}`);
      node.slots.forEach((slot, index) => {
        const word = words[(address + 12 + index * 4) >> 2];
        if (typeof slot !== "number") visit(slot, word);
        else if (word !== slot) throw new Error(`slot ${index} of node ${node.id} is ${word}, not ${slot}`);
      });
      node.address = address;
    }
    return addresses.size;
  }
}
