// What happens to a word that may hold an oop depends on why it is visited. The collectors set `phase` and then call
// visitRoots, which comes back here for each word outside the heap.

import { becomeReference } from "./become.ts";
import { markReference } from "./collector.ts";
import { forwardReference } from "./compactor.ts";
import { scavengeReference } from "./scavenger.ts";
import { verifyReference } from "./verifyHeap.ts";

export const PHASE_SCAVENGE: i32 = 0;
export const PHASE_MARK: i32 = 1;
export const PHASE_FORWARD: i32 = 2;
export const PHASE_BECOME: i32 = 3;
export const PHASE_VERIFY: i32 = 4;

let phase: i32 = PHASE_SCAVENGE;

export function setPhase(newPhase: i32): void {
  phase = newPhase;
}

/** Whether only young objects move now. */
export function isScavenging(): boolean {
  return phase == PHASE_SCAVENGE;
}

/** Leaves, marks or replaces the word at `address`, according to the phase. */
export function visitReference(address: i32): void {
  switch (phase) {
    case PHASE_SCAVENGE:
      scavengeReference(address);
      break;
    case PHASE_MARK:
      markReference(address);
      break;
    case PHASE_FORWARD:
      forwardReference(address);
      break;
    case PHASE_BECOME:
      becomeReference(address);
      break;
    default:
      verifyReference(address);
      break;
  }
}
