// What tsc must know of AssemblyScript's names: in vm/ every number type is `number` to tsc, and asc is the second type
// checker, which tells them apart.
declare type i32 = number;
declare type u8 = number;
declare type u16 = number;
declare type f64 = number;
declare function i32(value: number | boolean): i32;
declare function u8(value: number): u8;
declare function u16(value: number): u16;
declare function f64(value: number): f64;
declare function popcnt<T>(value: T): T;
declare function ctz<T>(value: T): T;
declare function clz<T>(value: T): T;
declare const memory: {
  copy(to: i32, from: i32, count: i32): void;
  fill(address: i32, value: u8, count: i32): void;
  size(): i32;
  grow(pages: i32): i32;
};

// For memory.ts alone: asc's own names, and the views that platform/node/engine.ts supplies to engine `ts`.
declare const ASC_TARGET: i32;
declare let words: Int32Array;
declare let halves: Uint16Array;
declare let bytes: Uint8Array;
declare let doubles: Float64Array;
declare function growViews(pages: i32): i32; // as memory.grow
declare function load<T>(address: i32, offset?: i32): T;
declare function store<T>(address: i32, value: T, offset?: i32): void;
