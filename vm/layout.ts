// What lies where: linear memory, object headers, formats, known classes, special objects, and the slots of the classes
// that the machine itself reads. The compiler, the bootstrap and the image reader import these numbers from here.
//
// The object format is Spur for 32 bits (Miranda and others; class comment of VMMaker's SpurMemoryManager). An oop is a
// 32-bit word: xxx1 is a 31-bit SmallInteger, xx10 a Character (30-bit code point), x000 the address of a header.
//
//   high word, at +4:  | slot count: 8 | mark bits: 2 | identity hash: 22 |
//   low word, at +0:   | grey, pinned, remembered: 3 | format: 5 | immutable, unused: 2 | class index: 22 |
//   body, at +8:       slots of 4 bytes, padded to a multiple of 8 bytes, never less than 8 bytes
//
// A slot count of 255 means that the true count stands in an overflow header: the 8 bytes before the header, with the
// count in the low word and 255 again in the topmost byte, so that a walk over the heap sees at once which one it met.

// --- Linear memory, in bytes. Everything is below 2 GiB, so signed comparison of addresses is right. ---
//
//   0x000000  nothing: on the guest this page is not mapped
//   0x001000  transfer buffer: the bytes of one host call
//   0x010000  method cache
//   0x030000  remembered set
//   0x060000  sites of translated sends
//   0x070000  stack pages
//   0x0f0000  stack page table and other state of the machine
//   0x0f8000  table of translations
//   0x100000  survivor space A, survivor space B, eden      (new space)
//   0x400000  old space, to the end of memory
export const TRANSFER_BUFFER: i32 = 0x1000;
export const TRANSFER_BUFFER_SIZE: i32 = 0xf000;
export const HAND_OVER_SIZE: i32 = 32; // at the start of the transfer buffer while an image changes machines (handOver.ts)
export const METHOD_CACHE: i32 = 0x10000;
export const METHOD_CACHE_ENTRY_COUNT: i32 = 4096;
export const REMEMBERED_SET: i32 = 0x30000;
export const REMEMBERED_SET_CAPACITY: i32 = 0xc000; // entries of 4 bytes
export const TRANSLATION_SITES: i32 = 0x60000;
export const TRANSLATION_SITES_SIZE: i32 = 0x10000;
export const TRANSLATION_SITE_SIZE: i32 = 32;
export const STACK_PAGES: i32 = 0x70000;
export const STACK_PAGE_SHIFT: i32 = 13;
export const STACK_PAGE_SIZE: i32 = 0x2000; // 1 << STACK_PAGE_SHIFT
export const STACK_PAGE_COUNT: i32 = 64;
export const STACK_PAGE_TABLE: i32 = 0xf0000;
export const TRANSLATION_TABLE: i32 = 0xf8000;
export const TRANSLATION_TABLE_CAPACITY: i32 = 2048; // entries of 16 bytes
export const SURVIVOR_A: i32 = 0x100000;
export const SURVIVOR_B: i32 = 0x180000;
export const SURVIVOR_SIZE: i32 = 0x80000;
export const EDEN: i32 = 0x200000;
export const EDEN_SIZE: i32 = 0x200000;
export const NEW_SPACE_START: i32 = 0x100000;
export const OLD_SPACE_START: i32 = 0x400000; // young objects lie below, old ones at or above this address
export const WASM_PAGE_SIZE: i32 = 0x10000;

// --- Header ---
export const HEADER_SIZE: i32 = 8;
export const CLASS_INDEX_MASK: i32 = 0x3fffff;
export const IMMUTABLE_BIT: i32 = 0x800000;
export const FORMAT_SHIFT: i32 = 24;
export const FORMAT_MASK: i32 = 0x1f;
export const REMEMBERED_BIT: i32 = 0x20000000;
export const PINNED_BIT: i32 = 0x40000000;
export const GREY_BIT: i32 = 0x80000000 | 0;
export const HASH_MASK: i32 = 0x3fffff; // in the high word; 0 means not assigned yet. A class's hash is its class index.
export const MARK_BIT: i32 = 0x800000; // in the high word
export const SLOT_COUNT_SHIFT: i32 = 24; // in the high word
export const SLOT_COUNT_OVERFLOW: i32 = 255;

// --- Formats ---
export const FORMAT_EMPTY: i32 = 0; // no slots
export const FORMAT_FIXED: i32 = 1; // instance variables only
export const FORMAT_ARRAY: i32 = 2; // indexable oops
export const FORMAT_FIXED_ARRAY: i32 = 3; // instance variables and indexable oops
export const FORMAT_WEAK_ARRAY: i32 = 4; // instance variables (strong) and weak indexable oops
export const FORMAT_EPHEMERON: i32 = 5; // slot 0 is the key, the others are held only while the key lives
export const FORMAT_IMMEDIATE: i32 = 7; // in class formats only
export const FORMAT_WORDS64: i32 = 9; // 64-bit elements
export const FORMAT_WORDS32: i32 = 10; // 10, 11: 32-bit elements; the low bit counts unused elements of the last 8 bytes
export const FORMAT_WORDS16: i32 = 12; // 12 to 15: 16-bit elements
export const FORMAT_BYTES: i32 = 16; // 16 to 23: bytes; the low three bits count unused bytes of the last 8 (0 to 7)
export const FORMAT_COMPILED_CODE: i32 = 24; // 24 to 31: literals, then bytecodes; the low bits count unused bytes
// For formats 10 and up the slot count is that of 4-byte words; the unused count is relative to slotCount * 4 bytes:
// format 16 + n has slotCount * 4 - n bytes, n in 0..3; format 10 + n has slotCount - n words, n = 0 always here.

// A class's format (slot CLASS_FORMAT) is the SmallInteger (format << 16) | number of instance variables.
export const CLASS_FORMAT_SHIFT: i32 = 16;
export const CLASS_INSTANCE_SIZE_MASK: i32 = 0xffff;

// --- Fixed objects: the first three of old space, 16 bytes each ---
export const NIL: i32 = OLD_SPACE_START;
export const FALSE: i32 = OLD_SPACE_START + 16;
export const TRUE: i32 = OLD_SPACE_START + 32;

// --- Known classes, by class index (the index into the class table). Others start at FIRST_FREE_CLASS_INDEX. ---
export const FREE_CLASS_INDEX: i32 = 0; // fillers: dead space that a heap walk skips
export const SMALL_INTEGER_CLASS_INDEX: i32 = 1;
export const CHARACTER_CLASS_INDEX: i32 = 2;
export const NO_CLASS_INDEX: i32 = 3; // an entry that is always nil: no method is ever found there
export const UNDEFINED_OBJECT_CLASS_INDEX: i32 = 4;
export const FALSE_CLASS_INDEX: i32 = 5;
export const TRUE_CLASS_INDEX: i32 = 6;
export const ARRAY_CLASS_INDEX: i32 = 16;
export const BYTE_STRING_CLASS_INDEX: i32 = 17;
export const WIDE_STRING_CLASS_INDEX: i32 = 18;
export const BYTE_SYMBOL_CLASS_INDEX: i32 = 19;
export const WIDE_SYMBOL_CLASS_INDEX: i32 = 20;
export const BYTE_ARRAY_CLASS_INDEX: i32 = 21;
export const FLOAT_CLASS_INDEX: i32 = 22;
export const LARGE_POSITIVE_INTEGER_CLASS_INDEX: i32 = 23;
export const LARGE_NEGATIVE_INTEGER_CLASS_INDEX: i32 = 24;
export const COMPILED_METHOD_CLASS_INDEX: i32 = 25;
export const COMPILED_BLOCK_CLASS_INDEX: i32 = 26;
export const CONTEXT_CLASS_INDEX: i32 = 27;
export const BLOCK_CLOSURE_CLASS_INDEX: i32 = 28;
export const POINT_CLASS_INDEX: i32 = 29;
export const MESSAGE_CLASS_INDEX: i32 = 30;
export const ASSOCIATION_CLASS_INDEX: i32 = 31;
export const SEMAPHORE_CLASS_INDEX: i32 = 32;
export const MUTEX_CLASS_INDEX: i32 = 33;
export const PROCESS_CLASS_INDEX: i32 = 34;
export const METHOD_DICTIONARY_CLASS_INDEX: i32 = 35;
export const METACLASS_CLASS_INDEX: i32 = 36;
export const WORD_ARRAY_CLASS_INDEX: i32 = 37;
export const WEAK_ARRAY_CLASS_INDEX: i32 = 38;
export const EPHEMERON_CLASS_INDEX: i32 = 39;
export const ADDITIONAL_METHOD_STATE_CLASS_INDEX: i32 = 40;
export const FRACTION_CLASS_INDEX: i32 = 41;
export const SCALED_DECIMAL_CLASS_INDEX: i32 = 42;
export const FIRST_FREE_CLASS_INDEX: i32 = 64;

// --- Special objects: slots of the one Array that the machine and the image share (0-based) ---
export const SPECIAL_NIL: i32 = 0;
export const SPECIAL_FALSE: i32 = 1;
export const SPECIAL_TRUE: i32 = 2;
export const SPECIAL_PROCESSOR: i32 = 3; // the ProcessorScheduler
export const SPECIAL_CLASS_TABLE: i32 = 4; // an Array: class index to class, nil where free; it grows by replacement
export const SPECIAL_SELECTORS: i32 = 5; // an Array of 32 symbols, in the order of SPECIAL_SELECTOR_NAMES
export const SPECIAL_DOES_NOT_UNDERSTAND: i32 = 6; // #doesNotUnderstand:
export const SPECIAL_MUST_BE_BOOLEAN: i32 = 7; // #mustBeBoolean
export const SPECIAL_CANNOT_RETURN: i32 = 8; // #cannotReturn:
export const SPECIAL_ABOUT_TO_RETURN: i32 = 9; // #aboutToReturn:through:
export const SPECIAL_EXTERNAL_SEMAPHORES: i32 = 10; // an Array: external signal index (from 1) to Semaphore or nil
export const SPECIAL_TIMER_SEMAPHORE: i32 = 11; // set by primitive SIGNAL_AT_MICROSECONDS, nil when no timer is armed
export const SPECIAL_LOW_SPACE_SEMAPHORE: i32 = 12;
export const SPECIAL_RECURSION_SEMAPHORE: i32 = 13; // signalled when a process's stack passes its limit of depth
export const SPECIAL_FINALIZATION_SEMAPHORE: i32 = 14; // signalled when something was put on the mourning queue
export const SPECIAL_MOURN_QUEUE: i32 = 15; // an Array or nil: ephemerons whose key is otherwise unreachable
export const SPECIAL_SMALLTALK: i32 = 16; // the SystemDictionary: every global, by name
export const SPECIAL_SYMBOL_TABLE: i32 = 17; // the image's table of all symbols: a WeakArray
export const SPECIAL_INTERRUPTED_PROCESS: i32 = 18; // the process that ran when low space or deep recursion was noticed
export const SPECIAL_ATTEMPT_TO_ASSIGN: i32 = 19; // #attemptToAssign:withIndex:
export const SPECIAL_HARDWARE: i32 = 20; // the only object that may call the primitives of hardware.ts, or nil
export const SPECIAL_OBJECT_COUNT: i32 = 32;

// --- Slots (0-based) of the objects whose layout the machine knows ---
export const CLASS_SUPERCLASS: i32 = 0;
export const CLASS_METHOD_DICTIONARY: i32 = 1;
export const CLASS_FORMAT: i32 = 2;
export const CLASS_INSTANCE_VARIABLES: i32 = 3; // an Array of Symbols: the own ones, not the inherited
export const CLASS_ORGANIZATION: i32 = 4; // a Dictionary: selector to protocol (a Symbol)
export const CLASS_NAME: i32 = 5; // in a Metaclass: slot 5 is thisClass
export const METACLASS_THIS_CLASS: i32 = 5;
export const CLASS_SUBCLASSES: i32 = 6;
export const CLASS_CLASS_POOL: i32 = 7; // a Dictionary of Associations, or nil
export const CLASS_SHARED_POOLS: i32 = 8;
export const CLASS_PACKAGE: i32 = 9; // a Symbol: the package (category) it belongs to
export const CLASS_COMMENT: i32 = 10;
export const CLASS_ENVIRONMENT: i32 = 11; // Smalltalk
export const CLASS_SLOT_COUNT: i32 = 12;

export const METHOD_DICTIONARY_TALLY: i32 = 0;
export const METHOD_DICTIONARY_ARRAY: i32 = 1; // values, parallel to the indexable slots that hold the selectors
export const METHOD_DICTIONARY_SELECTORS: i32 = 2; // first indexable slot; the capacity is a power of two

export const ASSOCIATION_KEY: i32 = 0;
export const ASSOCIATION_VALUE: i32 = 1;

export const MESSAGE_SELECTOR: i32 = 0;
export const MESSAGE_ARGUMENTS: i32 = 1;
export const MESSAGE_LOOKUP_CLASS: i32 = 2;

export const CLOSURE_OUTER_CONTEXT: i32 = 0;
export const CLOSURE_COMPILED_BLOCK: i32 = 1;
export const CLOSURE_ARGUMENT_COUNT: i32 = 2;
export const CLOSURE_RECEIVER: i32 = 3;
export const CLOSURE_FIRST_COPIED: i32 = 4;

export const CONTEXT_SENDER: i32 = 0; // a frame address tagged as SmallInteger while the context is married to a frame
export const CONTEXT_PC: i32 = 1; // 1-based byte index of the next bytecode in the method object; nil: returned
export const CONTEXT_STACK_POINTER: i32 = 2; // number of live slots from CONTEXT_FIRST_STACK_SLOT on
export const CONTEXT_METHOD: i32 = 3;
export const CONTEXT_CLOSURE: i32 = 4;
export const CONTEXT_RECEIVER: i32 = 5;
export const CONTEXT_FIRST_STACK_SLOT: i32 = 6; // arguments, temporaries, operands

export const SCHEDULER_LISTS: i32 = 0; // an Array: priority (from 1) to LinkedList of runnable processes
export const SCHEDULER_ACTIVE_PROCESS: i32 = 1;
export const LIST_FIRST_LINK: i32 = 0; // LinkedList, Semaphore and Mutex begin alike
export const LIST_LAST_LINK: i32 = 1;
export const SEMAPHORE_EXCESS_SIGNALS: i32 = 2;
export const MUTEX_OWNER: i32 = 2;
export const PROCESS_NEXT_LINK: i32 = 0;
export const PROCESS_SUSPENDED_CONTEXT: i32 = 1;
export const PROCESS_PRIORITY: i32 = 2;
export const PROCESS_LIST: i32 = 3; // the list or semaphore that it waits on, nil while it runs or is suspended
export const PROCESS_SLOT_COUNT: i32 = 8; // next, context, priority, list, name, environment, effectiveProcess, terminating

// --- Compiled code: a method header SmallInteger, literals, bytecodes ---
// Header value: literal count in bits 0 to 14, bit 16 has-primitive, bit 17 large frame, temporaries (arguments
// included) in bits 18 to 23, arguments in bits 24 to 27.
export const METHOD_LITERAL_COUNT_MASK: i32 = 0x7fff;
export const METHOD_PRIMITIVE_FLAG: i32 = 0x10000;
export const METHOD_LARGE_FRAME_FLAG: i32 = 0x20000;
export const METHOD_TEMPORARY_SHIFT: i32 = 18;
export const METHOD_TEMPORARY_MASK: i32 = 0x3f;
export const METHOD_ARGUMENT_SHIFT: i32 = 24;
export const METHOD_ARGUMENT_MASK: i32 = 0xf;
export const SMALL_FRAME_SLOTS: i32 = 16; // temporaries and operands of a context
export const LARGE_FRAME_SLOTS: i32 = 62;
// Last literal of a method: the binding (Association) of its class. Of a block: the method or block around it.
// The last but one: in a method its selector or AdditionalMethodState, in a block nil or AdditionalMethodState.
export const METHOD_STATE_METHOD: i32 = 0; // AdditionalMethodState: method, selector, source, map, then pragmas
export const METHOD_STATE_SELECTOR: i32 = 1;
export const METHOD_STATE_SOURCE: i32 = 2; // the method's whole source as a String, nil when stripped
export const METHOD_STATE_MAP: i32 = 3; // ByteArray: see compiler/sourceMap.ts
export const METHOD_STATE_FIRST_PRAGMA: i32 = 4;

export const SMALL_INTEGER_MINIMUM: i32 = -0x40000000;
export const SMALL_INTEGER_MAXIMUM: i32 = 0x3fffffff;
