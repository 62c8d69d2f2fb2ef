export function verifyReference(address: i32): void {}
/** 0 when every reference in the heap is sound, else the address of the first wrong word. */
export function verifyHeap(): i32 {
  return 0;
}
