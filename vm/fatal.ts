// The ways in which the machine gives up. All of them mean a defect of the machine or of the image, never of a program.

import { hostFatal } from "./host.ts";

export const FATAL_NO_MEMORY: i32 = 1; // not even the reserve had room for a Context
export const FATAL_BAD_BYTECODE: i32 = 2; // detail: the byte
export const FATAL_NO_ERROR_HANDLER: i32 = 3; // #doesNotUnderstand: or the like is itself not understood; detail: the class index

export let fatalReason: i32 = 0;

export function failFatally(reason: i32, detail: i32): void {
  if (fatalReason != 0) return;
  fatalReason = reason;
  hostFatal(reason, detail);
}
