// The hash of strings and symbols that machine, image and bootstrap share: 32-bit FNV-1a (G. Fowler, L. Noll, K. Vo) over
// code points instead of bytes, cut to the width of a SmallInteger.

const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;
const SMALL_INTEGER_BITS = 0x3fffffff;

export function codePointsOf(text: string): number[] {
  const codePoints: number[] = [];
  for (const character of text) codePoints.push(character.codePointAt(0) ?? 0);
  return codePoints;
}

export function stringHash(codePoints: readonly number[]): number {
  let hash = OFFSET_BASIS;
  for (const codePoint of codePoints) hash = Math.imul(hash ^ codePoint, PRIME);
  return hash & SMALL_INTEGER_BITS;
}
