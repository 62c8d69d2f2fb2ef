// The import list: everything that the machine needs from outside. The platform supplies these functions; whatever is
// not determined by the image and the bytecodes enters here (and through `signal`, see main.ts).

/** Microseconds since 1970-01-01T00:00Z, integral. May jump when somebody sets the clock. */
export declare function hostUtcMicroseconds(): f64;
/** Microseconds since an arbitrary start, integral, never running backwards. */
export declare function hostMonotonicMicroseconds(): f64;
/** Minutes east of UTC at this moment. */
export declare function hostTimeZoneMinutes(): i32;
/** Fills `count` bytes at `address` with random bytes fit for keys. */
export declare function hostRandomBytes(address: i32, count: i32): void;
/**
 * Writes bytes to a stream of the host: 1 output, 2 errors, 3 the host channel (see platform/node/channel.ts), from 16 a
 * network connection. Answers how many it took (0: busy, try again after its signal), or -1 when the stream is closed.
 */
export declare function hostWrite(stream: i32, address: i32, count: i32): i32;
/** Reads at most `count` bytes from a stream (0 input, 3 the host channel, from 16); 0: nothing there now, -1: at its end. */
export declare function hostRead(stream: i32, address: i32, count: i32): i32;
/**
 * Reports that the machine cannot go on (a corrupt heap, no memory left even for the reserve). `reason` is one of the
 * FATAL numbers in fatal.ts. The host must not return from here (on Node it throws, on the guest it halts), nor enter the
 * machine again: the machine goes on as if nothing had happened if it does.
 */
export declare function hostFatal(reason: i32, detail: i32): void;

/**
 * Facts about where the machine runs, as lines `key=value` in UTF-8 (platform/README.md lists the keys). Writes at most
 * `capacity` bytes and answers how many there are.
 */
export declare function hostPlatformText(address: i32, capacity: i32): i32;

// --- Hardware, for the drivers in the image: only on a guest. Anywhere else, and for whatever the platform keeps to
// itself (its own memory, page tables, linear memory), the answer is "no": -1 for values and addresses, else false. ---

/** Reads 1, 2 or 4 bytes from an I/O port: 0 to 2^32-1. */
export declare function hostReadPort(port: i32, width: i32): f64;
export declare function hostWritePort(port: i32, width: i32, value: i32): boolean;
/** Writes bytes to a port, one after the other: for a FIFO behind it. */
export declare function hostWritePortBytes(port: i32, address: i32, count: i32): boolean;
/** Reads a device register or a part of a table, 1, 2 or 4 bytes of physical memory, in one access: 0 to 2^32-1. */
export declare function hostLoadPhysical(physicalAddress: f64, width: i32): f64;
/** Writes a device register; the address is a multiple of the width. */
export declare function hostStorePhysical(physicalAddress: f64, width: i32, value: i32): boolean;
/**
 * Stores a value of 2 or 4 bytes where `expected` is, in one step that nobody else comes between. Answers what was there, or
 * -1; the address is a multiple of the width.
 */
export declare function hostComparePhysical(physicalAddress: f64, width: i32, expected: i32, value: i32): f64;
/** Copies bytes of physical memory to linear memory. */
export declare function hostReadPhysical(physicalAddress: f64, address: i32, count: i32): boolean;
/** Copies bytes of linear memory to device memory or the DMA area. */
export declare function hostWritePhysical(physicalAddress: f64, address: i32, count: i32): boolean;
/** Every access to memory before this happens before every one after it, as a device sees them. */
export declare function hostBarrier(): boolean;
/**
 * From now on an interrupt of this line (a GSI of the I/O APIC; 256 and up: message-signalled; on Xen an event channel port) masks the line and signals
 * `signalIndex`; 0 disconnects it.
 */
export declare function hostConnectInterrupt(line: i32, signalIndex: i32): boolean;
/** The driver has served the device: the line may interrupt again. */
export declare function hostFinishInterrupt(line: i32): boolean;
/** Calls the hypervisor with the five integral floats at `address`; the first is replaced by what it answers. */
export declare function hostHypercall(number: i32, address: i32): boolean;
/** Switches the machine off with an exit status from 0 to 255, or with -1 starts it anew. Returns only when it cannot. */
export declare function hostPowerOff(status: i32): boolean;
/** The physical address of a byte of linear memory, which is contiguous there. */
export declare function hostPhysicalAddress(address: i32): f64;
/** Stirs bytes that a device gave into what hostRandomBytes draws from. */
export declare function hostAddEntropy(address: i32, count: i32): boolean;

// --- Translations of hot code (translation.ts): only where the platform makes them ---

/** Translates a method or block, or what follows from its loop at `loop` on, an address that is 0 for all. Answers the number of the function, or 0: it stays as it is. */
export declare function hostTranslate(code: i32, loop: i32): i32;
/**
 * Runs a translation: of a whole method or block over receiver and arguments at `sp`, called by frame `fp`, which goes on at
 * `ip`; of a loop in frame `fp`. Answers what it answers, or 0 with the registers set.
 */
export declare function hostRunTranslation(translation: i32, sp: i32, fp: i32, ip: i32): i32;
/** No translation will be run any more. */
export declare function hostForgetTranslations(): void;
