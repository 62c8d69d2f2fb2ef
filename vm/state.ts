// The registers of the machine outside `interpret`, and the calling convention of primitives. `interpret` keeps ip, sp and
// fp in local variables and writes them here before it calls anything that looks at the stack.

import { load32, store32 } from "./memory.ts";

/** Address of the top word of the operand stack; the stack grows downwards. */
export let stackPointer: i32 = 0;
/** Address of the active frame's header (frames.ts shows a frame). */
export let framePointer: i32 = 0;
/** Address of the next bytecode. */
export let instructionPointer: i32 = 0;
/** The Array of special objects (layout.ts). */
export let specialObjects: i32 = 0;

export function setStackPointer(address: i32): void {
  stackPointer = address;
}
export function setFramePointer(address: i32): void {
  framePointer = address;
}
export function setInstructionPointer(address: i32): void {
  instructionPointer = address;
}
export function setSpecialObjects(oop: i32): void {
  specialObjects = oop;
}
export function specialObjectAt(index: i32): i32 {
  return load32(specialObjects + 8 + (index << 2));
}

/** The word `offset` places below the top of the stack: 0 is the last argument. */
export function stackValue(offset: i32): i32 {
  return load32(stackPointer + (offset << 2));
}
/** Success of a primitive: replaces receiver and arguments by `oop`. */
export function answer(argumentCount: i32, oop: i32): boolean {
  stackPointer += argumentCount << 2;
  store32(stackPointer, oop);
  return true;
}
export function push(oop: i32): void {
  stackPointer -= 4;
  store32(stackPointer, oop);
}
export function pop(): i32 {
  const oop: i32 = load32(stackPointer);
  stackPointer += 4;
  return oop;
}

/** Activations and backward jumps left before `interpret` looks for events; see interpreter.ts. */
export let ticks: i32 = 0;
/** Ticks put aside by `requestCheck`, so that a forced check loses no count. */
export let deferredTicks: i32 = 0;

export function setTicks(count: i32): void {
  ticks = count;
  deferredTicks = 0;
  planLoopSample();
}
/** Counts one tick; true when it is time to look for events. */
export function countTick(): boolean {
  const left: i32 = (ticks - 1) | 0;
  ticks = left;
  return left < 0;
}
/** The same when one is surely left. */
export function spendTick(): void {
  ticks = (ticks - 1) | 0;
}
/** A primitive that takes long uses up ticks by its work, so that a slice stays short: about 20 ns a tick. */
export function spendTicks(count: f64): void {
  const spent: i32 = i32(Math.min(count, 1.0e9));
  if (deferredTicks > 0) deferredTicks = deferredTicks > spent ? deferredTicks - spent : 0;
  else if (ticks > 0) ticks = ticks > spent ? ticks - spent : 0;
}
const LONG_PASS: i32 = 1000;
const TICKS_A_STEP: f64 = 0.05;
/** The same for a pass over `count` bytes, words or digits, about 1 ns each. A short one costs nothing but this look. */
export function spendTicksOnPass(count: i32): void {
  if (count > LONG_PASS) spendTicks(f64(count) * TICKS_A_STEP);
}
/** When so many ticks are left, the interpreter looks whether the loop in which it is has been translated. */
export let loopSampleAt: i32 = 0;
const TICKS_BETWEEN_SAMPLES: i32 = 1024;
export function planLoopSample(): void {
  loopSampleAt = ticks > TICKS_BETWEEN_SAMPLES ? ticks - TICKS_BETWEEN_SAMPLES : 0;
}
/** Makes the interpreter run its checks (collector, events) at the next activation or backward jump. */
export function requestCheck(): void {
  if (ticks > 0) {
    deferredTicks += ticks;
    ticks = 0;
  }
}
