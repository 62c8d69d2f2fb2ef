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
 * Writes bytes to a stream of the host: 1 output, 2 errors, 3 the host channel (see platform/node/channel.ts). Answers
 * how many it took (0: busy, try again after its signal), or -1 when the stream is closed.
 */
export declare function hostWrite(stream: i32, address: i32, count: i32): i32;
/** Reads at most `count` bytes from a stream (0 input, 3 the host channel); 0: nothing there now, -1: at its end. */
export declare function hostRead(stream: i32, address: i32, count: i32): i32;
/**
 * Reports that the machine cannot go on (a corrupt heap, no memory left even for the reserve). `reason` is one of the
 * FATAL numbers in fatal.ts. The host must not return from here (on Node it throws, on the guest it halts), nor enter the
 * machine again: the machine goes on as if nothing had happened if it does.
 */
export declare function hostFatal(reason: i32, detail: i32): void;
