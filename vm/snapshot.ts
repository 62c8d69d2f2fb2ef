/** Packs the heap: afterwards [OLD_SPACE_START, heapEnd()) is all of it. */
export function collectForSnapshot(): void {}
