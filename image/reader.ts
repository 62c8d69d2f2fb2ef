// What an image contains, by names: globals, classes, variables, values. Read-only, for a living machine between two
// slices of its work and for an image file. It is also the compiler's view of a living image.
//
// Classes are found as the image itself finds them, in the SystemDictionary `Smalltalk`. Of the image's collections only
// this much is known: a Dictionary has an instance variable `array` that holds Associations and nils.

import type { Environment } from "../compiler/environment.ts";
import * as layout from "../vm/layout.ts";
import { type HeapMemory, HeapReader } from "./heapReader.ts";

/** An object that has no counterpart in JavaScript. */
export interface Reference {
  oop: number;
}

export type Value = null | boolean | number | bigint | string | Value[] | Reference;

const MAXIMUM_DEPTH = 100;

export class ImageReader extends HeapReader implements Environment {
  readonly unknownNameSelector?: string;
  private readonly environmentName?: string;

  /** With the name of a global that holds a dictionary: names are looked up there before they are in `Smalltalk`. */
  constructor(memory: HeapMemory, environmentName?: string, unknownNameSelector?: string) {
    super(memory);
    this.environmentName = environmentName;
    this.unknownNameSelector = unknownNameSelector;
  }

  // --- Dictionaries ---

  private isNil(oop: number): boolean {
    return oop === layout.NIL;
  }

  /** Slot of an instance variable, -1 when the object's class has none of this name. */
  private slotNamed(object: number, name: string): number {
    return this.allInstanceVariables(this.classOf(object)).indexOf(name);
  }

  /** Value of an instance variable; nil when there is none of this name. */
  instanceVariable(object: number, name: string): number {
    const slot = this.slotNamed(object, name);
    return slot < 0 ? layout.NIL : this.slotAt(object, slot);
  }

  private isAssociation(oop: number): boolean {
    if (this.isImmediate(oop)) return false;
    if (this.classIndexOf(oop) === layout.ASSOCIATION_CLASS_INDEX) return true;
    return this.formatOf(oop) === layout.FORMAT_FIXED && this.slotCountOf(oop) >= 2;
  }

  /** The Associations of a Dictionary, or of an Array of them. */
  associationsOf(dictionary: number): number[] {
    if (this.isNil(dictionary)) return [];
    const array = this.isArray(dictionary) ? dictionary : this.instanceVariable(dictionary, "array");
    if (this.isImmediate(array) || this.isNil(array)) return [];
    return this.slotsOf(array).filter((oop) => oop !== layout.NIL && this.isAssociation(oop));
  }

  private keyOf(association: number): string {
    const key = this.slotAt(association, layout.ASSOCIATION_KEY);
    return this.isString(key) ? this.stringValueOf(key) : "";
  }

  private associationNamed(dictionary: number, name: string): number | undefined {
    return this.associationsOf(dictionary).find((association) => this.keyOf(association) === name);
  }

  private keysOf(dictionary: number): string[] {
    return this.associationsOf(dictionary).map((association) => this.keyOf(association));
  }

  // --- Globals ---

  /** The Association that holds a global variable. */
  globalBinding(name: string): number | undefined {
    return this.environmentBinding(name) ?? this.associationNamed(this.specialObject(layout.SPECIAL_SMALLTALK), name);
  }

  private environmentBinding(name: string): number | undefined {
    const environment = this.environment();
    return environment === undefined ? undefined : this.associationNamed(environment, name);
  }

  private environment(): number | undefined {
    if (this.environmentName === undefined) return undefined;
    const binding = this.associationNamed(this.specialObject(layout.SPECIAL_SMALLTALK), this.environmentName);
    return binding === undefined ? undefined : this.slotAt(binding, layout.ASSOCIATION_VALUE);
  }

  global(name: string): number | undefined {
    const binding = this.globalBinding(name);
    return binding === undefined ? undefined : this.slotAt(binding, layout.ASSOCIATION_VALUE);
  }

  hasGlobal(name: string): boolean {
    return this.globalBinding(name) !== undefined;
  }

  globalNames(): string[] {
    const environment = this.environment();
    const names = this.keysOf(this.specialObject(layout.SPECIAL_SMALLTALK));
    return environment === undefined ? names : [...this.keysOf(environment), ...names];
  }

  // --- Classes ---

  /** A metaclass is an instance of Metaclass; a class is an instance of one. */
  isMetaclass(oop: number): boolean {
    return this.classIndexOf(oop) === layout.METACLASS_CLASS_INDEX;
  }

  isClass(oop: number): boolean {
    return !this.isImmediate(oop) && this.isMetaclass(this.classOf(oop));
  }

  /** The class that is the value of a global. */
  classNamed(name: string): number | undefined {
    const value = this.global(name);
    return value !== undefined && this.isClass(value) ? value : undefined;
  }

  /** All classes that are globals, without their metaclasses. */
  classes(): number[] {
    const globals = this.associationsOf(this.specialObject(layout.SPECIAL_SMALLTALK));
    return globals.map((binding) => this.slotAt(binding, layout.ASSOCIATION_VALUE)).filter((oop) => this.isClass(oop));
  }

  /** "Array", or "Array class" for a metaclass. */
  nameOfClass(behavior: number): string {
    if (this.isMetaclass(behavior)) {
      return `${this.nameOfClass(this.slotAt(behavior, layout.METACLASS_THIS_CLASS))} class`;
    }
    const name = this.slotAt(behavior, layout.CLASS_NAME);
    return this.isString(name) ? this.stringValueOf(name) : "an unnamed class";
  }

  superclassOf(behavior: number): number | undefined {
    const superclass = this.slotAt(behavior, layout.CLASS_SUPERCLASS);
    return this.isNil(superclass) ? undefined : superclass;
  }

  /** The behavior and its superclasses, itself first. */
  *withSuperclasses(behavior: number | undefined): Iterable<number> {
    for (let at = behavior; at !== undefined; at = this.superclassOf(at)) yield at;
  }

  private ownInstanceVariables(behavior: number): string[] {
    const names = this.slotAt(behavior, layout.CLASS_INSTANCE_VARIABLES);
    return this.isArray(names) ? this.slotsOf(names).map((name) => this.stringValueOf(name)) : [];
  }

  /** Inherited ones first, in the order of the slots. */
  allInstanceVariables(behavior: number): string[] {
    return [...this.withSuperclasses(behavior)].reverse().flatMap((each) => this.ownInstanceVariables(each));
  }

  instanceVariables(className: string, meta: boolean): string[] {
    const found = this.classNamed(className);
    if (found === undefined) return [];
    return this.allInstanceVariables(meta ? this.classOf(found) : found);
  }

  // --- Class variables ---

  private classPoolOf(behavior: number): number {
    return this.slotAt(behavior, layout.CLASS_CLASS_POOL);
  }

  /** The dictionaries of a class's own variables, and of those in its shared pools: classes, or dictionaries themselves. */
  private poolsSeenBy(behavior: number): number[] {
    const pools = this.slotAt(behavior, layout.CLASS_SHARED_POOLS);
    const shared = this.isArray(pools) ? this.slotsOf(pools) : [];
    return [this.classPoolOf(behavior), ...shared.map((pool) => (this.isClass(pool) ? this.classPoolOf(pool) : pool))];
  }

  /** The first class above `className` that sees a class variable, its own or one of a shared pool. */
  private classVariableHolder(className: string, name: string): number | undefined {
    for (const behavior of this.withSuperclasses(this.classNamed(className))) {
      if (this.poolsSeenBy(behavior).some((pool) => this.associationNamed(pool, name) !== undefined)) return behavior;
    }
    return undefined;
  }

  classVariableOwner(className: string, name: string): string | undefined {
    const holder = this.classVariableHolder(className, name);
    return holder === undefined ? undefined : this.nameOfClass(holder);
  }

  *classVariableNames(className: string): Iterable<string> {
    for (const behavior of this.withSuperclasses(this.classNamed(className))) {
      for (const pool of this.poolsSeenBy(behavior)) yield* this.keysOf(pool);
    }
  }

  // --- Methods ---

  /** Selectors in the method dictionary of one behavior. */
  selectorsOf(behavior: number): string[] {
    const dictionary = this.slotAt(behavior, layout.CLASS_METHOD_DICTIONARY);
    if (this.isNil(dictionary)) return [];
    const slots = this.slotsOf(dictionary).slice(layout.METHOD_DICTIONARY_SELECTORS);
    return slots.filter((oop) => !this.isNil(oop)).map((oop) => this.stringValueOf(oop));
  }

  /** Every selector that some class of the image understands. */
  allSelectors(): Set<string> {
    const selectors = new Set<string>();
    for (const each of this.classes()) {
      for (const selector of this.selectorsOf(each)) selectors.add(selector);
      for (const selector of this.selectorsOf(this.classOf(each))) selectors.add(selector);
    }
    return selectors;
  }

  // --- Values ---

  /**
   * The JavaScript value of an object: nil, booleans, numbers (a bigint beyond the safe integers), characters, strings,
   * symbols and Arrays of such; anything else is answered as a reference, and so is what nests too deep.
   */
  javaScriptValueOf(oop: number, depth = 0): Value {
    if (oop === layout.NIL) return null;
    if (oop === layout.TRUE || oop === layout.FALSE) return oop === layout.TRUE;
    if (this.isSmallInteger(oop)) return this.smallIntegerValueOf(oop);
    if (this.isCharacter(oop)) return String.fromCodePoint(this.characterValueOf(oop));
    if (this.isString(oop)) return this.stringValueOf(oop);
    if (this.classIndexOf(oop) === layout.FLOAT_CLASS_INDEX) return this.floatValueOf(oop);
    if (this.isLargeInteger(oop)) return narrow(this.integerValueOf(oop));
    if (this.isArray(oop) && depth < MAXIMUM_DEPTH) {
      return this.slotsOf(oop).map((element) => this.javaScriptValueOf(element, depth + 1));
    }
    return { oop };
  }
}

function narrow(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
