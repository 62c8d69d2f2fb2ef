// Strings and byte arrays as runs of bytes. Receivers and arguments have a bytes format, whatever their class; wide
// strings, 32 bits for each code point, only where it is said.

import { allocateRaw } from "../allocation.ts";
import {
  BYTE_ARRAY_CLASS_INDEX,
  BYTE_STRING_CLASS_INDEX,
  FORMAT_BYTES,
  FORMAT_WORDS32,
  HEADER_SIZE,
  STACK_PAGE_TABLE,
  WIDE_STRING_CLASS_INDEX,
} from "../layout.ts";
import { copyBytes, load8, load32, multiply32, store8, store32 } from "../memory.ts";
import {
  booleanOop,
  formatOf,
  isBytesFormat,
  isImmediate,
  isSmallInteger,
  rawElementCount,
  tagInteger,
  untagInteger,
} from "../object.ts";
import { answer, spendTicksOnPass, stackValue } from "../state.ts";
import { isWideString } from "./arrays.ts";
import { integerFromUnsigned, isUnsigned32, unsignedFromInteger } from "./largeInteger.ts";

export function isBytes(oop: i32): boolean {
  return !isImmediate(oop) && isBytesFormat(formatOf(oop));
}

/** Code unit `index` of a bytes object or wide string. */
function unitAt(object: i32, isWide: boolean, index: i32): i32 {
  return isWide ? load32(object + HEADER_SIZE + (index << 2)) : load8(object + HEADER_SIZE + index);
}

function newBytes(classIndex: i32, size: i32): i32 {
  return allocateRaw(classIndex, FORMAT_BYTES + (-size & 3), (size + 3) >> 2);
}

// --- Comparison, hash ---

/** How many of `count` bytes are equal before the first that differs; four at a time. */
function commonPrefix(a: i32, b: i32, count: i32): i32 {
  let index: i32 = 0;
  while (index + 4 <= count && load32(a + HEADER_SIZE + index) == load32(b + HEADER_SIZE + index)) index += 4;
  while (index < count && load8(a + HEADER_SIZE + index) == load8(b + HEADER_SIZE + index)) index++;
  spendTicksOnPass(index);
  return index;
}

export function bytesCompare(): boolean {
  const a: i32 = stackValue(1);
  const b: i32 = stackValue(0);
  if (!isBytes(a) || !isBytes(b)) return false;
  const aCount: i32 = rawElementCount(a);
  const bCount: i32 = rawElementCount(b);
  const count: i32 = aCount < bCount ? aCount : bCount;
  const index: i32 = commonPrefix(a, b, count);
  let order: i32 = aCount - bCount;
  if (index < count) order = load8(a + HEADER_SIZE + index) - load8(b + HEADER_SIZE + index);
  return answer(1, tagInteger(order < 0 ? -1 : order > 0 ? 1 : 0));
}

/** Also a wide string against a wide string. */
export function bytesEqual(): boolean {
  const a: i32 = stackValue(1);
  const b: i32 = stackValue(0);
  const areWide: boolean = isWideString(a) && isWideString(b);
  if (!areWide && (!isBytes(a) || !isBytes(b))) return false;
  const count: i32 = rawElementCount(a);
  if (count != rawElementCount(b)) return answer(1, booleanOop(false));
  const size: i32 = areWide ? count << 2 : count;
  return answer(1, booleanOop(commonPrefix(a, b, size) == size));
}

/** FNV-1a over code points (G. Fowler, L. Noll, K. Vo), 30 bits; wide strings too. */
export function bytesHash(): boolean {
  const object: i32 = stackValue(0);
  const isWide: boolean = isWideString(object);
  if (!isWide && !isBytes(object)) return false;
  const count: i32 = rawElementCount(object);
  spendTicksOnPass(count);
  let hash: i32 = 0x811c9dc5 | 0;
  for (let index: i32 = 0; index < count; index++) {
    hash = multiply32(hash ^ unitAt(object, isWide, index), 0x01000193);
  }
  return answer(0, tagInteger(hash & 0x3fffffff));
}

// --- Search ---

/** The 0-based index that a starting index stands for; beyond all bounds when it is not valid. */
function startIndex(oop: i32): i32 {
  if (!isSmallInteger(oop)) return -1;
  return untagInteger(oop) - 1;
}

export function bytesIndexOf(): boolean {
  const object: i32 = stackValue(2);
  const code: i32 = stackValue(1);
  const start: i32 = startIndex(stackValue(0));
  if (!isBytes(object) || !isSmallInteger(code) || start < 0) return false;
  const byte: i32 = untagInteger(code);
  const count: i32 = rawElementCount(object);
  let index: i32 = start;
  while (index < count && load8(object + HEADER_SIZE + index) != byte) index++;
  spendTicksOnPass(index - start);
  return answer(2, tagInteger(index < count ? index + 1 : 0));
}

/** An empty pattern is found nowhere. */
export function bytesFind(): boolean {
  const object: i32 = stackValue(2);
  const pattern: i32 = stackValue(1);
  const start: i32 = startIndex(stackValue(0));
  if (!isBytes(object) || !isBytes(pattern) || start < 0) return false;
  const size: i32 = rawElementCount(pattern);
  const last: i32 = rawElementCount(object) - size;
  if (size == 0) return answer(2, tagInteger(0));
  const first: i32 = load8(pattern + HEADER_SIZE);
  let index: i32 = start;
  while (index <= last && (load8(object + HEADER_SIZE + index) != first || !matchesAt(object, index, pattern, size))) {
    index++;
  }
  spendTicksOnPass(index - start);
  return answer(2, tagInteger(index <= last ? index + 1 : 0));
}

function matchesAt(object: i32, index: i32, pattern: i32, size: i32): boolean {
  for (let offset: i32 = 1; offset < size; offset++) {
    if (load8(object + HEADER_SIZE + index + offset) != load8(pattern + HEADER_SIZE + offset)) return false;
  }
  return true;
}

// --- UTF-8 ---

/** Bytes of a code point in UTF-8; 0 for surrogates and what lies beyond Unicode. */
function utf8Size(codePoint: i32): i32 {
  if ((codePoint & ~0x7f) == 0) return 1;
  if ((codePoint & ~0x7ff) == 0) return 2;
  if ((codePoint & ~0xffff) == 0) return (codePoint & 0xf800) == 0xd800 ? 0 : 3;
  return codePoint > 0 && codePoint <= 0x10ffff ? 4 : 0;
}

function writeUtf8(address: i32, codePoint: i32, size: i32): void {
  if (size == 1) {
    store8(address, codePoint);
    return;
  }
  let rest: i32 = codePoint;
  for (let offset: i32 = size - 1; offset > 0; offset--) {
    store8(address + offset, 0x80 | (rest & 0x3f));
    rest >>= 6;
  }
  store8(address, ((0xf00 >> size) & 0xff) | rest);
}

export function bytesUtf8Encode(): boolean {
  const string: i32 = stackValue(0);
  const isWide: boolean = isWideString(string);
  if (!isWide && !isBytes(string)) return false;
  const count: i32 = rawElementCount(string);
  let size: i32 = 0;
  for (let index: i32 = 0; index < count; index++) {
    const unitSize: i32 = utf8Size(unitAt(string, isWide, index));
    if (unitSize == 0) return false;
    size += unitSize;
  }
  const encoded: i32 = newBytes(BYTE_ARRAY_CLASS_INDEX, size);
  if (encoded == 0) return false;
  if (size == count && !isWide) copyBytes(encoded + HEADER_SIZE, string + HEADER_SIZE, size);
  else writeAllUtf8(encoded + HEADER_SIZE, string, isWide, count);
  return answer(0, encoded);
}

function writeAllUtf8(address: i32, string: i32, isWide: boolean, count: i32): void {
  let to: i32 = address;
  for (let index: i32 = 0; index < count; index++) {
    const codePoint: i32 = unitAt(string, isWide, index);
    const size: i32 = utf8Size(codePoint);
    writeUtf8(to, codePoint, size);
    to += size;
  }
}

/** Bytes of the sequence that a lead byte begins; 0 when none does. */
function sequenceSize(lead: i32): i32 {
  if (lead < 0x80) return 1;
  if (lead < 0xc2) return 0;
  if (lead < 0xe0) return 2;
  if (lead < 0xf0) return 3;
  return lead < 0xf5 ? 4 : 0;
}

/** The code point at `address`, -1 when its bytes before `end` are malformed: cut off, too long, or a surrogate. */
function readUtf8(address: i32, end: i32): i32 {
  const lead: i32 = load8(address);
  const size: i32 = sequenceSize(lead);
  if (size == 1) return lead;
  if (size == 0 || address + size > end) return -1;
  let codePoint: i32 = lead & (0x7f >> size);
  for (let offset: i32 = 1; offset < size; offset++) {
    const byte: i32 = load8(address + offset);
    if ((byte & 0xc0) != 0x80) return -1;
    codePoint = (codePoint << 6) | (byte & 0x3f);
  }
  return utf8Size(codePoint) == size ? codePoint : -1;
}

export function bytesUtf8Decode(): boolean {
  const source: i32 = stackValue(2);
  const fromOop: i32 = stackValue(1);
  const toOop: i32 = stackValue(0);
  if (!isBytes(source) || (fromOop & toOop & 1) == 0) return false;
  const first: i32 = untagInteger(fromOop) - 1;
  const last: i32 = untagInteger(toOop);
  if (first < 0 || last < first || last > rawElementCount(source)) return false;
  const string: i32 = decode(source + HEADER_SIZE + first, source + HEADER_SIZE + last);
  return string != 0 && answer(3, string);
}

/** A ByteString or WideString; 0 when the bytes are malformed or there is no room. */
function decode(start: i32, end: i32): i32 {
  let count: i32 = 0;
  let highest: i32 = 0;
  for (let at: i32 = start; at < end; at += sequenceSize(load8(at))) {
    const codePoint: i32 = readUtf8(at, end);
    if (codePoint < 0) return 0;
    if (codePoint > highest) highest = codePoint;
    count++;
  }
  const isWide: boolean = highest > 255;
  const string: i32 = isWide
    ? allocateRaw(WIDE_STRING_CLASS_INDEX, FORMAT_WORDS32, count)
    : newBytes(BYTE_STRING_CLASS_INDEX, count);
  if (string == 0) return 0;
  if (highest < 0x80) copyBytes(string + HEADER_SIZE, start, count);
  else decodeInto(string + HEADER_SIZE, isWide, start, end);
  return string;
}

function decodeInto(address: i32, isWide: boolean, start: i32, end: i32): void {
  let to: i32 = address;
  for (let at: i32 = start; at < end; at += sequenceSize(load8(at))) {
    const codePoint: i32 = readUtf8(at, end);
    if (isWide) store32(to, codePoint);
    else store8(to, codePoint);
    to += isWide ? 4 : 1;
  }
}

// --- Checksum ---

/** 256 words beyond the stack page table: the remainder of every byte. */
const CRC_TABLE: i32 = STACK_PAGE_TABLE + 0x1000;
const CRC_POLYNOMIAL: i32 = 0xedb88320 | 0;
let crcTableIsMade: boolean = false;

function makeCrcTable(): void {
  for (let byte: i32 = 0; byte < 256; byte++) {
    let remainder: i32 = byte;
    for (let bit: i32 = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (-(remainder & 1) & CRC_POLYNOMIAL);
    store32(CRC_TABLE + (byte << 2), remainder);
  }
  crcTableIsMade = true;
}

/** CRC-32 as in Ethernet, zip and PNG. The seed is the checksum of what came before, 0 at the start. */
export function bytesCrc32(): boolean {
  const object: i32 = stackValue(1);
  const seed: i32 = stackValue(0);
  if (!isBytes(object) || !isUnsigned32(seed)) return false;
  if (!crcTableIsMade) makeCrcTable();
  const end: i32 = object + HEADER_SIZE + rawElementCount(object);
  let crc: i32 = ~unsignedFromInteger(seed);
  for (let at: i32 = object + HEADER_SIZE; at < end; at++) {
    crc = (crc >>> 8) ^ load32(CRC_TABLE + (((crc ^ load8(at)) & 255) << 2));
  }
  const result: i32 = integerFromUnsigned(~crc);
  return result != 0 && answer(1, result);
}
