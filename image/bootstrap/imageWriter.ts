// Puts the first heap together: classes, methods, globals, the scheduler, and the special objects that tie them up.
//
// What it cannot know without knowing the layout of the image's collections it hands over raw, for
// `Bootstrap class >> start` to turn into what the image wants:
//   special object Smalltalk      an Array of three: an Array of the Associations of all globals, and Arrays of the classes
//                                 whose class side defines `initialize` and `startUp:`, in the order of sending
//   special object symbol table   an Array of all symbols
//   a class's subclasses          an Array of classes
//   a class's classPool           an Array of Associations, or nil
//   a class's sharedPools         an Array of classes, or nil
//   a behavior's organization     an Array of selector, protocol, selector, protocol, ...

import type { CompiledMethodData } from "../../compiler/compiledCode.ts";
import { SPECIAL_SELECTOR_NAMES } from "../../compiler/specialSelectors.ts";
import type { MethodDefinition } from "../../compiler/tonel.ts";
import * as layout from "../../vm/layout.ts";
import { ClassWriter, type WrittenClass } from "./classWriter.ts";
import { type Bindings, CodeWriter } from "./codeWriter.ts";
import { HeapWriter } from "./heapWriter.ts";
import { writeMethodDictionary } from "./methodDictionaryWriter.ts";
import { writeScheduler } from "./processWriter.ts";
import type { ClassSource, Problem } from "./sources.ts";

/** Globals that are no classes. */
export const OTHER_GLOBALS = ["Smalltalk", "Processor", "Transcript"] as const;
/** Where the machine goes on with the identity hashes that it gives to objects. */
export const FIRST_HASH_SEED = 0x2f6b1d5;
const EXTERNAL_SEMAPHORE_COUNT = 16;
const START_CLASS = "Bootstrap";
const START_SELECTOR = "start";

export interface CompiledSource {
  source: MethodDefinition;
  data: CompiledMethodData;
}

export interface RawImage {
  heap: Uint8Array;
  specialObjectsOop: number;
  hashSeed: number;
  sizes: [string, number][];
  problems: Problem[];
}

interface WrittenMethod {
  selector: number;
  method: number;
  protocol: string;
}

class ImageWriter implements Bindings {
  private readonly heap = new HeapWriter();
  private readonly classWriter = new ClassWriter(this.heap);
  private readonly code = new CodeWriter(this.heap, this);
  private readonly otherGlobals = new Map<string, number>();
  private readonly undeclared = new Map<string, number>();
  private readonly problems: Problem[] = [];

  writeImage(classes: readonly ClassSource[], methods: readonly CompiledSource[]): RawImage {
    this.classWriter.writeClasses(classes);
    for (const name of OTHER_GLOBALS) this.otherGlobals.set(name, this.variable(name));
    this.writeMethods(methods);
    const specialObjectsOop = this.writeSpecialObjects(methods);
    return {
      heap: this.heap.heapBytes(),
      specialObjectsOop,
      hashSeed: FIRST_HASH_SEED,
      sizes: this.heap.sizesByCategory(),
      problems: [...this.classWriter.problems, ...this.problems],
    };
  }

  private get classes(): ReadonlyMap<string, WrittenClass> {
    return this.classWriter.classes;
  }

  // --- Variables ---

  private variable(name: string): number {
    return this.heap.association(this.heap.symbol(name), layout.NIL);
  }

  global(name: string): number {
    return this.classes.get(name)?.binding ?? this.otherGlobals.get(name) ?? this.undeclaredVariable(name);
  }

  classVariable(owner: string, name: string): number {
    return this.classes.get(owner)?.classPool.get(name) ?? this.undeclaredVariable(`${owner}.${name}`);
  }

  /** Only a lenient build gets here: the variable is nil for ever. */
  private undeclaredVariable(name: string): number {
    const binding = this.undeclared.get(name) ?? this.variable(name);
    this.undeclared.set(name, binding);
    return binding;
  }

  // --- Methods ---

  private writeMethods(methods: readonly CompiledSource[]): void {
    const byBehavior = new Map<string, CompiledSource[]>();
    for (const method of methods) {
      const key = behaviorKey(method.source.className, method.source.meta);
      byBehavior.set(key, [...(byBehavior.get(key) ?? []), method]);
    }
    for (const { source, oop, metaclass, binding, metaclassBinding } of this.classes.values()) {
      this.writeBehavior(oop, binding, byBehavior.get(behaviorKey(source.name, false)) ?? []);
      this.writeBehavior(metaclass, metaclassBinding, byBehavior.get(behaviorKey(source.name, true)) ?? []);
    }
  }

  private writeBehavior(behavior: number, binding: number, methods: readonly CompiledSource[]): void {
    const written = methods.flatMap((method) => this.writeMethod(method, binding));
    const pairs = written.map(({ selector, method }): [number, number] => [selector, method]);
    this.heap.setSlot(behavior, layout.CLASS_METHOD_DICTIONARY, writeMethodDictionary(this.heap, pairs));
    this.heap.category = "classes";
    const organization = written.flatMap(({ selector, protocol }) => [selector, this.heap.symbol(protocol)]);
    this.heap.setSlot(behavior, layout.CLASS_ORGANIZATION, this.heap.array(organization));
  }

  private writeMethod({ source, data }: CompiledSource, binding: number): WrittenMethod[] {
    try {
      const method = this.code.writeMethod(data, binding);
      return [{ selector: this.heap.symbol(data.selector), method, protocol: source.protocol }];
    } catch (error) {
      this.problems.push({ message: `${data.selector}: ${(error as Error).message}`, file: source.origin.file });
      return [];
    }
  }

  // --- Special objects ---

  private writeSpecialObjects(methods: readonly CompiledSource[]): number {
    const specialObjects = new Array<number>(layout.SPECIAL_OBJECT_COUNT).fill(layout.NIL);
    specialObjects[layout.SPECIAL_FALSE] = layout.FALSE;
    specialObjects[layout.SPECIAL_TRUE] = layout.TRUE;
    specialObjects[layout.SPECIAL_PROCESSOR] = this.writeProcessor();
    this.heap.category = "classes";
    specialObjects[layout.SPECIAL_CLASS_TABLE] = this.classWriter.writeClassTable();
    specialObjects[layout.SPECIAL_SELECTORS] = this.symbols(SPECIAL_SELECTOR_NAMES);
    specialObjects[layout.SPECIAL_DOES_NOT_UNDERSTAND] = this.heap.symbol("doesNotUnderstand:");
    specialObjects[layout.SPECIAL_MUST_BE_BOOLEAN] = this.heap.symbol("mustBeBoolean");
    specialObjects[layout.SPECIAL_CANNOT_RETURN] = this.heap.symbol("cannotReturn:");
    specialObjects[layout.SPECIAL_ABOUT_TO_RETURN] = this.heap.symbol("aboutToReturn:through:");
    specialObjects[layout.SPECIAL_ATTEMPT_TO_ASSIGN] = this.heap.symbol("attemptToAssign:withIndex:");
    specialObjects[layout.SPECIAL_EXTERNAL_SEMAPHORES] = this.nils(EXTERNAL_SEMAPHORE_COUNT);
    specialObjects[layout.SPECIAL_SMALLTALK] = this.writeRawSmalltalk(methods);
    this.heap.category = "symbols";
    specialObjects[layout.SPECIAL_SYMBOL_TABLE] = this.heap.array(this.heap.allSymbols());
    return this.heap.array(specialObjects);
  }

  private symbols(names: readonly string[]): number {
    return this.heap.array(names.map((name) => this.heap.symbol(name)));
  }

  private nils(count: number): number {
    return this.heap.array(new Array<number>(count).fill(layout.NIL));
  }

  private writeProcessor(): number {
    const startClass = this.classes.get(START_CLASS);
    const method = startClass === undefined ? layout.NIL : this.startMethod(startClass);
    if (startClass === undefined || method === layout.NIL) {
      this.problems.push({ message: `${START_CLASS} class >> ${START_SELECTOR} is missing: there is nothing to run.` });
      return layout.NIL;
    }
    const scheduler = writeScheduler(this.heap, this.classes, method, startClass.oop);
    this.heap.setSlot(this.otherGlobals.get("Processor") ?? layout.NIL, layout.ASSOCIATION_VALUE, scheduler);
    return scheduler;
  }

  private startMethod(startClass: WrittenClass): number {
    const dictionary = this.heap.slotAt(startClass.metaclass, layout.CLASS_METHOD_DICTIONARY);
    const values = this.heap.slotAt(dictionary, layout.METHOD_DICTIONARY_ARRAY);
    const start = this.heap.symbol(START_SELECTOR);
    const capacity = this.heap.slotCountOf(values);
    for (let index = 0; index < capacity; index++) {
      const selector = this.heap.slotAt(dictionary, layout.METHOD_DICTIONARY_SELECTORS + index);
      if (selector === start) return this.heap.slotAt(values, index);
    }
    return layout.NIL;
  }

  private writeRawSmalltalk(methods: readonly CompiledSource[]): number {
    const classBindings = [...this.classes.values()].map((written) => written.binding);
    const globals = this.heap.array([...classBindings, ...this.otherGlobals.values()]);
    const raw = [globals, this.classesDefining("initialize", methods), this.classesDefining("startUp:", methods)];
    return this.heap.array(raw);
  }

  /** An Array of the classes whose class side itself defines a method, superclasses first, in the order of packages. */
  private classesDefining(selector: string, methods: readonly CompiledSource[]): number {
    const defining = methods.filter(({ source, data }) => source.meta && data.selector === selector);
    const names = new Set(defining.map(({ source }) => source.className));
    const classes = [...this.classes.values()].filter((written) => names.has(written.source.name));
    return this.heap.array(classes.map((written) => written.oop));
  }
}

function behaviorKey(className: string, meta: boolean): string {
  return meta ? `${className} class` : className;
}

/** `classes`: superclasses before their subclasses. */
export function writeImage(classes: readonly ClassSource[], methods: readonly CompiledSource[]): RawImage {
  return new ImageWriter().writeImage(classes, methods);
}
