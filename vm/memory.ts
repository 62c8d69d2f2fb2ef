// Access to linear memory: the one file with two bodies. AssemblyScript (ASC_TARGET 1) compiles the loads and stores to
// single instructions and drops the other branch; under Node the platform supplies the typed arrays and replaces them
// when memory grows. Addresses are bytes; 32-bit access must be 4-aligned, f64 access 8-aligned, except the *Unaligned
// forms. Nothing here checks bounds. What each branch takes from outside is declared in portable.d.ts, for tsc only.

export function load32(address: i32): i32 {
  if (ASC_TARGET == 0) return words[address >> 2];
  return load<i32>(address);
}

export function store32(address: i32, value: i32): void {
  if (ASC_TARGET == 0) words[address >> 2] = value;
  else store<i32>(address, value);
}

export function load8(address: i32): i32 {
  if (ASC_TARGET == 0) return bytes[address];
  return i32(load<u8>(address));
}

export function store8(address: i32, value: i32): void {
  if (ASC_TARGET == 0) bytes[address] = value;
  else store<u8>(address, u8(value));
}

export function load16(address: i32): i32 {
  if (ASC_TARGET == 0) return halves[address >> 1];
  return i32(load<u16>(address));
}

export function store16(address: i32, value: i32): void {
  if (ASC_TARGET == 0) halves[address >> 1] = value;
  else store<u16>(address, u16(value));
}

export function loadFloat(address: i32): f64 {
  if (ASC_TARGET == 0) return doubles[address >> 3];
  return load<f64>(address);
}

export function storeFloat(address: i32, value: f64): void {
  if (ASC_TARGET == 0) doubles[address >> 3] = value;
  else store<f64>(address, value);
}

/** Copies `count` bytes; the ranges may overlap. */
export function copyBytes(to: i32, from: i32, count: i32): void {
  if (ASC_TARGET == 0) bytes.copyWithin(to, from, from + count);
  else memory.copy(to, from, count);
}

export function fillBytes(address: i32, value: i32, count: i32): void {
  if (ASC_TARGET == 0) bytes.fill(value, address, address + count);
  else memory.fill(address, u8(value), count);
}

/** Size of linear memory in pages of 64 KiB. */
export function memoryPages(): i32 {
  if (ASC_TARGET == 0) return bytes.length / 65536;
  return memory.size();
}

/** Adds pages; answers the old page count, or -1 when the host refuses. */
export function growMemory(pages: i32): i32 {
  if (ASC_TARGET == 0) return growViews(pages);
  return memory.grow(pages);
}

/** Low 32 bits of a product (Math.imul answers f64 under asc). */
export function multiply32(a: i32, b: i32): i32 {
  if (ASC_TARGET == 0) return Math.imul(a, b);
  return a * b;
}

export function unsignedLess(a: i32, b: i32): boolean {
  return (a ^ -0x80000000) < (b ^ -0x80000000);
}

/** A 32-bit pattern read as an unsigned number. */
export function unsignedToFloat(a: i32): f64 {
  return a >= 0 ? f64(a) : f64(a) + 4294967296.0;
}

/** The low 32 bits of an integral float in 0 .. 2^32-1. */
export function floatToUnsigned(value: f64): i32 {
  return value >= 2147483648.0 ? i32(value - 4294967296.0) : i32(value);
}

/** Number of one bits. */
export function countBits(a: i32): i32 {
  if (ASC_TARGET == 0) {
    let x: i32 = a - ((a >>> 1) & 0x55555555);
    x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
    return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return popcnt<i32>(a);
}

/** Number of zero bits below the lowest one bit; 32 for 0. */
export function countTrailingZeros(a: i32): i32 {
  if (ASC_TARGET == 0) return a == 0 ? 32 : 31 - Math.clz32(a & -a);
  return ctz<i32>(a);
}

/** Number of zero bits above the highest one bit; 32 for 0. */
export function countLeadingZeros(a: i32): i32 {
  if (ASC_TARGET == 0) return Math.clz32(a);
  return clz<i32>(a);
}
