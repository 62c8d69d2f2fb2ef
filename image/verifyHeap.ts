// Whether the heap of an image file is what a machine takes for granted. Checksums tell of damage; a file that somebody
// made on purpose has right ones. The machine trusts headers, references, class table, method dictionaries, contexts and
// special objects without looking, so these are looked at here, once, before it runs. (vm/verifyHeap.ts checks a living
// heap, new space and remembered set included.)

import * as layout from "../vm/layout.ts";

const { HEADER_SIZE, NIL, OLD_SPACE_START } = layout;
const SELECTOR_COUNT = 32;
const HIGHEST_FORMAT_WITH_OOPS = layout.FORMAT_EPHEMERON;
/** Snapshots have none of these. */
const COLLECTOR_BITS = layout.GREY_BIT | layout.REMEMBERED_BIT;
/** A class that inherits from more than so many others is a circle. */
const DEEPEST_INHERITANCE = 10_000;

/** Undefined when the heap is sound, else what is wrong with it, as the end of a sentence. */
export function findDefect(heap: Uint8Array, specialObjectsOop: number): string | undefined {
  try {
    new HeapVerifier(heap, specialObjectsOop).verify();
    return undefined;
  } catch (error) {
    if (error instanceof Defect) return error.message;
    throw error;
  }
}

class Defect extends Error {}

class HeapVerifier {
  private readonly words: Int32Array;
  private readonly end: number;
  /** One bit for each 8 bytes: a header begins there. */
  private readonly headers: Uint32Array;
  private readonly objects: number[] = [];
  private classTable = NIL;
  private classCount = 0;

  constructor(
    heap: Uint8Array,
    private readonly specialObjects: number,
  ) {
    const isAligned = heap.byteOffset % 4 === 0;
    this.words = isAligned
      ? new Int32Array(heap.buffer, heap.byteOffset, heap.length >> 2)
      : new Int32Array(new Uint8Array(heap).buffer);
    this.end = OLD_SPACE_START + heap.length;
    this.headers = new Uint32Array((heap.length >> 8) + 1);
  }

  verify(): void {
    this.findObjects();
    this.verifySpecialObjects();
    this.verifyClasses();
    for (const object of this.objects) this.verifyObject(object);
    this.verifyScheduler();
  }

  private fail(object: number, what: string): never {
    throw new Defect(`the object at 0x${object.toString(16)} ${what}`);
  }

  // --- Words ---

  private word(address: number): number {
    return this.words[(address - OLD_SPACE_START) >> 2];
  }

  private slot(object: number, index: number): number {
    return this.word(object + HEADER_SIZE + index * 4);
  }

  private slotCount(object: number): number {
    const count = this.word(object + 4) >>> layout.SLOT_COUNT_SHIFT;
    return count === layout.SLOT_COUNT_OVERFLOW ? this.word(object - 8) : count;
  }

  private format(object: number): number {
    return (this.word(object) >>> layout.FORMAT_SHIFT) & layout.FORMAT_MASK;
  }

  private classIndex(oop: number): number {
    if ((oop & 1) !== 0) return layout.SMALL_INTEGER_CLASS_INDEX;
    if ((oop & 3) === 2) return layout.CHARACTER_CLASS_INDEX;
    return this.word(oop) & layout.CLASS_INDEX_MASK;
  }

  private isObject(oop: number): boolean {
    if ((oop & 7) !== 0 || oop < OLD_SPACE_START || oop >= this.end) return false;
    const index = (oop - OLD_SPACE_START) >> 3;
    return ((this.headers[index >> 5] >>> (index & 31)) & 1) !== 0;
  }

  private isA(oop: number, classIndex: number): boolean {
    return this.isObject(oop) && this.classIndex(oop) === classIndex;
  }

  private isSymbol(oop: number): boolean {
    return this.isA(oop, layout.BYTE_SYMBOL_CLASS_INDEX) || this.isA(oop, layout.WIDE_SYMBOL_CLASS_INDEX);
  }

  private isCode(oop: number): boolean {
    return this.isA(oop, layout.COMPILED_METHOD_CLASS_INDEX) || this.isA(oop, layout.COMPILED_BLOCK_CLASS_INDEX);
  }

  private isArrayOf(oop: number, leastCount: number): boolean {
    return this.isA(oop, layout.ARRAY_CLASS_INDEX) && this.slotCount(oop) >= leastCount;
  }

  // --- The walk ---

  private findObjects(): void {
    let address = OLD_SPACE_START;
    while (address < this.end) {
      const object = this.objectFrom(address);
      const next = object + HEADER_SIZE + this.bodySize(object);
      if (!(next > address && next <= this.end)) this.fail(object, "does not end inside the heap");
      if (this.classIndex(object) !== layout.FREE_CLASS_INDEX) {
        const index = (object - OLD_SPACE_START) >> 3;
        this.headers[index >> 5] |= 1 << (index & 31);
        this.objects.push(object);
      }
      address = next;
    }
  }

  private objectFrom(address: number): number {
    if (this.word(address + 4) >>> layout.SLOT_COUNT_SHIFT !== layout.SLOT_COUNT_OVERFLOW) return address;
    const object = address + 8;
    const isHeader =
      object < this.end && this.word(object + 4) >>> layout.SLOT_COUNT_SHIFT === layout.SLOT_COUNT_OVERFLOW;
    return isHeader && this.word(address) >= 0 ? object : this.fail(address, "has half a header");
  }

  private bodySize(object: number): number {
    const slotCount = this.slotCount(object);
    if (slotCount === 0) return this.classIndex(object) === layout.FREE_CLASS_INDEX ? 0 : 8;
    return Math.ceil(slotCount / 2) * 8;
  }

  // --- Special objects ---

  private verifySpecialObjects(): void {
    if (!this.isArrayOf(this.specialObjects, layout.SPECIAL_OBJECT_COUNT)) {
      throw new Defect("the array of special objects is missing");
    }
    const special = (index: number) => this.slot(this.specialObjects, index);
    const require = (isRight: boolean, index: number) => {
      if (!isRight) throw new Defect(`special object ${index} is not what the machine needs`);
    };
    for (const [index, oop, classIndex] of [
      [layout.SPECIAL_NIL, NIL, layout.UNDEFINED_OBJECT_CLASS_INDEX],
      [layout.SPECIAL_FALSE, layout.FALSE, layout.FALSE_CLASS_INDEX],
      [layout.SPECIAL_TRUE, layout.TRUE, layout.TRUE_CLASS_INDEX],
    ]) {
      require(special(index) === oop && this.isA(oop, classIndex), index);
    }
    const table = special(layout.SPECIAL_CLASS_TABLE);
    require(this.isArrayOf(table, layout.FIRST_FREE_CLASS_INDEX), layout.SPECIAL_CLASS_TABLE);
    [this.classTable, this.classCount] = [table, this.slotCount(table)];
    const selectors = special(layout.SPECIAL_SELECTORS);
    require(this.isArrayOf(selectors, SELECTOR_COUNT), layout.SPECIAL_SELECTORS);
    for (let index = 0; index < SELECTOR_COUNT; index++) {
      require(this.isSymbol(this.slot(selectors, index)), layout.SPECIAL_SELECTORS);
    }
    for (const index of SPECIAL_SYMBOLS) require(this.isSymbol(special(index)), index);
    for (const index of SPECIAL_SEMAPHORES) require(this.isSemaphoreOrNil(special(index)), index);
    const events = special(layout.SPECIAL_EXTERNAL_SEMAPHORES);
    require(events === NIL || this.isArrayOf(events, 0), layout.SPECIAL_EXTERNAL_SEMAPHORES);
    const count = events === NIL ? 0 : this.slotCount(events);
    for (let index = 0; index < count; index++) {
      require(this.isSemaphoreOrNil(this.slot(events, index)), layout.SPECIAL_EXTERNAL_SEMAPHORES);
    }
  }

  private isSemaphoreOrNil(oop: number): boolean {
    return oop === NIL || this.isA(oop, layout.SEMAPHORE_CLASS_INDEX);
  }

  // --- Classes ---

  private classAt(index: number): number {
    return index > 0 && index < this.classCount ? this.slot(this.classTable, index) : NIL;
  }

  private isClass(oop: number): boolean {
    return this.isObject(oop) && this.classAt(this.word(oop + 4) & layout.HASH_MASK) === oop;
  }

  private verifyClasses(): void {
    for (let index = 1; index < this.classCount; index++) {
      const behavior = this.classAt(index);
      if (behavior === NIL) continue;
      const isSound =
        this.isClass(behavior) &&
        (this.word(behavior + 4) & layout.HASH_MASK) === index &&
        this.format(behavior) === layout.FORMAT_FIXED &&
        this.slotCount(behavior) > layout.METACLASS_THIS_CLASS &&
        (this.slot(behavior, layout.CLASS_FORMAT) & 1) === 1;
      if (!isSound) throw new Defect(`class ${index} is none`);
      this.verifyMethodDictionary(this.slot(behavior, layout.CLASS_METHOD_DICTIONARY), behavior);
      this.verifySuperclasses(behavior);
    }
  }

  private verifySuperclasses(behavior: number): void {
    let at = behavior;
    for (let depth = 0; at !== NIL; depth++) {
      if (depth > DEEPEST_INHERITANCE || !this.isClass(at))
        this.fail(behavior, "is a class without an end to its superclasses");
      at = this.slot(at, layout.CLASS_SUPERCLASS);
    }
  }

  private verifyMethodDictionary(dictionary: number, behavior: number): void {
    const capacity = this.isA(dictionary, layout.METHOD_DICTIONARY_CLASS_INDEX)
      ? this.slotCount(dictionary) - layout.METHOD_DICTIONARY_SELECTORS
      : 0;
    const methods = capacity > 0 ? this.slot(dictionary, layout.METHOD_DICTIONARY_ARRAY) : NIL;
    const isSound = (capacity & (capacity - 1)) === 0 && this.isArrayOf(methods, Math.max(1, capacity));
    if (!isSound) this.fail(behavior, "is a class without a dictionary of methods");
    let free = 0;
    for (let index = 0; index < capacity; index++) {
      if (this.slot(dictionary, layout.METHOD_DICTIONARY_SELECTORS + index) === NIL) free++;
      else if (!this.isCode(this.slot(methods, index))) this.fail(dictionary, "has a selector without a method");
    }
    // A search ends at a free slot.
    if (free === 0) this.fail(dictionary, "is a dictionary of methods that is full");
  }

  // --- Objects ---

  private verifyObject(object: number): void {
    const header = this.word(object);
    if ((header & COLLECTOR_BITS) !== 0) this.fail(object, "has marks of a collector");
    const behavior = this.classAt(header & layout.CLASS_INDEX_MASK);
    if (behavior === NIL) this.fail(object, "has no class");
    this.verifyFormat(object, this.slot(behavior, layout.CLASS_FORMAT) >> 1);
    this.verifyReferences(object);
    if (this.classIndex(object) === layout.CONTEXT_CLASS_INDEX) this.verifyContext(object);
    if (this.classIndex(object) === layout.BLOCK_CLOSURE_CLASS_INDEX) {
      if (!this.isCode(this.slot(object, layout.CLOSURE_COMPILED_BLOCK))) this.fail(object, "is a block without code");
    }
  }

  /** Most of the time goes here. What lies outside the heap has no bit. */
  private verifyReferences(object: number): void {
    const { words, headers } = this;
    const first = (object + HEADER_SIZE - OLD_SPACE_START) >> 2;
    const end = first + this.oopCount(object);
    for (let index = first; index < end; index++) {
      const oop = words[index];
      if ((oop & 3) !== 0) continue;
      const offset = oop - OLD_SPACE_START;
      const isHeader = ((headers[offset >>> 8] >>> ((offset >>> 3) & 31)) & 1) !== 0;
      if ((oop & 7) !== 0 || !isHeader) this.fail(object, "refers to none");
    }
  }

  /** An object has the shape that its class gives to instances. */
  private verifyFormat(object: number, classFormat: number): void {
    const format = this.format(object);
    const expected = classFormat >> layout.CLASS_FORMAT_SHIFT;
    const fixedCount = classFormat & layout.CLASS_INSTANCE_SIZE_MASK;
    const count = this.slotCount(object);
    const hasFixedCount = format <= layout.FORMAT_FIXED;
    const isSound =
      familyOf(format) === familyOf(expected) &&
      (format > HIGHEST_FORMAT_WITH_OOPS || (hasFixedCount ? count === fixedCount : count >= fixedCount)) &&
      (format < layout.FORMAT_BYTES || count > 0 || (format & 7) === 0);
    if (!isSound) this.fail(object, "has another shape than its class says");
  }

  private oopCount(object: number): number {
    const format = this.format(object);
    if (format <= HIGHEST_FORMAT_WITH_OOPS) return this.slotCount(object);
    if (format < layout.FORMAT_COMPILED_CODE) return 0;
    const header = this.slot(object, 0);
    const count = ((header >> 1) & layout.METHOD_LITERAL_COUNT_MASK) + 1;
    if ((header & 1) === 0 || count > this.slotCount(object)) this.fail(object, "has more literals than room for them");
    return count;
  }

  private verifyContext(context: number): void {
    const [pc, stackPointer, code] = [layout.CONTEXT_PC, layout.CONTEXT_STACK_POINTER, layout.CONTEXT_METHOD].map(
      (index) => this.slot(context, index),
    );
    const sender = this.slot(context, layout.CONTEXT_SENDER);
    if (pc === NIL) return;
    const room = this.slotCount(context) - layout.CONTEXT_FIRST_STACK_SLOT;
    const isSound =
      (pc & stackPointer & 1) === 1 &&
      stackPointer >> 1 >= 0 &&
      stackPointer >> 1 <= room &&
      this.isCode(code) &&
      pc >> 1 > this.oopCount(code) * 4 &&
      pc >> 1 <= this.slotCount(code) * 4 + 1 &&
      (sender === NIL || this.isA(sender, layout.CONTEXT_CLASS_INDEX));
    if (!isSound) this.fail(context, "is an activation that cannot go on");
  }

  // --- Processes ---

  private verifyScheduler(): void {
    const scheduler = this.slot(this.specialObjects, layout.SPECIAL_PROCESSOR);
    if (!this.isObject(scheduler) || this.slotCount(scheduler) <= layout.SCHEDULER_ACTIVE_PROCESS) {
      throw new Defect("the scheduler is missing");
    }
    const lists = this.slot(scheduler, layout.SCHEDULER_LISTS);
    if (!this.isArrayOf(lists, 1)) this.fail(scheduler, "is a scheduler without queues");
    for (let index = 0; index < this.slotCount(lists); index++) this.verifyQueue(this.slot(lists, index));
    const active = this.slot(scheduler, layout.SCHEDULER_ACTIVE_PROCESS);
    if (active !== NIL) this.verifyReadyProcess(active);
  }

  private verifyQueue(list: number): void {
    if (!this.isObject(list) || this.slotCount(list) <= layout.LIST_LAST_LINK)
      this.fail(list, "is no queue of processes");
    let process = this.slot(list, layout.LIST_FIRST_LINK);
    for (let count = 0; process !== NIL; count++) {
      if (count > this.objects.length) this.fail(list, "is a queue of processes without an end");
      this.verifyReadyProcess(process);
      process = this.slot(process, layout.PROCESS_NEXT_LINK);
    }
  }

  private verifyReadyProcess(process: number): void {
    const isSound =
      this.isObject(process) &&
      this.slotCount(process) >= layout.PROCESS_SLOT_COUNT &&
      (this.slot(process, layout.PROCESS_PRIORITY) & 1) === 1 &&
      this.isA(this.slot(process, layout.PROCESS_SUSPENDED_CONTEXT), layout.CONTEXT_CLASS_INDEX);
    if (!isSound) this.fail(process, "is a process that cannot run");
  }
}

const SPECIAL_SYMBOLS = [
  layout.SPECIAL_DOES_NOT_UNDERSTAND,
  layout.SPECIAL_MUST_BE_BOOLEAN,
  layout.SPECIAL_CANNOT_RETURN,
  layout.SPECIAL_ABOUT_TO_RETURN,
  layout.SPECIAL_ATTEMPT_TO_ASSIGN,
];
const SPECIAL_SEMAPHORES = [
  layout.SPECIAL_TIMER_SEMAPHORE,
  layout.SPECIAL_LOW_SPACE_SEMAPHORE,
  layout.SPECIAL_RECURSION_SEMAPHORE,
  layout.SPECIAL_FINALIZATION_SEMAPHORE,
];

/** The formats that differ only in how many elements of the last word are unused; raw words of 32 and 64 bits are one. */
function familyOf(format: number): number {
  if (format >= layout.FORMAT_COMPILED_CODE) return layout.FORMAT_COMPILED_CODE;
  if (format >= layout.FORMAT_BYTES) return layout.FORMAT_BYTES;
  if (format >= layout.FORMAT_WORDS16) return layout.FORMAT_WORDS16;
  return Math.min(format, layout.FORMAT_WORDS64);
}
