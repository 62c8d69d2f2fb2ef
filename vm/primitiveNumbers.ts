// The primitives by number. Numbers below 600 mean what they mean in Squeak; our own start at 600. A primitive is written
// as the first pragma of a method, `<primitive: 60>`; when it fails, it leaves the stack as it was and the rest of the
// method runs. Each line: who answers what ("r" the receiver, a and b the arguments); when it fails. All of them fail when
// an argument is not of the class that the line implies, and, if they allocate, when there is no room.

// --- SmallInteger: r and a SmallIntegers; fail when the result leaves the SmallInteger range ---
export const SMALL_INTEGER_ADD: i32 = 1;
export const SMALL_INTEGER_SUBTRACT: i32 = 2;
export const SMALL_INTEGER_LESS: i32 = 3;
export const SMALL_INTEGER_GREATER: i32 = 4;
export const SMALL_INTEGER_LESS_OR_EQUAL: i32 = 5;
export const SMALL_INTEGER_GREATER_OR_EQUAL: i32 = 6;
export const SMALL_INTEGER_EQUAL: i32 = 7;
export const SMALL_INTEGER_NOT_EQUAL: i32 = 8;
export const SMALL_INTEGER_MULTIPLY: i32 = 9;
export const SMALL_INTEGER_DIVIDE: i32 = 10; // r / a; fails when not exact or a = 0
export const SMALL_INTEGER_MODULO: i32 = 11; // r \\ a, sign of a; fails when a = 0
export const SMALL_INTEGER_FLOOR_DIVIDE: i32 = 12; // r // a, rounded down; fails when a = 0
export const SMALL_INTEGER_QUOTIENT: i32 = 13; // r quo: a, truncated; fails when a = 0
export const SMALL_INTEGER_BIT_AND: i32 = 14;
export const SMALL_INTEGER_BIT_OR: i32 = 15;
export const SMALL_INTEGER_BIT_XOR: i32 = 16;
export const SMALL_INTEGER_BIT_SHIFT: i32 = 17; // r bitShift: a; left when a > 0, arithmetic right when a < 0
export const MAKE_POINT: i32 = 18; // r @ a: a new Point of two numbers of any class
export const SMALL_INTEGER_REMAINDER: i32 = 20; // r rem: a, sign of r

// --- Integers of any size (r or a may be SmallInteger); results are normalized ---
export const INTEGER_ADD: i32 = 21;
export const INTEGER_SUBTRACT: i32 = 22;
export const INTEGER_LESS: i32 = 23;
export const INTEGER_GREATER: i32 = 24;
export const INTEGER_LESS_OR_EQUAL: i32 = 25;
export const INTEGER_GREATER_OR_EQUAL: i32 = 26;
export const INTEGER_EQUAL: i32 = 27;
export const INTEGER_NOT_EQUAL: i32 = 28;
export const INTEGER_MULTIPLY: i32 = 29;
export const INTEGER_DIVIDE: i32 = 30; // fails when not exact or a = 0
export const INTEGER_MODULO: i32 = 31;
export const INTEGER_FLOOR_DIVIDE: i32 = 32;
export const INTEGER_QUOTIENT: i32 = 33;
export const INTEGER_BIT_AND: i32 = 34; // two's complement of unlimited width
export const INTEGER_BIT_OR: i32 = 35;
export const INTEGER_BIT_XOR: i32 = 36;
export const INTEGER_BIT_SHIFT: i32 = 37;

// --- Float (boxed 64-bit, class Float); a may be a SmallInteger where it is arithmetic or comparison ---
export const FLOAT_AT: i32 = 38; // r basicAt: 1 or 2: high and low 32-bit word, as Integer
export const FLOAT_AT_PUT: i32 = 39;
export const SMALL_INTEGER_AS_FLOAT: i32 = 40;
export const FLOAT_ADD: i32 = 41;
export const FLOAT_SUBTRACT: i32 = 42;
export const FLOAT_LESS: i32 = 43;
export const FLOAT_GREATER: i32 = 44;
export const FLOAT_LESS_OR_EQUAL: i32 = 45;
export const FLOAT_GREATER_OR_EQUAL: i32 = 46;
export const FLOAT_EQUAL: i32 = 47;
export const FLOAT_NOT_EQUAL: i32 = 48;
export const FLOAT_MULTIPLY: i32 = 49;
export const FLOAT_DIVIDE: i32 = 50; // fails when a = 0
export const FLOAT_TRUNCATED: i32 = 51; // Integer of any size; fails for NaN and infinities
export const FLOAT_FRACTION_PART: i32 = 52;
export const FLOAT_EXPONENT: i32 = 53; // e with 2^e <= |r| < 2^(e+1); fails for 0, NaN, infinities
export const FLOAT_TIMES_TWO_POWER: i32 = 54;
export const FLOAT_SQUARE_ROOT: i32 = 55; // fails when r < 0
export const FLOAT_SINE: i32 = 56;
export const FLOAT_ARC_TANGENT: i32 = 57;
export const FLOAT_LN: i32 = 58; // fails when r <= 0
export const FLOAT_EXP: i32 = 59;

// --- Indexed access; a is the 1-based index; all fail when it is out of bounds or r is not indexable ---
export const AT: i32 = 60; // any indexable: oops, bytes (Integer), 16- and 32-bit (Integer), strings answer Characters? no: see 63
export const AT_PUT: i32 = 61; // also fails when r is immutable or the value does not fit
export const SIZE: i32 = 62; // number of indexable elements (0 when it has none; raw formats: elements)
export const STRING_AT: i32 = 63; // ByteString, WideString and their Symbols: a Character
export const STRING_AT_PUT: i32 = 64; // fails when the Character does not fit the element (ByteString: code point > 255)
export const OBJECT_AT: i32 = 68; // CompiledCode: word a of header and literals (1: header)
export const OBJECT_AT_PUT: i32 = 69;
export const NEW: i32 = 70; // r basicNew; fails for indexable or abstract formats (indexable: 0 elements), no room
export const NEW_WITH_SIZE: i32 = 71; // r basicNew: a; fails when a < 0, not indexable, no room
export const BECOME_ONE_WAY: i32 = 72; // r elementsForwardIdentityTo: a (Arrays of equal size)
export const INSTANCE_VARIABLE_AT: i32 = 73; // r instVarAt: a (1-based, instance variables, then indexable oops)
export const INSTANCE_VARIABLE_AT_PUT: i32 = 74; // fails for links, contexts and priorities of processes that cannot be such
export const IDENTITY_HASH: i32 = 75; // 22 bits, never 0
export const CONTEXT_STACK_POINTER_PUT: i32 = 76; // r stackp: a, new slots are nil
export const SOME_INSTANCE: i32 = 77; // fails when there is none
export const NEXT_INSTANCE: i32 = 78; // fails after the last
export const NEW_METHOD: i32 = 79; // r newMethod: byteCount header: header; r is a CompiledCode class

// --- Control ---
export const PERFORM: i32 = 83; // perform:, perform:with: and so on; fails when the argument count does not match
export const PERFORM_WITH_ARGUMENTS: i32 = 84; // r perform: selector withArguments: array
export const SEMAPHORE_SIGNAL: i32 = 85;
export const SEMAPHORE_WAIT: i32 = 86;
export const PROCESS_RESUME: i32 = 87; // fails when r has no suspended context, or stands in a list
export const PROCESS_SUSPEND: i32 = 88; // answers the list that it was on, or nil
export const FLUSH_METHOD_CACHE: i32 = 89;
export const PERFORM_IN_SUPERCLASS: i32 = 100; // r perform: selector withArguments: array inSuperclass: class
export const SNAPSHOT: i32 = 97; // r snapshotPrimitive: false: saved and going on, true: this is the loaded image, nil: failed
export const REPLACE_FROM_TO: i32 = 105; // r replaceFrom: start to: stop with: source startingAt: s; same element kind or bytes/strings; ByteString source into WideString too
export const IDENTICAL: i32 = 110;
export const CLASS: i32 = 111; // r class; with one argument: class of the argument
export const BYTES_LEFT: i32 = 112; // bytes that may still be allocated
export const QUIT: i32 = 113; // Smalltalk quit: a; a the exit status 0..255; the machine stops
export const FLUSH_METHOD_CACHE_BY_METHOD: i32 = 116;
export const FLUSH_METHOD_CACHE_BY_SELECTOR: i32 = 119;
export const CHANGE_CLASS: i32 = 115; // r primitiveChangeClassTo: anInstance; formats and sizes must agree
export const LOW_SPACE_SEMAPHORE: i32 = 124; // registers a (Semaphore or nil)
export const SIGNAL_AT_BYTES_LEFT: i32 = 125; // low space means: fewer than a bytes left
export const BECOME: i32 = 128; // r elementsExchangeIdentityWith: a (Arrays of equal size)
export const SPECIAL_OBJECTS: i32 = 129; // the special objects Array
export const FULL_COLLECT: i32 = 130; // bytes left afterwards
export const SCAVENGE: i32 = 131; // bytes left afterwards
export const OBJECT_POINTS_TO: i32 = 132; // r pointsTo: a
export const MILLISECOND_CLOCK: i32 = 135; // monotonic, wraps at 2^29
export const SOME_OBJECT: i32 = 138;
export const NEXT_OBJECT: i32 = 139; // r: an object; 0 after the last
export const CONSTANT_FILL: i32 = 145; // r atAllPut: a, for raw formats and Arrays
export const SHALLOW_COPY: i32 = 148;
export const HASH_MULTIPLY: i32 = 159; // (r * 1664525) bitAnd: 16rFFFFFFF
export const ADOPT_INSTANCE: i32 = 160; // r adoptInstance: a: a's class becomes r; formats and sizes must agree
export const PROCESS_YIELD: i32 = 167;
export const NOT_IDENTICAL: i32 = 169;
export const CHARACTER_VALUE: i32 = 170; // class side: Character value: a; fails unless 0 <= a < 2^22
export const CHARACTER_AS_INTEGER: i32 = 171;
export const FETCH_MOURNER: i32 = 172; // the next ephemeron whose key is about to go, nil when there is none
export const SLOT_AT: i32 = 173; // as INSTANCE_VARIABLE_AT
export const SLOT_AT_PUT: i32 = 174;
export const CLASS_IDENTITY_HASH: i32 = 175; // r identityHash for a class: enters it into the class table
export const ALL_INSTANCES: i32 = 177; // r allInstances: Array
export const ALL_OBJECTS: i32 = 178; // Array of all objects
export const BYTE_SIZE_OF_INSTANCE: i32 = 181; // r byteSizeOfInstanceOfSize: a
export const IS_PINNED: i32 = 182;
export const SET_PINNED: i32 = 183; // r setPinned: aBoolean; answers whether it was
export const MUTEX_EXIT: i32 = 185;
export const MUTEX_ENTER: i32 = 186; // answers true when the active process already owned it; waits while another does
export const MUTEX_TEST_AND_SET: i32 = 187; // true: owned already, false: now owned, nil: another owns it
export const EXECUTE_METHOD: i32 = 188; // r withArgs: array executeMethod: method
export const FIND_NEXT_UNWIND: i32 = 195; // r (Context) findNextUnwindContextUpTo: a: first marked by 198 below a, or nil
export const TERMINATE_TO: i32 = 196; // r terminateTo: a: contexts from r's sender up to a are dropped; a becomes r's sender
export const FIND_NEXT_HANDLER: i32 = 197; // r findNextHandlerContext: r or the first sender marked by 199, or nil
export const MARK_UNWIND: i32 = 198; // always fails: marks ensure: and ifCurtailed:
export const MARK_HANDLER: i32 = 199; // always fails: marks on:do:
export const CLOSURE_VALUE: i32 = 207; // value, value: ... ; fails when the argument count does not match
export const CLOSURE_VALUE_WITH_ARGUMENTS: i32 = 208; // r valueWithArguments: array
export const CLOSURE_VALUE_UNINTERRUPTED: i32 = 209; // value, with no check for events before its first bytecode
export const CONTEXT_AT: i32 = 210; // r at: a: stack slot a (1-based) up to stackp
export const CONTEXT_AT_PUT: i32 = 211;
export const CONTEXT_SIZE: i32 = 212; // stackp
export const RELINQUISH: i32 = 230; // nothing to do until the next event: the idle process calls it
export const UTC_MICROSECONDS: i32 = 240; // since 1970-01-01T00:00Z
export const SIGNAL_AT_MICROSECONDS: i32 = 242; // r signal: aSemaphoreOrNil atMonotonicMicroseconds: anInteger
export const FORWARD_IDENTITY_COPY_HASH: i32 = 249; // r elementsForwardIdentityTo: a copyHash: aBoolean
export const VM_PARAMETER: i32 = 254; // r parameterAt: a; see vm/primitives/system.ts
export const QUICK_RETURN_SELF: i32 = 256;
export const QUICK_RETURN_TRUE: i32 = 257;
export const QUICK_RETURN_FALSE: i32 = 258;
export const QUICK_RETURN_NIL: i32 = 259;
export const QUICK_RETURN_MINUS_ONE: i32 = 260;
export const QUICK_RETURN_ZERO: i32 = 261;
export const QUICK_RETURN_ONE: i32 = 262;
export const QUICK_RETURN_TWO: i32 = 263;
export const QUICK_RETURN_FIRST_VARIABLE: i32 = 264; // 264 to 519: instance variable 0 to 255

// --- Our own: contexts and processes, 600 to 619 ---
// Context's instance variables are never read by bytecodes (a married context's live in its frame): only through these.
export const CONTEXT_GET_SENDER: i32 = 600; // r sender: a Context or nil
export const CONTEXT_SET_SENDER: i32 = 601; // r privSender: a
export const CONTEXT_GET_PC: i32 = 602; // r pc: Integer, or nil when it has returned
export const CONTEXT_SET_PC: i32 = 603; // r pc: a
export const CONTEXT_GET_STACK_POINTER: i32 = 604; // r stackp
export const CONTEXT_JUMP: i32 = 605; // r jump: the active process goes on in r as it stands (nothing is pushed); never answers
export const CONTEXT_RETURN_TO: i32 = 606; // r resume: a: a is pushed on r's stack and the active process goes on in r; no unwind blocks run
export const CLOSURE_AS_CONTEXT: i32 = 607; // r asContextWithSender: aContextOrNil: a Context about to run the block, 0 arguments
export const CONTEXT_NEW: i32 = 608; // class side: newForMethod: a: a Context of the size that the method needs, all nil
export const MONOTONIC_MICROSECONDS: i32 = 609; // Integer
export const CONTEXT_IS_DEAD: i32 = 610; // r isDead: it has returned or was terminated
export const METHOD_LOOKUP: i32 = 611; // r (a class) lookupSelector: a: the method found up the superclass chain, or nil
export const OUTERMOST_RUNNING_UNWIND: i32 = 614; // r outermostRunningUnwind: last marked by 198 below r whose block has begun
export const PROCESS_STACK_DEPTH: i32 = 613; // number of frames and contexts of the active process

// --- Memory and system, 620 to 639 ---
export const CLASS_AT_INDEX: i32 = 620; // class side: the class at class index a, or nil
export const VERIFY_HEAP: i32 = 621; // true when every reference in the heap is sound
export const MEMORY_LIMIT_PUT: i32 = 622; // bytes of linear memory allowed, at most 2 GiB
export const RANDOM_BYTES: i32 = 623; // fills the ByteArray a from the host's entropy; answers it
export const TIME_ZONE_MINUTES: i32 = 624;
export const SET_IMMUTABLE: i32 = 625; // r setIsImmutable: aBoolean; answers what it was
export const IS_IMMUTABLE: i32 = 626;
export const SHRINK_MEMORY: i32 = 627; // asks that free memory at the end be given back to the host

// --- Strings and bytes, 640 to 659 (r and a: ByteString, ByteSymbol, ByteArray; wide ones fail unless said) ---
export const BYTES_COMPARE: i32 = 640; // r compare: a by bytes: -1, 0, 1
export const BYTES_EQUAL: i32 = 641; // r bytesEqual: a: same size and bytes; also wide against wide
export const BYTES_HASH: i32 = 642; // r stringHash: see below; wide strings too (over their code points)
export const BYTES_INDEX_OF: i32 = 643; // r indexOfByte: code startingAt: start; 0 when absent
export const BYTES_FIND: i32 = 644; // r findBytes: pattern startingAt: start; 0 when absent
export const BYTES_UTF8_ENCODE: i32 = 645; // String (byte or wide) to a ByteArray in UTF-8
export const BYTES_UTF8_DECODE: i32 = 646; // ByteArray a, from, to: a ByteString or WideString; fails on malformed bytes
export const BYTES_CRC32: i32 = 647; // r crc32From: seed

// --- Float math beyond Squeak's, 660 to 679: fdlibm (Sun Microsystems, 1993) in portable form, same bits on all engines ---
export const FLOAT_COSINE: i32 = 660;
export const FLOAT_TANGENT: i32 = 661;
export const FLOAT_ARC_SINE: i32 = 662; // fails unless -1 <= r <= 1
export const FLOAT_ARC_COSINE: i32 = 663;
export const FLOAT_ARC_TANGENT_2: i32 = 664; // r arcTan: a, the angle of the point (a, r)
export const FLOAT_POWER: i32 = 665; // r raisedTo: a (Float); fails when r < 0 and a is not integral
export const FLOAT_LOG_10: i32 = 666; // fails when r <= 0
export const FLOAT_LOG_2: i32 = 667;
export const INTEGER_AS_FLOAT: i32 = 668; // Integer of any size, rounded to nearest even; overflow answers infinity
export const FLOAT_SHORTEST_DIGITS: i32 = 669; // { digits. e }: the shortest digits (a ByteString) that read back as r = d.ddd * 10^e; fails unless r is finite and > 0
export const FLOAT_FROM_BITS: i32 = 670; // class side: fromHighWord: a lowWord: b

// --- More on large integers, 680 to 689 ---
export const INTEGER_REMAINDER: i32 = 680; // r rem: a, sign of r
export const INTEGER_BIT_LENGTH: i32 = 681; // highest one bit of |r|, counted from 1; 0 for 0
export const INTEGER_DIV_REM: i32 = 682; // r quo: a and r rem: a in an Array
export const INTEGER_PRINT_RADIX: i32 = 683; // r printStringBase: a (2 to 36): a ByteString, capital letters; not for huge r (over 64 KiB)

// --- Host, 700 to 719 ---
export const HOST_WRITE: i32 = 700; // r write: aByteArrayOrByteString from: start count: n on: stream; bytes taken, nil when closed
export const HOST_READ: i32 = 701; // r readInto: aByteArray from: start count: n on: stream; bytes read, 0: none yet, nil: at end

// --- Where the machine runs, and its hardware, 720 to 739 ---
export const PLATFORM_TEXT: i32 = 720; // a ByteString of lines key=value: facts about the platform (vm/host.ts)
// From here on r must be the object in SPECIAL_HARDWARE, and all of them fail where there is no hardware to be had and for
// what the platform keeps to itself. Widths are 1, 2 or 4 bytes, values 0 to 2^32-1, physical addresses below 2^53.
export const READ_PORT: i32 = 721; // r readPort: port width: w
export const WRITE_PORT: i32 = 722; // r writePort: port width: w value: v
export const LOAD_PHYSICAL: i32 = 723; // r physicalLoad: address width: w; one access; tables in memory need not be aligned
export const STORE_PHYSICAL: i32 = 724; // r physicalStore: address width: w value: v; one access, aligned to w
export const READ_PHYSICAL: i32 = 725; // r physicalRead: address into: bytes from: start count: n; answers bytes
export const WRITE_PHYSICAL: i32 = 726; // r physicalWrite: address from: bytes at: start count: n
export const BARRIER: i32 = 727; // r barrier: memory accesses before it happen before those after it
export const CONNECT_INTERRUPT: i32 = 728; // r connectInterrupt: line to: externalSemaphoreIndexOrNil
export const FINISH_INTERRUPT: i32 = 729; // r interruptDone: line: it may interrupt again
export const HYPERCALL: i32 = 730; // r hypercall: number with: anArray of up to 5 Integers; its answer, signed
export const POWER_OFF: i32 = 731; // r powerOff: status (0 to 255); does not return
export const REBOOT: i32 = 732; // r reboot; does not return
export const PHYSICAL_ADDRESS: i32 = 733; // r physicalAddressOf: bytes, which must be pinned; of its first byte
export const WRITE_PORT_BYTES: i32 = 735; // r writePort: port from: bytes at: start count: n; one byte after the other
export const ADD_ENTROPY: i32 = 734; // r addEntropy: bytes: RANDOM_BYTES depends on them from now on
export const COMPARE_PHYSICAL: i32 = 736; // r physicalCompare: address width: 2 or 4 expected: e store: v; what was there
