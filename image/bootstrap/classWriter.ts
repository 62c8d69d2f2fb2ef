// Makes the classes and metaclasses of the first heap and enters them into the class table.
//
// A class is the one instance of its metaclass, so both have an entry in the table; the index of the entry is their
// identity hash as well. What the image keeps in Dictionaries comes as Arrays here: `Bootstrap class >> start` makes the
// Dictionaries with the image's own code, so that no collection's layout has to be known twice.

import {
  CLASS_CLASS_POOL,
  CLASS_COMMENT,
  CLASS_FORMAT,
  CLASS_FORMAT_SHIFT,
  CLASS_INSTANCE_VARIABLES,
  CLASS_NAME,
  CLASS_PACKAGE,
  CLASS_SHARED_POOLS,
  CLASS_SLOT_COUNT,
  CLASS_SUBCLASSES,
  CLASS_SUPERCLASS,
  FIRST_FREE_CLASS_INDEX,
  FORMAT_EMPTY,
  FORMAT_FIXED,
  METACLASS_CLASS_INDEX,
  METACLASS_THIS_CLASS,
  NIL,
} from "../../vm/layout.ts";
import { instanceFormat } from "./formats.ts";
import { type HeapWriter, taggedInteger } from "./heapWriter.ts";
import { KNOWN_CLASS_INDICES, KNOWN_INSTANCE_VARIABLES } from "./knownClasses.ts";
import type { ClassSource, Problem } from "./sources.ts";

const METACLASS_SLOT_COUNT = METACLASS_THIS_CLASS + 1;
/** Entries of the class table that are free when the image starts, so that making a class seldom replaces the table. */
const SPARE_CLASS_TABLE_ENTRIES = 128;

export interface WrittenClass {
  source: ClassSource;
  superclass: WrittenClass | undefined;
  oop: number;
  metaclass: number;
  classIndex: number;
  format: number;
  /** Inherited ones included. */
  instanceVariables: string[];
  /** Inherited ones included; without those of Class itself. */
  classInstanceVariables: string[];
  /** Associations of its own class variables. */
  classPool: Map<string, number>;
  /** Association of name and class: the global. */
  binding: number;
  /** Association of nil and metaclass: what methods of the class side have in the place of the global. */
  metaclassBinding: number;
}

export class ClassWriter {
  readonly classes = new Map<string, WrittenClass>();
  readonly problems: Problem[] = [];
  private readonly table = new Map<number, number>();
  private nextClassIndex = FIRST_FREE_CLASS_INDEX;

  constructor(private readonly heap: HeapWriter) {}

  /** `sources`: superclasses before their subclasses. */
  writeClasses(sources: readonly ClassSource[]): void {
    this.heap.category = "classes";
    for (const source of sources) this.writeClass(source);
    for (const written of this.classes.values()) this.linkClass(written);
  }

  private reportProblem(source: ClassSource, message: string): void {
    this.problems.push({ message: `${source.name}: ${message}`, file: source.file });
  }

  // --- First pass: the objects ---

  private writeClass(source: ClassSource): void {
    const superclass = this.classes.get(source.superclassName);
    const instanceVariables = [...(superclass?.instanceVariables ?? []), ...source.instanceVariables];
    const classInstanceVariables = [...(superclass?.classInstanceVariables ?? []), ...source.classInstanceVariables];
    const classIndex = KNOWN_CLASS_INDICES.get(source.name) ?? this.nextClassIndex++;
    const metaclassIndex = this.nextClassIndex++;
    const slotCount = CLASS_SLOT_COUNT + classInstanceVariables.length;
    const oop = this.heap.allocateOops(metaclassIndex, FORMAT_FIXED, slotCount);
    const metaclass = this.heap.allocateOops(METACLASS_CLASS_INDEX, FORMAT_FIXED, METACLASS_SLOT_COUNT);
    this.enterIntoTable(oop, classIndex);
    this.enterIntoTable(metaclass, metaclassIndex);
    this.checkKnownInstanceVariables(source, instanceVariables);
    this.classes.set(source.name, {
      source,
      superclass,
      oop,
      metaclass,
      classIndex,
      format: this.formatFor(source, superclass, instanceVariables.length),
      instanceVariables,
      classInstanceVariables,
      classPool: this.writeVariables(source.classVariables),
      binding: this.heap.association(this.heap.symbol(source.name), oop),
      metaclassBinding: this.heap.association(NIL, metaclass),
    });
  }

  private enterIntoTable(behavior: number, classIndex: number): void {
    this.heap.setIdentityHash(behavior, classIndex);
    this.table.set(classIndex, behavior);
  }

  private formatFor(source: ClassSource, superclass: WrittenClass | undefined, instanceSize: number): number {
    const format = instanceFormat(source.type, superclass?.format ?? FORMAT_EMPTY, instanceSize);
    if (format === undefined) this.reportProblem(source, `it has the unknown type #${source.type}`);
    return format ?? FORMAT_FIXED;
  }

  private checkKnownInstanceVariables(source: ClassSource, instanceVariables: string[]): void {
    const expected = KNOWN_INSTANCE_VARIABLES.get(source.name);
    if (expected === undefined || expected.every((name, index) => name === instanceVariables[index])) return;
    const found = instanceVariables.join(" ");
    this.reportProblem(source, `the machine needs the instance variables ${expected.join(" ")}, but it has ${found}`);
  }

  private writeVariables(names: readonly string[]): Map<string, number> {
    return new Map(names.map((name) => [name, this.heap.association(this.heap.symbol(name), NIL)]));
  }

  // --- Second pass: what refers to other classes ---

  private linkClass(written: WrittenClass): void {
    this.fillBehavior(written.oop, written.superclass?.oop ?? NIL, written.source.instanceVariables);
    this.fillFormat(written.oop, written.format, written.instanceVariables.length);
    const superMetaclass = written.superclass?.metaclass ?? this.classes.get("Class")?.oop ?? NIL;
    this.fillBehavior(written.metaclass, superMetaclass, written.source.classInstanceVariables);
    this.fillFormat(written.metaclass, FORMAT_FIXED, CLASS_SLOT_COUNT + written.classInstanceVariables.length);
    this.heap.setSlot(written.metaclass, METACLASS_THIS_CLASS, written.oop);
    this.fillClass(written);
  }

  private fillBehavior(behavior: number, superclass: number, instanceVariables: readonly string[]): void {
    const names = instanceVariables.map((name) => this.heap.symbol(name));
    this.heap.setSlot(behavior, CLASS_SUPERCLASS, superclass);
    this.heap.setSlot(behavior, CLASS_INSTANCE_VARIABLES, this.heap.array(names));
  }

  private fillFormat(behavior: number, format: number, instanceSize: number): void {
    this.heap.setSlot(behavior, CLASS_FORMAT, taggedInteger((format << CLASS_FORMAT_SHIFT) | instanceSize));
  }

  private fillClass(written: WrittenClass): void {
    const { oop, source, classPool } = written;
    const subclasses = this.subclassesOf(written).map((subclass) => subclass.oop);
    this.heap.setSlot(oop, CLASS_NAME, this.heap.symbol(source.name));
    this.heap.setSlot(oop, CLASS_SUBCLASSES, this.heap.array(subclasses));
    this.heap.setSlot(oop, CLASS_CLASS_POOL, classPool.size === 0 ? NIL : this.heap.array([...classPool.values()]));
    this.heap.setSlot(oop, CLASS_SHARED_POOLS, this.sharedPools(source));
    this.heap.setSlot(oop, CLASS_PACKAGE, this.heap.symbol(source.packageName));
    this.heap.category = "comments";
    this.heap.setSlot(oop, CLASS_COMMENT, this.heap.string(source.comment));
    this.heap.category = "classes";
  }

  private subclassesOf(superclass: WrittenClass): WrittenClass[] {
    return [...this.classes.values()].filter((written) => written.superclass === superclass);
  }

  private sharedPools(source: ClassSource): number {
    const pools = source.sharedPools.map((name) => this.classes.get(name));
    if (pools.includes(undefined))
      this.reportProblem(source, `a shared pool of ${source.sharedPools.join(" ")} is missing`);
    return pools.length === 0 ? NIL : this.heap.array(pools.map((pool) => pool?.oop ?? NIL));
  }

  // --- Result ---

  /** The class table: an Array from class index to class. */
  writeClassTable(): number {
    const entries = new Array<number>(this.nextClassIndex + SPARE_CLASS_TABLE_ENTRIES).fill(NIL);
    for (const [classIndex, behavior] of this.table) entries[classIndex] = behavior;
    return this.heap.array(entries);
  }
}
