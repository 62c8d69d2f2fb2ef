import { setStressMode as setInterval } from "./allocation.ts";
import { takePendingLowSpace as takeLowSpace } from "./allocation.ts";
export function markReference(address: i32): void {}
/** Collects everything: objects move. */
export function fullCollect(): void {}
/** Collects if somebody asked. */
export function collectAtSafepoint(): void {}
export function takePendingFinalization(): boolean {
  return false;
}
export function takePendingLowSpace(): boolean {
  return takeLowSpace();
}
export function setStressMode(interval: i32): void {
  setInterval(interval);
}
