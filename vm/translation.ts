// Translations: hot methods, blocks and loops as functions of the platform (L. P. Deutsch, A. Schiffman: "Efficient
// implementation of the Smalltalk-80 system", 1984, calls this dynamic translation).
//
// A translation does what the interpreter would do with the same bytecodes, on the same frames in linear memory, and counts
// the same ticks. Between two bytecodes it may stop at any time: it puts everything into frame and registers and answers 0,
// and so do its callers, whose frames are complete while they wait; the interpreter goes on with the topmost frame. That
// happens at safepoints, when a callee has no translation, when the process changes, and for all that is rare. So nothing
// moves while a translation runs, and no other part of the machine knows that there are any.
//
// Counting: an entry of the method cache (lookup.ts) counts the activations of its method up from -HOT_ACTIVATIONS; blocks
// and loops are counted in the table below. What is hot goes to the platform once; it may refuse.
//
// The table has what was counted, translated or refused: open addressing, entries of 16 bytes:
//   +0 compiled code, 0 when free   +4 address of the bytecode at which a loop begins, 0: all of it   +8 its number: counted up from a negative
//   one, 0 when it was refused, else the function   +12 how often it left in the slice whose number is in the high half
//
// A send in a translation has a site (translatedSend.ts). Sites hold no addresses of young objects, so
// only a change of methods makes them wrong: forgetSites. Tables and sites hold nothing for the collectors: when code moves or dies, all is
// forgotten.

import { hostForgetTranslations, hostTranslate } from "./host.ts";
import {
  OLD_SPACE_START,
  TRANSLATION_SITES,
  TRANSLATION_SITES_SIZE,
  TRANSLATION_TABLE,
  TRANSLATION_TABLE_CAPACITY,
} from "./layout.ts";
import { CACHE_METHOD, CACHE_TRANSLATION, flushMethodCache } from "./lookup.ts";
import { fillBytes, load32, store32 } from "./memory.ts";
import { callAttention } from "./process.ts";
import { requestCheck } from "./state.ts";

const ENTRY_CODE: i32 = 0;
const ENTRY_START: i32 = 4;
const ENTRY_NUMBER: i32 = 8;
const ENTRY_LEFT: i32 = 12;
/** A translation that leaves so often in a slice of some milliseconds does too little before: the interpreter is faster. */
const TOO_OFTEN: i32 = 1000;
/** The table is full when a quarter is free. */
const MOST_ENTRIES: i32 = TRANSLATION_TABLE_CAPACITY - (TRANSLATION_TABLE_CAPACITY >> 2);

/** After so many activations a method or block is hot; 0: the platform translates nothing. */
let hotActivations: i32 = 0;
/** After so many samples a loop is hot. */
let hotSamples: i32 = 0;
let entryCount: i32 = 0;
let sliceNumber: i32 = 0;
/** No code beyond this address is in the table. */
let lastCode: i32 = 0;
let isTableFull: boolean = false;

/** The platform can translate, and shall do so after this many activations. */
export function setTranslating(activations: i32): void {
  forgetTranslations();
  hotActivations = activations;
  hotSamples = activations > 2 ? 2 : 1;
}

function placeOf(code: i32, start: i32): i32 {
  return TRANSLATION_TABLE + ((((code >> 3) ^ start) & (TRANSLATION_TABLE_CAPACITY - 1)) << 4);
}
/** The entry for this code, or for its loop at `start`, or the free one where it would stand. */
function findPlace(code: i32, start: i32): i32 {
  let place: i32 = placeOf(code, start);
  while (
    load32(place + ENTRY_CODE) != 0 &&
    (load32(place + ENTRY_CODE) != code || load32(place + ENTRY_START) != start)
  ) {
    place = place + 16 == TRANSLATION_TABLE + (TRANSLATION_TABLE_CAPACITY << 4) ? TRANSLATION_TABLE : place + 16;
  }
  return place;
}

/** What a fresh entry of the method cache begins with. */
export function translationNumberOf(method: i32): i32 {
  if (hotActivations == 0 || method < OLD_SPACE_START) return 0;
  const place: i32 = findPlace(method, 0);
  return load32(place) == 0 ? -hotActivations : load32(place + ENTRY_NUMBER);
}

/** Has code translated, or its loop at `start`; answers the function or 0, and remembers it. */
function translate(code: i32, start: i32, place: i32): i32 {
  const number: i32 = hostTranslate(code, start);
  store32(place + ENTRY_NUMBER, number);
  return number;
}

function enter(code: i32, start: i32, place: i32, number: i32): boolean {
  if (entryCount == MOST_ENTRIES) {
    isTableFull = true;
    requestCheck();
    return false;
  }
  entryCount++;
  if (code > lastCode) lastCode = code;
  store32(place + ENTRY_CODE, code);
  store32(place + ENTRY_START, start);
  store32(place + ENTRY_NUMBER, number);
  return true;
}

/** The method of this cache entry has become hot: its function, or 0. */
export function translateHotMethod(entry: i32): i32 {
  const method: i32 = load32(entry + CACHE_METHOD);
  const place: i32 = findPlace(method, 0);
  let number: i32 = load32(place + ENTRY_NUMBER);
  if (load32(place) == 0) number = enter(method, 0, place, 0) ? translate(method, 0, place) : 0;
  store32(entry + CACHE_TRANSLATION, number);
  return number;
}

/**
 * The translation of this cache entry's method has left, and not for a safepoint: because of an exception, a change of
 * processes, a return from a block.
 */
export function countLeaving(entry: i32, translation: i32): void {
  if (load32(entry + CACHE_TRANSLATION) != translation) return; // the entry has become another method's
  const place: i32 = findPlace(load32(entry + CACHE_METHOD), 0);
  if (load32(place) == 0) return;
  let count: i32 = load32(place + ENTRY_LEFT);
  if (count >>> 16 != sliceNumber) count = sliceNumber << 16;
  store32(place + ENTRY_LEFT, count + 1);
  if ((count & 0xffff) < TOO_OFTEN) return;
  store32(place + ENTRY_NUMBER, 0);
  store32(entry + CACHE_TRANSLATION, 0);
}
/** The machine was entered. */
export function beginSlice(): void {
  sliceNumber = (sliceNumber + 1) & 0xffff;
}

/** Counts one use of a block or a loop; its function when it has one, else 0. */
function countUse(code: i32, start: i32, threshold: i32): i32 {
  if (code < OLD_SPACE_START) return 0;
  const place: i32 = findPlace(code, start);
  if (load32(place) == 0 && !enter(code, start, place, -threshold)) return 0;
  const number: i32 = load32(place + ENTRY_NUMBER);
  if (number >= 0) return number;
  store32(place + ENTRY_NUMBER, number + 1);
  return number == -1 ? translate(code, start, place) : 0;
}
/** Counts an activation of a block. */
export function translationOfBlock(block: i32): i32 {
  return countUse(block, 0, hotActivations);
}
/** Counts a sample of the loop at `start`; its function takes the frame as it stands there. */
export function translationOfLoop(code: i32, start: i32): i32 {
  return hotActivations == 0 ? 0 : countUse(code, start, hotSamples);
}

/** Methods were changed: no site knows any more what its receivers answer. */
export function forgetSites(): void {
  if (hotActivations != 0) fillBytes(TRANSLATION_SITES, 0, TRANSLATION_SITES_SIZE);
}

/** Code has moved, died or changed: translations that wait for a callee do not go on either. */
export function forgetTranslations(): void {
  if (entryCount == 0) return;
  flushMethodCache();
  forgetSites();
  fillBytes(TRANSLATION_TABLE, 0, TRANSLATION_TABLE_CAPACITY << 4);
  entryCount = 0;
  lastCode = 0;
  hostForgetTranslations();
  callAttention();
}
/** A literal or bytecode of compiled code was changed. */
export function forgetTranslationOf(code: i32): void {
  if (code > lastCode) return;
  for (let index: i32 = 0; index < TRANSLATION_TABLE_CAPACITY; index++) {
    if (translatedCodeAt(index) == code) {
      forgetTranslations();
      return;
    }
  }
}
/** At a safepoint: makes room when the table has become full. What is still hot will be translated again. */
export function makeRoomForTranslations(): void {
  if (!isTableFull) return;
  isTableFull = false;
  forgetTranslations();
}
/** The code of an entry of the table, 0 when it is free. */
export function translatedCodeAt(index: i32): i32 {
  return load32(TRANSLATION_TABLE + (index << 4) + ENTRY_CODE);
}
