// Why `interpret` returned.

export const STOP_BUDGET: i32 = 0; // the budget is used: enter again when you like
export const STOP_IDLE: i32 = 1; // nothing to do until wakeMicroseconds(), or an event
export const STOP_HALTED: i32 = 2; // the image has quit; see exitStatus()
export const STOP_SNAPSHOT: i32 = 3; // save the heap, then call finishSnapshot() and enter again
export const STOP_FATAL: i32 = 4; // hostFatal was called; do not enter again
