// The interpreter: one loop over the bytecodes of Sista V1.
//
// ip, sp, fp, tp and the running method are local variables here; `saveRegisters` writes them to state.ts before anything
// that looks at the stack, `attention` says that they must be read again afterwards. A case either ends with `continue`
// (the next bytecode) or leaves the switch with a selector and an argument count: the one copy of the send follows the
// switch. Sends and backward jumps count ticks; when those run out, `atSafepoint` collects garbage, and `interpret`
// returns when its budget is used. A case must not need `bytecode` after a call: V8 would save it at every bytecode.
// Frequent pairs run as one: the case of the first looks at the second, and nobody can see the state between them.

import { allocateFloat, allocateOops, classAt, storeCheck, storeSlot } from "./allocation.ts";
import {
  BLOCK_RETURN_NIL,
  BLOCK_RETURN_TOP,
  CALL_PRIMITIVE,
  CLOSURE_IGNORES_OUTER_CONTEXT,
  DUPLICATE_TOP,
  EXTEND_A,
  EXTEND_B,
  JUMP,
  JUMP_FALSE,
  JUMP_FALSE_LONG,
  JUMP_LONG,
  JUMP_TRUE,
  JUMP_TRUE_LONG,
  NO_OPERATION,
  POP,
  POP_INTO_LITERAL_VARIABLE,
  POP_INTO_RECEIVER_VARIABLE,
  POP_INTO_RECEIVER_VARIABLE_LONG,
  POP_INTO_REMOTE,
  POP_INTO_TEMPORARY,
  POP_INTO_TEMPORARY_LONG,
  PUSH_ARRAY,
  PUSH_CHARACTER,
  PUSH_CLOSURE,
  PUSH_FALSE,
  PUSH_INTEGER,
  PUSH_LITERAL,
  PUSH_LITERAL_LONG,
  PUSH_LITERAL_VARIABLE,
  PUSH_LITERAL_VARIABLE_LONG,
  PUSH_NIL,
  PUSH_ONE,
  PUSH_RECEIVER,
  PUSH_RECEIVER_VARIABLE,
  PUSH_RECEIVER_VARIABLE_LONG,
  PUSH_REMOTE,
  PUSH_TEMPORARY,
  PUSH_TEMPORARY_LONG,
  PUSH_THIS_CONTEXT,
  PUSH_TRUE,
  PUSH_ZERO,
  RETURN_FALSE,
  RETURN_NIL,
  RETURN_RECEIVER,
  RETURN_TOP,
  RETURN_TRUE,
  SELECTOR_AT,
  SELECTOR_AT_PUT,
  SELECTOR_BIT_AND,
  SELECTOR_BIT_OR,
  SELECTOR_BIT_SHIFT,
  SELECTOR_CLASS,
  SELECTOR_DIVIDE,
  SELECTOR_DO,
  SELECTOR_EQUAL,
  SELECTOR_GREATER,
  SELECTOR_GREATER_OR_EQUAL,
  SELECTOR_IDENTICAL,
  SELECTOR_INTEGER_DIVIDE,
  SELECTOR_LESS,
  SELECTOR_LESS_OR_EQUAL,
  SELECTOR_MAKE_POINT,
  SELECTOR_MINUS,
  SELECTOR_MODULO,
  SELECTOR_NEW_1,
  SELECTOR_NEXT_PUT,
  SELECTOR_NOT_EQUAL,
  SELECTOR_NOT_IDENTICAL,
  SELECTOR_PLUS,
  SELECTOR_SIZE,
  SELECTOR_TIMES,
  SELECTOR_VALUE_1,
  SEND,
  SEND_0,
  SEND_1,
  SEND_2,
  SEND_ARITHMETIC,
  SEND_SPECIAL,
  SEND_SUPER,
  STORE_LITERAL_VARIABLE,
  STORE_RECEIVER_VARIABLE,
  STORE_REMOTE,
  STORE_TEMPORARY,
} from "./bytecodes.ts";
import { closureTakes, killContext, marryFrame, pushClosureFrame } from "./contexts.ts";
import { FATAL_BAD_BYTECODE, FATAL_NO_MEMORY, failFatally, fatalReason } from "./fatal.ts";
import {
  FRAME_CALLER,
  FRAME_CALLER_IP,
  FRAME_CLOSURE,
  FRAME_CONTEXT,
  FRAME_HEADER_SIZE,
  FRAME_METHOD,
  FRAME_TEMPORARIES,
  stackLimit,
} from "./frames.ts";
import { hostRunTranslation } from "./host.ts";
import {
  ARRAY_CLASS_INDEX,
  BLOCK_CLOSURE_CLASS_INDEX,
  BYTE_ARRAY_CLASS_INDEX,
  BYTE_STRING_CLASS_INDEX,
  CLASS_INDEX_MASK,
  CLOSURE_ARGUMENT_COUNT,
  CLOSURE_COMPILED_BLOCK,
  CLOSURE_FIRST_COPIED,
  CLOSURE_OUTER_CONTEXT,
  CLOSURE_RECEIVER,
  FALSE,
  FLOAT_CLASS_INDEX,
  FORMAT_ARRAY,
  FORMAT_FIXED_ARRAY,
  IMMUTABLE_BIT,
  METHOD_LITERAL_COUNT_MASK,
  NIL,
  SMALL_INTEGER_MAXIMUM,
  SMALL_INTEGER_MINIMUM,
  SPECIAL_ATTEMPT_TO_ASSIGN,
  SPECIAL_MUST_BE_BOOLEAN,
  TRUE,
} from "./layout.ts";
import {
  CACHE_BYTECODE,
  CACHE_CLASS_INDEX,
  CACHE_EXTRA_TEMPORARIES,
  CACHE_METHOD,
  CACHE_PRIMITIVE,
  CACHE_SELECTOR,
  CACHE_TRANSLATION,
  cacheEntry,
  findMethodEntry,
} from "./lookup.ts";
import { load8, load32, store8, store32 } from "./memory.ts";
import {
  booleanOop,
  classIndexOf,
  floatValueOf,
  headerClassIndex,
  initializeSlot,
  rawElementCount,
  slotAt,
  slotCountOf,
  tagInteger,
} from "./object.ts";
import {
  CLOSURE_VALUE,
  QUICK_RETURN_FIRST_VARIABLE,
  QUICK_RETURN_SELF,
} from "./primitiveNumbers.ts";
import { attention, clearAttention, clearStop, runHighestPriority, stopReason, } from "./process.ts";
import { atEndOfTranslation, atSafepoint, noticeTime } from "./safepoint.ts";
import {
  makeRoomForFrame,
  quickConstant,
  returnFromFrame,
  runPrimitive,
  sendDoesNotUnderstand,
  specialSelector,
} from "./send.ts";
import {
  countTick,
  framePointer,
  instructionPointer,
  loopSampleAt,
  planLoopSample,
  setFramePointer,
  setInstructionPointer,
  setStackPointer,
  setTicks,
  specialObjectAt,
  spendTick,
  stackPointer,
  ticks,
} from "./state.ts";
import { STOP_FATAL, STOP_IDLE } from "./stop.ts";
import { superclassIndexOf } from "./translatedSend.ts";
import { beginSlice, countLeaving, translateHotMethod, translationOfLoop } from "./translation.ts";
import { returnFromHome } from "./unwind.ts";

/** Characters, which are immediate, are equal when they are identical: = is not sent to them. */
function areCharacters(left: i32, right: i32): boolean {
  return (left & 3) == 2 && (right & 3) == 2;
}
function areFloats(left: i32, right: i32): boolean {
  return ((left | right) & 3) == 0 && headerClassIndex(left) == FLOAT_CLASS_INDEX && headerClassIndex(right) == FLOAT_CLASS_INDEX;
}

/**
 * What a comparison skips when a conditional jump follows it, as it mostly does: the jump, and its distance when the
 * comparison fails. 0 when something else follows.
 */
function jumpAfter(ip: i32, holds: boolean): i32 {
  const next: i32 = load8(ip);
  if ((next & 0xf8) == JUMP_FALSE) return holds ? 1 : (next & 7) + 2;
  if (next == JUMP_FALSE_LONG) return holds ? 2 : load8(ip + 1) + 2;
  return 0;
}

function saveRegisters(ip: i32, sp: i32, fp: i32): void {
  setInstructionPointer(ip);
  setStackPointer(sp);
  setFramePointer(fp);
}

/** A closure over the running frame; its copied values are the topmost `copiedCount` operands. 0 when there is no room. */
export function newClosure(code: i32, copiedCount: i32, ignoresOuter: boolean, fp: i32, sp: i32): i32 {
  const closure: i32 = allocateOops(BLOCK_CLOSURE_CLASS_INDEX, FORMAT_FIXED_ARRAY, CLOSURE_FIRST_COPIED + copiedCount);
  if (closure == 0) return 0;
  if (!ignoresOuter) storeSlot(closure, CLOSURE_OUTER_CONTEXT, marryFrame(fp));
  storeSlot(closure, CLOSURE_COMPILED_BLOCK, code);
  initializeSlot(closure, CLOSURE_ARGUMENT_COUNT, tagInteger((slotAt(code, 0) >> 25) & 15));
  storeSlot(closure, CLOSURE_RECEIVER, load32(load32(fp + FRAME_TEMPORARIES) + 4));
  for (let index: i32 = 0; index < copiedCount; index++) {
    storeSlot(closure, CLOSURE_FIRST_COPIED + index, load32(sp + ((copiedCount - 1 - index) << 2)));
  }
  return closure;
}

/**
 * An assignment that the receiver's immutability forbids: makes the value on the stack into the message
 * attemptToAssign:withIndex: (index from 1) to the receiver. When that answers, the same bytecode runs again and assigns
 * the answer, so a handler can make the receiver mutable and resume. Answers the new sp.
 */
function pushAssignment(receiver: i32, index: i32, sp: i32): i32 {
  store32(sp - 4, load32(sp));
  store32(sp - 8, tagInteger(index + 1));
  store32(sp, receiver);
  return sp - 8;
}

/** An Array of the topmost `count` operands, or of nils. 0 when there is no room. */
export function newArray(count: i32, takesOperands: boolean, sp: i32): i32 {
  const array: i32 = allocateOops(ARRAY_CLASS_INDEX, FORMAT_ARRAY, count);
  if (array == 0 || !takesOperands) return array;
  for (let index: i32 = 0; index < count; index++) storeSlot(array, index, load32(sp + ((count - 1 - index) << 2)));
  return array;
}

/**
 * Runs until `budget` ticks (activations and backward jumps) are used or there is nothing to do; answers one of the STOP
 * numbers. Everything is in memory and state.ts when it returns, and the host may signal before it enters again.
 */
export function interpret(budget: i32): i32 {
  if (fatalReason != 0) return STOP_FATAL;
  clearStop();
  beginSlice();
  noticeTime();
  if (framePointer == 0) runHighestPriority();
  if (framePointer == 0) return STOP_IDLE;
  setTicks(budget);
  clearAttention();
  let ip: i32 = instructionPointer;
  let sp: i32 = stackPointer;
  let fp: i32 = framePointer;
  let tp: i32 = load32(fp + FRAME_TEMPORARIES);
  let method: i32 = load32(fp + FRAME_METHOD);
  let extendA: i32 = 0;
  let extendB: i32 = 0;
  let selector: i32 = 0;
  let argumentCount: i32 = 0;
  /** Where a super send begins its lookup; 0: in the receiver's class. */
  let lookupClass: i32 = 0;

  while (true) {
    const bytecode: i32 = load8(ip);
    ip++;
    switch (bytecode) {
      // --- Push ---
      case PUSH_RECEIVER_VARIABLE: case 1: case 2: case 3: case 4: case 5: case 6: case 7:
      case 8: case 9: case 10: case 11: case 12: case 13: case 14: case 15: {
        sp -= 4;
        store32(sp, load32(load32(tp + 4) + 8 + (bytecode << 2)));
        continue;
      }
      case PUSH_LITERAL_VARIABLE: case PUSH_LITERAL_VARIABLE + 1: case PUSH_LITERAL_VARIABLE + 2: case PUSH_LITERAL_VARIABLE + 3:
      case PUSH_LITERAL_VARIABLE + 4: case PUSH_LITERAL_VARIABLE + 5: case PUSH_LITERAL_VARIABLE + 6: case PUSH_LITERAL_VARIABLE + 7:
      case PUSH_LITERAL_VARIABLE + 8: case PUSH_LITERAL_VARIABLE + 9: case PUSH_LITERAL_VARIABLE + 10: case PUSH_LITERAL_VARIABLE + 11:
      case PUSH_LITERAL_VARIABLE + 12: case PUSH_LITERAL_VARIABLE + 13: case PUSH_LITERAL_VARIABLE + 14: case PUSH_LITERAL_VARIABLE + 15: {
        sp -= 4;
        store32(sp, load32(load32(method + 12 + ((bytecode & 15) << 2)) + 12));
        continue;
      }
      case PUSH_LITERAL: case PUSH_LITERAL + 1: case PUSH_LITERAL + 2: case PUSH_LITERAL + 3:
      case PUSH_LITERAL + 4: case PUSH_LITERAL + 5: case PUSH_LITERAL + 6: case PUSH_LITERAL + 7:
      case PUSH_LITERAL + 8: case PUSH_LITERAL + 9: case PUSH_LITERAL + 10: case PUSH_LITERAL + 11:
      case PUSH_LITERAL + 12: case PUSH_LITERAL + 13: case PUSH_LITERAL + 14: case PUSH_LITERAL + 15:
      case PUSH_LITERAL + 16: case PUSH_LITERAL + 17: case PUSH_LITERAL + 18: case PUSH_LITERAL + 19:
      case PUSH_LITERAL + 20: case PUSH_LITERAL + 21: case PUSH_LITERAL + 22: case PUSH_LITERAL + 23:
      case PUSH_LITERAL + 24: case PUSH_LITERAL + 25: case PUSH_LITERAL + 26: case PUSH_LITERAL + 27:
      case PUSH_LITERAL + 28: case PUSH_LITERAL + 29: case PUSH_LITERAL + 30: case PUSH_LITERAL + 31: {
        sp -= 4;
        store32(sp, load32(method + 12 + ((bytecode & 31) << 2)));
        continue;
      }
      case PUSH_TEMPORARY: case PUSH_TEMPORARY + 1: case PUSH_TEMPORARY + 2: case PUSH_TEMPORARY + 3:
      case PUSH_TEMPORARY + 4: case PUSH_TEMPORARY + 5: case PUSH_TEMPORARY + 6: case PUSH_TEMPORARY + 7:
      case PUSH_TEMPORARY + 8: case PUSH_TEMPORARY + 9: case PUSH_TEMPORARY + 10: case PUSH_TEMPORARY + 11: {
        const next: i32 = load8(ip);
        if ((next & 0xf8) == PUSH_TEMPORARY) {
          ip++;
          sp -= 8;
          store32(sp + 4, load32(tp - ((bytecode - PUSH_TEMPORARY) << 2)));
          store32(sp, load32(tp - ((next - PUSH_TEMPORARY) << 2)));
          continue;
        }
        sp -= 4;
        store32(sp, load32(tp - ((bytecode - PUSH_TEMPORARY) << 2)));
        continue;
      }
      case PUSH_RECEIVER: {
        const argument: i32 = load8(ip) - PUSH_TEMPORARY;
        if (argument >= 0 && argument < 12) {
          // Mostly self with: x.
          ip++;
          sp -= 8;
          store32(sp + 4, load32(tp + 4));
          store32(sp, load32(tp - (argument << 2)));
          continue;
        }
        sp -= 4;
        store32(sp, load32(tp + 4));
        continue;
      }
      case PUSH_TRUE: {
        sp -= 4;
        store32(sp, TRUE);
        continue;
      }
      case PUSH_FALSE: {
        sp -= 4;
        store32(sp, FALSE);
        continue;
      }
      case PUSH_NIL: {
        sp -= 4;
        store32(sp, NIL);
        continue;
      }
      case PUSH_ZERO: {
        sp -= 4;
        store32(sp, 1);
        continue;
      }
      case PUSH_ONE: {
        // Mostly x + 1 or x - 1: both bytecodes at once when the answer is a SmallInteger.
        const next: i32 = load8(ip);
        if (next == SEND_ARITHMETIC + SELECTOR_PLUS) {
          const left: i32 = load32(sp);
          const sum: i32 = (left + 2) | 0;
          if ((left & 1) != 0 && sum > left) {
            const target: i32 = load8(ip + 1);
            if ((target & 0xf8) == POP_INTO_TEMPORARY) {
              ip += 2;
              sp += 4;
              store32(tp - ((target & 7) << 2), sum);
              continue;
            }
            ip++;
            store32(sp, sum);
            continue;
          }
        } else if (next == SEND_ARITHMETIC + SELECTOR_MINUS) {
          const left: i32 = load32(sp);
          const difference: i32 = (left - 2) | 0;
          if ((left & 1) != 0 && difference < left) {
            ip++;
            store32(sp, difference);
            continue;
          }
        }
        sp -= 4;
        store32(sp, 3);
        continue;
      }
      case PUSH_THIS_CONTEXT: {
        saveRegisters(ip, sp, fp);
        const context: i32 = marryFrame(fp);
        sp -= 4;
        store32(sp, context);
        continue;
      }
      case DUPLICATE_TOP: {
        sp -= 4;
        store32(sp, load32(sp + 4));
        continue;
      }
      case PUSH_RECEIVER_VARIABLE_LONG: {
        sp -= 4;
        store32(sp, load32(load32(tp + 4) + 8 + ((load8(ip) + (extendA << 8)) << 2)));
        ip++;
        extendA = 0;
        continue;
      }
      case PUSH_LITERAL_VARIABLE_LONG: {
        sp -= 4;
        store32(sp, load32(load32(method + 12 + ((load8(ip) + (extendA << 8)) << 2)) + 12));
        ip++;
        extendA = 0;
        continue;
      }
      case PUSH_LITERAL_LONG: {
        sp -= 4;
        store32(sp, load32(method + 12 + ((load8(ip) + (extendA << 8)) << 2)));
        ip++;
        extendA = 0;
        continue;
      }
      case PUSH_TEMPORARY_LONG: {
        sp -= 4;
        store32(sp, load32(tp - (load8(ip) << 2)));
        ip++;
        continue;
      }
      case PUSH_INTEGER: {
        sp -= 4;
        store32(sp, tagInteger(load8(ip) + (extendB << 8)));
        ip++;
        extendB = 0;
        continue;
      }
      case PUSH_CHARACTER: {
        sp -= 4;
        store32(sp, ((load8(ip) + (extendB << 8)) << 2) | 2);
        ip++;
        extendB = 0;
        continue;
      }
      case PUSH_ARRAY: {
        const operand: i32 = load8(ip);
        const count: i32 = operand & 127;
        const array: i32 = newArray(count, operand > 127, sp);
        if (array == 0) {
          failFatally(FATAL_NO_MEMORY, count);
          return STOP_FATAL;
        }
        ip++;
        sp += operand > 127 ? (count << 2) - 4 : -4;
        store32(sp, array);
        continue;
      }
      case PUSH_CLOSURE: {
        const operand: i32 = load8(ip + 1);
        const code: i32 = load32(method + 12 + ((load8(ip) + (extendA << 8)) << 2));
        const copiedCount: i32 = operand & 63;
        const closure: i32 = newClosure(code, copiedCount, (operand & CLOSURE_IGNORES_OUTER_CONTEXT) != 0, fp, sp);
        if (closure == 0) {
          failFatally(FATAL_NO_MEMORY, copiedCount);
          return STOP_FATAL;
        }
        ip += 2;
        extendA = 0;
        sp += (copiedCount << 2) - 4;
        store32(sp, closure);
        continue;
      }
      case PUSH_REMOTE: {
        sp -= 4;
        store32(sp, load32(load32(tp - (load8(ip + 1) << 2)) + 8 + (load8(ip) << 2)));
        ip += 2;
        continue;
      }

      // --- Store ---
      case POP_INTO_RECEIVER_VARIABLE: case POP_INTO_RECEIVER_VARIABLE + 1: case POP_INTO_RECEIVER_VARIABLE + 2: case POP_INTO_RECEIVER_VARIABLE + 3:
      case POP_INTO_RECEIVER_VARIABLE + 4: case POP_INTO_RECEIVER_VARIABLE + 5: case POP_INTO_RECEIVER_VARIABLE + 6: case POP_INTO_RECEIVER_VARIABLE + 7: {
        const receiver: i32 = load32(tp + 4);
        const value: i32 = load32(sp);
        if ((load32(receiver) & IMMUTABLE_BIT) != 0) {
          ip--;
          sp = pushAssignment(receiver, bytecode & 7, sp);
          selector = specialObjectAt(SPECIAL_ATTEMPT_TO_ASSIGN);
          argumentCount = 2;
          break;
        }
        store32(receiver + 8 + ((bytecode & 7) << 2), value);
        storeCheck(receiver, value);
        sp += 4;
        continue;
      }
      case POP_INTO_RECEIVER_VARIABLE_LONG:
      case STORE_RECEIVER_VARIABLE: {
        const receiver: i32 = load32(tp + 4);
        const index: i32 = load8(ip) + (extendA << 8);
        if ((load32(receiver) & IMMUTABLE_BIT) != 0) {
          ip -= extendA == 0 ? 1 : 3;
          extendA = 0;
          sp = pushAssignment(receiver, index, sp);
          selector = specialObjectAt(SPECIAL_ATTEMPT_TO_ASSIGN);
          argumentCount = 2;
          break;
        }
        const value: i32 = load32(sp);
        if (load8(ip - 1) == POP_INTO_RECEIVER_VARIABLE_LONG) sp += 4;
        ip++;
        extendA = 0;
        storeSlot(receiver, index, value);
        continue;
      }
      case POP_INTO_TEMPORARY: case POP_INTO_TEMPORARY + 1: case POP_INTO_TEMPORARY + 2: case POP_INTO_TEMPORARY + 3:
      case POP_INTO_TEMPORARY + 4: case POP_INTO_TEMPORARY + 5: case POP_INTO_TEMPORARY + 6: case POP_INTO_TEMPORARY + 7: {
        store32(tp - ((bytecode & 7) << 2), load32(sp));
        sp += 4;
        continue;
      }
      case POP_INTO_TEMPORARY_LONG: {
        store32(tp - (load8(ip) << 2), load32(sp));
        ip++;
        sp += 4;
        continue;
      }
      case STORE_TEMPORARY: {
        store32(tp - (load8(ip) << 2), load32(sp));
        ip++;
        continue;
      }
      case POP_INTO_LITERAL_VARIABLE: {
        storeSlot(load32(method + 12 + ((load8(ip) + (extendA << 8)) << 2)), 1, load32(sp));
        ip++;
        extendA = 0;
        sp += 4;
        continue;
      }
      case STORE_LITERAL_VARIABLE: {
        storeSlot(load32(method + 12 + ((load8(ip) + (extendA << 8)) << 2)), 1, load32(sp));
        ip++;
        extendA = 0;
        continue;
      }
      case STORE_REMOTE: {
        storeSlot(load32(tp - (load8(ip + 1) << 2)), load8(ip), load32(sp));
        ip += 2;
        continue;
      }
      case POP_INTO_REMOTE: {
        storeSlot(load32(tp - (load8(ip + 1) << 2)), load8(ip), load32(sp));
        ip += 2;
        sp += 4;
        continue;
      }
      case POP: {
        sp += 4;
        continue;
      }

      // --- Extensions, no-ops ---
      case EXTEND_A: {
        extendA = (extendA << 8) | load8(ip);
        ip++;
        continue;
      }
      case EXTEND_B: {
        const byte: i32 = load8(ip);
        if (load8(ip + 1) == JUMP_LONG && byte > 127 && extendB == 0 && ticks > loopSampleAt) {
          // The jump back at the end of a loop.
          spendTick();
          ip += load8(ip + 2) + ((byte - 256) << 8) + 3;
          continue;
        }
        extendB = extendB == 0 && byte > 127 ? byte - 256 : (extendB << 8) | byte;
        ip++;
        continue;
      }
      case NO_OPERATION:
        continue;
      case CALL_PRIMITIVE: {
        ip += 2;
        continue;
      }

      // --- Jumps ---
      case JUMP: case JUMP + 1: case JUMP + 2: case JUMP + 3:
      case JUMP + 4: case JUMP + 5: case JUMP + 6: case JUMP + 7: {
        ip += (bytecode & 7) + 1;
        continue;
      }
      case JUMP_LONG: {
        const distance: i32 = load8(ip) + (extendB << 8);
        extendB = 0;
        ip += distance + 1;
        if (distance >= 0) continue;
        if (countTick()) {
          saveRegisters(ip, sp, fp);
          const stop: i32 = atSafepoint();
          if (stop >= 0) return stop;
        } else {
          if (ticks > loopSampleAt) continue;
          planLoopSample();
          const translation: i32 = translationOfLoop(method, ip);
          if (translation == 0) continue;
          hostRunTranslation(translation, sp, fp, ip);
          const stop: i32 = atEndOfTranslation();
          if (stop >= 0) return stop;
        }
        clearAttention();
        ip = instructionPointer;
        sp = stackPointer;
        fp = framePointer;
        tp = load32(fp + FRAME_TEMPORARIES);
        method = load32(fp + FRAME_METHOD);
        continue;
      }
      case JUMP_FALSE: case JUMP_FALSE + 1: case JUMP_FALSE + 2: case JUMP_FALSE + 3:
      case JUMP_FALSE + 4: case JUMP_FALSE + 5: case JUMP_FALSE + 6: case JUMP_FALSE + 7: {
        const condition: i32 = load32(sp);
        if (condition == FALSE) ip += (bytecode & 7) + 1;
        else if (condition != TRUE) {
          ip--;
          selector = specialObjectAt(SPECIAL_MUST_BE_BOOLEAN);
          argumentCount = 0;
          break;
        }
        sp += 4;
        continue;
      }
      case JUMP_FALSE_LONG: {
        const condition: i32 = load32(sp);
        const distance: i32 = load8(ip) + (extendB << 8);
        if (condition == FALSE) ip += distance + 1;
        else if (condition == TRUE) ip++;
        else {
          ip -= extendB == 0 ? 1 : 3;
          extendB = 0;
          selector = specialObjectAt(SPECIAL_MUST_BE_BOOLEAN);
          argumentCount = 0;
          break;
        }
        extendB = 0;
        sp += 4;
        continue;
      }
      case JUMP_TRUE: case JUMP_TRUE + 1: case JUMP_TRUE + 2: case JUMP_TRUE + 3:
      case JUMP_TRUE + 4: case JUMP_TRUE + 5: case JUMP_TRUE + 6: case JUMP_TRUE + 7: {
        const condition: i32 = load32(sp);
        if (condition == TRUE) ip += (bytecode & 7) + 1;
        else if (condition != FALSE) {
          ip--;
          selector = specialObjectAt(SPECIAL_MUST_BE_BOOLEAN);
          argumentCount = 0;
          break;
        }
        sp += 4;
        continue;
      }
      case JUMP_TRUE_LONG: {
        const condition: i32 = load32(sp);
        const distance: i32 = load8(ip) + (extendB << 8);
        if (condition == TRUE) ip += distance + 1;
        else if (condition == FALSE) ip++;
        else {
          ip -= extendB == 0 ? 1 : 3;
          extendB = 0;
          selector = specialObjectAt(SPECIAL_MUST_BE_BOOLEAN);
          argumentCount = 0;
          break;
        }
        extendB = 0;
        sp += 4;
        continue;
      }

      // --- Returns ---
      case RETURN_RECEIVER:
      case RETURN_TRUE:
      case RETURN_FALSE:
      case RETURN_NIL:
      case RETURN_TOP:
      case BLOCK_RETURN_NIL:
      case BLOCK_RETURN_TOP: {
        let value: i32 = NIL;
        if (bytecode == RETURN_TOP || bytecode == BLOCK_RETURN_TOP) value = load32(sp);
        else if (bytecode == RETURN_RECEIVER) value = load32(tp + 4);
        else if (bytecode == RETURN_TRUE) value = TRUE;
        else if (bytecode == RETURN_FALSE) value = FALSE;
        const caller: i32 = load32(fp + FRAME_CALLER);
        if (bytecode <= RETURN_TOP && load32(fp + FRAME_CLOSURE) != 0) {
          saveRegisters(ip, sp, fp);
          returnFromHome(value);
        } else if (caller == 0) {
          saveRegisters(ip, sp, fp);
          returnFromFrame(value);
        } else {
          const context: i32 = load32(fp + FRAME_CONTEXT);
          if (context != 0) killContext(context);
          sp = tp + 4;
          store32(sp, value);
          ip = load32(fp + FRAME_CALLER_IP);
          fp = caller;
          tp = load32(fp + FRAME_TEMPORARIES);
          method = load32(fp + FRAME_METHOD);
          continue;
        }
        clearAttention();
        if (stopReason >= 0 || framePointer == 0) return stopReason >= 0 ? stopReason : STOP_IDLE;
        ip = instructionPointer;
        sp = stackPointer;
        fp = framePointer;
        tp = load32(fp + FRAME_TEMPORARIES);
        method = load32(fp + FRAME_METHOD);
        continue;
      }

      // --- Arithmetic: SmallInteger and Float answers without a send ---
      case SEND_ARITHMETIC + SELECTOR_PLUS: {
        const right: i32 = load32(sp);
        const left: i32 = load32(sp + 4);
        if ((left & right & 1) != 0) {
          const sum: i32 = (left + (right - 1)) | 0;
          if (((left ^ sum) & (right ^ sum)) >= 0) {
            sp += 4;
            store32(sp, sum);
            continue;
          }
        } else if (areFloats(left, right)) {
          const boxed: i32 = allocateFloat(floatValueOf(left) + floatValueOf(right));
          if (boxed != 0) {
            sp += 4;
            store32(sp, boxed);
            continue;
          }
        }
        selector = specialSelector(SELECTOR_PLUS);
        argumentCount = 1;
        break;
      }
      case SEND_ARITHMETIC + SELECTOR_MINUS: {
        const right: i32 = load32(sp);
        const left: i32 = load32(sp + 4);
        if ((left & right & 1) != 0) {
          const difference: i32 = (left - (right - 1)) | 0;
          if (((left ^ right) & (left ^ difference)) >= 0) {
            sp += 4;
            store32(sp, difference);
            continue;
          }
        } else if (areFloats(left, right)) {
          const boxed: i32 = allocateFloat(floatValueOf(left) - floatValueOf(right));
          if (boxed != 0) {
            sp += 4;
            store32(sp, boxed);
            continue;
          }
        }
        selector = specialSelector(SELECTOR_MINUS);
        argumentCount = 1;
        break;
      }
      case SEND_ARITHMETIC + SELECTOR_TIMES: {
        const right: i32 = load32(sp);
        const left: i32 = load32(sp + 4);
        if ((left & right & 1) != 0) {
          const product: f64 = f64(left >> 1) * f64(right >> 1);
          if (product >= f64(SMALL_INTEGER_MINIMUM) && product <= f64(SMALL_INTEGER_MAXIMUM)) {
            sp += 4;
            store32(sp, tagInteger(i32(product)));
            continue;
          }
        } else if (areFloats(left, right)) {
          const boxed: i32 = allocateFloat(floatValueOf(left) * floatValueOf(right));
          if (boxed != 0) {
            sp += 4;
            store32(sp, boxed);
            continue;
          }
        }
        selector = specialSelector(SELECTOR_TIMES);
        argumentCount = 1;
        break;
      }
      case SEND_ARITHMETIC + SELECTOR_DIVIDE: {
        const right: i32 = load32(sp);
        const left: i32 = load32(sp + 4);
        if ((left & right & 1) != 0) {
          if (right > 1 && (left >> 1) % (right >> 1) == 0) {
            sp += 4;
            store32(sp, tagInteger(((left >> 1) / (right >> 1)) | 0));
            continue;
          }
        } else if (areFloats(left, right) && floatValueOf(right) != 0.0) {
          const boxed: i32 = allocateFloat(floatValueOf(left) / floatValueOf(right));
          if (boxed != 0) {
            sp += 4;
            store32(sp, boxed);
            continue;
          }
        }
        selector = specialSelector(SELECTOR_DIVIDE);
        argumentCount = 1;
        break;
      }
      case SEND_ARITHMETIC + SELECTOR_MODULO: {
        const right: i32 = load32(sp);
        const left: i32 = load32(sp + 4);
        if ((left & right & 1) != 0 && right > 1) {
          const divisor: i32 = right >> 1;
          const remainder: i32 = (left >> 1) % divisor;
          sp += 4;
          store32(sp, tagInteger(remainder < 0 ? remainder + divisor : remainder));
          continue;
        }
        selector = specialSelector(SELECTOR_MODULO);
        argumentCount = 1;
        break;
      }
      case SEND_ARITHMETIC + SELECTOR_INTEGER_DIVIDE: {
        const right: i32 = load32(sp);
        const left: i32 = load32(sp + 4);
        if ((left & right & 1) != 0 && right > 1) {
          const dividend: i32 = left >> 1;
          const divisor: i32 = right >> 1;
          const quotient: i32 = (dividend / divisor) | 0;
          sp += 4;
          store32(sp, tagInteger(dividend < 0 && quotient * divisor != dividend ? quotient - 1 : quotient));
          continue;
        }
        selector = specialSelector(SELECTOR_INTEGER_DIVIDE);
        argumentCount = 1;
        break;
      }
      case SEND_ARITHMETIC + SELECTOR_BIT_AND: {
        const both: i32 = load32(sp) & load32(sp + 4);
        if ((both & 1) != 0) {
          sp += 4;
          store32(sp, both);
          continue;
        }
        selector = specialSelector(SELECTOR_BIT_AND);
        argumentCount = 1;
        break;
      }
      case SEND_ARITHMETIC + SELECTOR_BIT_OR: {
        const right: i32 = load32(sp);
        const left: i32 = load32(sp + 4);
        if ((left & right & 1) != 0) {
          sp += 4;
          store32(sp, left | right);
          continue;
        }
        selector = specialSelector(SELECTOR_BIT_OR);
        argumentCount = 1;
        break;
      }
      case SEND_ARITHMETIC + SELECTOR_BIT_SHIFT: {
        const right: i32 = load32(sp);
        const left: i32 = load32(sp + 4);
        if ((left & right & 1) != 0) {
          const value: i32 = left >> 1;
          const distance: i32 = right >> 1;
          if (distance <= 0) {
            sp += 4;
            store32(sp, tagInteger(distance < -31 ? value >> 31 : value >> -distance));
            continue;
          }
          if (distance < 31 && ((value << distance) << 1) >> 1 >> distance == value) {
            sp += 4;
            store32(sp, tagInteger(value << distance));
            continue;
          }
        }
        selector = specialSelector(SELECTOR_BIT_SHIFT);
        argumentCount = 1;
        break;
      }
      case SEND_ARITHMETIC + SELECTOR_LESS: {
        const right: i32 = load32(sp);
        const left: i32 = load32(sp + 4);
        let holds: boolean = false;
        if ((left & right & 1) != 0) holds = left < right;
        else if (areFloats(left, right)) holds = floatValueOf(left) < floatValueOf(right);
        else {
          selector = specialSelector(SELECTOR_LESS);
          argumentCount = 1;
          break;
        }
        const skipped: i32 = jumpAfter(ip, holds);
        ip += skipped;
        if (skipped != 0) sp += 8;
        else {
          sp += 4;
          store32(sp, booleanOop(holds));
        }
        continue;
      }
      case SEND_ARITHMETIC + SELECTOR_GREATER: {
        const right: i32 = load32(sp);
        const left: i32 = load32(sp + 4);
        let holds: boolean = false;
        if ((left & right & 1) != 0) holds = left > right;
        else if (areFloats(left, right)) holds = floatValueOf(left) > floatValueOf(right);
        else {
          selector = specialSelector(SELECTOR_GREATER);
          argumentCount = 1;
          break;
        }
        const skipped: i32 = jumpAfter(ip, holds);
        ip += skipped;
        if (skipped != 0) sp += 8;
        else {
          sp += 4;
          store32(sp, booleanOop(holds));
        }
        continue;
      }
      case SEND_ARITHMETIC + SELECTOR_LESS_OR_EQUAL: {
        const right: i32 = load32(sp);
        const left: i32 = load32(sp + 4);
        let holds: boolean = false;
        if ((left & right & 1) != 0) holds = left <= right;
        else if (areFloats(left, right)) holds = floatValueOf(left) <= floatValueOf(right);
        else {
          selector = specialSelector(SELECTOR_LESS_OR_EQUAL);
          argumentCount = 1;
          break;
        }
        const skipped: i32 = jumpAfter(ip, holds);
        ip += skipped;
        if (skipped != 0) sp += 8;
        else {
          sp += 4;
          store32(sp, booleanOop(holds));
        }
        continue;
      }
      case SEND_ARITHMETIC + SELECTOR_GREATER_OR_EQUAL: {
        const right: i32 = load32(sp);
        const left: i32 = load32(sp + 4);
        let holds: boolean = false;
        if ((left & right & 1) != 0) holds = left >= right;
        else if (areFloats(left, right)) holds = floatValueOf(left) >= floatValueOf(right);
        else {
          selector = specialSelector(SELECTOR_GREATER_OR_EQUAL);
          argumentCount = 1;
          break;
        }
        const skipped: i32 = jumpAfter(ip, holds);
        ip += skipped;
        if (skipped != 0) sp += 8;
        else {
          sp += 4;
          store32(sp, booleanOop(holds));
        }
        continue;
      }
      case SEND_ARITHMETIC + SELECTOR_EQUAL: {
        const right: i32 = load32(sp);
        const left: i32 = load32(sp + 4);
        let holds: boolean = false;
        if ((left & right & 1) != 0 || areCharacters(left, right)) holds = left == right;
        else if (areFloats(left, right)) holds = floatValueOf(left) == floatValueOf(right);
        else {
          selector = specialSelector(SELECTOR_EQUAL);
          argumentCount = 1;
          break;
        }
        const skipped: i32 = jumpAfter(ip, holds);
        ip += skipped;
        if (skipped != 0) sp += 8;
        else {
          sp += 4;
          store32(sp, booleanOop(holds));
        }
        continue;
      }
      case SEND_ARITHMETIC + SELECTOR_NOT_EQUAL: {
        const right: i32 = load32(sp);
        const left: i32 = load32(sp + 4);
        let holds: boolean = false;
        if ((left & right & 1) != 0 || areCharacters(left, right)) holds = left != right;
        else if (areFloats(left, right)) holds = floatValueOf(left) != floatValueOf(right);
        else {
          selector = specialSelector(SELECTOR_NOT_EQUAL);
          argumentCount = 1;
          break;
        }
        const skipped: i32 = jumpAfter(ip, holds);
        ip += skipped;
        if (skipped != 0) sp += 8;
        else {
          sp += 4;
          store32(sp, booleanOop(holds));
        }
        continue;
      }

      // --- Special selectors that are never sent ---
      case SEND_SPECIAL + SELECTOR_IDENTICAL - 16: {
        const holds: boolean = load32(sp) == load32(sp + 4);
        const skipped: i32 = jumpAfter(ip, holds);
        ip += skipped;
        if (skipped != 0) sp += 8;
        else {
          sp += 4;
          store32(sp, booleanOop(holds));
        }
        continue;
      }
      case SEND_SPECIAL + SELECTOR_NOT_IDENTICAL - 16: {
        const holds: boolean = load32(sp) != load32(sp + 4);
        const skipped: i32 = jumpAfter(ip, holds);
        ip += skipped;
        if (skipped != 0) sp += 8;
        else {
          sp += 4;
          store32(sp, booleanOop(holds));
        }
        continue;
      }

      case SEND_SPECIAL + SELECTOR_CLASS - 16: {
        store32(sp, classAt(classIndexOf(load32(sp))));
        continue;
      }

      // --- Special selectors with a fast answer for the usual classes ---
      case SEND_SPECIAL + SELECTOR_AT - 16: {
        const index: i32 = load32(sp);
        const receiver: i32 = load32(sp + 4);
        if ((receiver & 3) == 0 && (index & 1) != 0 && index > 1) {
          const kind: i32 = headerClassIndex(receiver);
          if (kind == ARRAY_CLASS_INDEX) {
            if (index >> 1 <= slotCountOf(receiver)) {
              sp += 4;
              store32(sp, load32(receiver + 4 + ((index >> 1) << 2)));
              continue;
            }
          } else if (kind == BYTE_STRING_CLASS_INDEX) {
            if (index >> 1 <= rawElementCount(receiver)) {
              sp += 4;
              store32(sp, (load8(receiver + 7 + (index >> 1)) << 2) | 2);
              continue;
            }
          } else if (kind == BYTE_ARRAY_CLASS_INDEX) {
            if (index >> 1 <= rawElementCount(receiver)) {
              sp += 4;
              store32(sp, tagInteger(load8(receiver + 7 + (index >> 1))));
              continue;
            }
          }
        }
        selector = specialSelector(SELECTOR_AT);
        argumentCount = 1;
        break;
      }
      case SEND_SPECIAL + SELECTOR_AT_PUT - 16: {
        const value: i32 = load32(sp);
        const index: i32 = load32(sp + 4);
        const receiver: i32 = load32(sp + 8);
        if ((receiver & 3) == 0 && (index & 1) != 0 && index > 1 && (load32(receiver) & IMMUTABLE_BIT) == 0) {
          const kind: i32 = headerClassIndex(receiver);
          if (kind == ARRAY_CLASS_INDEX) {
            if (index >> 1 <= slotCountOf(receiver)) {
              storeSlot(receiver, (index >> 1) - 1, value);
              sp += 8;
              store32(sp, value);
              continue;
            }
          } else if (kind == BYTE_STRING_CLASS_INDEX) {
            if (index >> 1 <= rawElementCount(receiver) && (value & 3) == 2 && value >>> 10 == 0) {
              store8(receiver + 7 + (index >> 1), value >>> 2);
              sp += 8;
              store32(sp, value);
              continue;
            }
          } else if (kind == BYTE_ARRAY_CLASS_INDEX) {
            if (index >> 1 <= rawElementCount(receiver) && (value & 1) != 0 && value >>> 9 == 0) {
              store8(receiver + 7 + (index >> 1), value >> 1);
              sp += 8;
              store32(sp, value);
              continue;
            }
          }
        }
        selector = specialSelector(SELECTOR_AT_PUT);
        argumentCount = 2;
        break;
      }
      case SEND_SPECIAL + SELECTOR_SIZE - 16: {
        const receiver: i32 = load32(sp);
        if ((receiver & 3) == 0) {
          const kind: i32 = headerClassIndex(receiver);
          if (kind == ARRAY_CLASS_INDEX) {
            store32(sp, tagInteger(slotCountOf(receiver)));
            continue;
          }
          if (kind == BYTE_STRING_CLASS_INDEX) {
            store32(sp, tagInteger(rawElementCount(receiver)));
            continue;
          }
        }
        selector = specialSelector(SELECTOR_SIZE);
        argumentCount = 0;
        break;
      }
      // --- Sends ---
      case SEND_0: case SEND_0 + 1: case SEND_0 + 2: case SEND_0 + 3:
      case SEND_0 + 4: case SEND_0 + 5: case SEND_0 + 6: case SEND_0 + 7:
      case SEND_0 + 8: case SEND_0 + 9: case SEND_0 + 10: case SEND_0 + 11:
      case SEND_0 + 12: case SEND_0 + 13: case SEND_0 + 14: case SEND_0 + 15: {
        selector = load32(method + 12 + ((bytecode & 15) << 2));
        argumentCount = 0;
        break;
      }
      case SEND_1: case SEND_1 + 1: case SEND_1 + 2: case SEND_1 + 3:
      case SEND_1 + 4: case SEND_1 + 5: case SEND_1 + 6: case SEND_1 + 7:
      case SEND_1 + 8: case SEND_1 + 9: case SEND_1 + 10: case SEND_1 + 11:
      case SEND_1 + 12: case SEND_1 + 13: case SEND_1 + 14: case SEND_1 + 15: {
        selector = load32(method + 12 + ((bytecode & 15) << 2));
        argumentCount = 1;
        break;
      }
      case SEND_2: case SEND_2 + 1: case SEND_2 + 2: case SEND_2 + 3:
      case SEND_2 + 4: case SEND_2 + 5: case SEND_2 + 6: case SEND_2 + 7:
      case SEND_2 + 8: case SEND_2 + 9: case SEND_2 + 10: case SEND_2 + 11:
      case SEND_2 + 12: case SEND_2 + 13: case SEND_2 + 14: case SEND_2 + 15: {
        selector = load32(method + 12 + ((bytecode & 15) << 2));
        argumentCount = 2;
        break;
      }
      case SEND:
      case SEND_SUPER: {
        const operand: i32 = load8(ip);
        selector = load32(method + 12 + (((operand >> 3) + (extendA << 5)) << 2));
        argumentCount = (operand & 7) + (extendB << 3);
        ip++;
        extendA = 0;
        extendB = 0;
        if (bytecode == SEND_SUPER) {
          lookupClass = superclassIndexOf(method);
        }
        break;
      }
      default: {
        if (bytecode >= SEND_ARITHMETIC && bytecode < SEND_0) {
          // The rest of the special selectors: @ and the stream, collection and point messages.
          selector = specialSelector(bytecode - SEND_ARITHMETIC);
          argumentCount = specialArgumentCount(bytecode - SEND_ARITHMETIC);
          break;
        }
        saveRegisters(ip, sp, fp);
        failFatally(FATAL_BAD_BYTECODE, bytecode);
        return STOP_FATAL;
      }
    }

    // --- The send: `selector` to the receiver under `argumentCount` operands ---
    let receiverAddress: i32 = sp + (argumentCount << 2);
    let classIndex: i32 = lookupClass;
    if (classIndex == 0) {
      const receiver: i32 = load32(receiverAddress);
      classIndex = (receiver & 3) == 0 ? load32(receiver) & CLASS_INDEX_MASK : classIndexOf(receiver);
    } else lookupClass = 0;
    let entry: i32 = cacheEntry(selector, classIndex);
    if (((load32(entry + CACHE_SELECTOR) ^ selector) | (load32(entry + CACHE_CLASS_INDEX) ^ classIndex)) != 0) {
      entry = findMethodEntry(selector, classIndex);
      if (entry == 0) {
        saveRegisters(ip, sp, fp);
        sendDoesNotUnderstand(selector, argumentCount, classIndex);
        if (fatalReason != 0) return STOP_FATAL;
        if (countTick()) {
          const stop: i32 = atSafepoint();
          if (stop >= 0) return stop;
        }
        clearAttention();
        ip = instructionPointer;
        sp = stackPointer;
        fp = framePointer;
        tp = load32(fp + FRAME_TEMPORARIES);
        method = load32(fp + FRAME_METHOD);
        continue;
      }
    }
    const primitive: i32 = load32(entry + CACHE_PRIMITIVE);
    if (primitive != 0) {
      if (primitive >= QUICK_RETURN_SELF) {
        if (primitive < QUICK_RETURN_FIRST_VARIABLE) {
          sp = receiverAddress;
          if (primitive != QUICK_RETURN_SELF) store32(sp, quickConstant(primitive));
          continue;
        }
        if (primitive < QUICK_RETURN_FIRST_VARIABLE + 256) {
          store32(sp, load32(load32(sp) + 8 + ((primitive - QUICK_RETURN_FIRST_VARIABLE) << 2)));
          continue;
        }
      } else if (
        primitive == CLOSURE_VALUE &&
        classIndex == BLOCK_CLOSURE_CLASS_INDEX &&
        closureTakes(load32(receiverAddress), argumentCount)
      ) {
        // The callee of most loops: no call, no registers saved.
        if (sp < stackLimit) {
          saveRegisters(ip, sp, fp);
          makeRoomForFrame(argumentCount);
          ip = instructionPointer;
          sp = stackPointer;
          fp = framePointer;
          receiverAddress = sp + (argumentCount << 2);
        }
        fp = pushClosureFrame(load32(receiverAddress), argumentCount, ip, sp, fp);
        sp = fp;
        tp = load32(fp + FRAME_TEMPORARIES);
        method = load32(fp + FRAME_METHOD);
        ip = method + 12 + (((load32(method + 8) >> 1) & METHOD_LITERAL_COUNT_MASK) << 2);
        if (!countTick()) continue;
        saveRegisters(ip, sp, fp);
        const stop: i32 = atSafepoint();
        if (stop >= 0) return stop;
        clearAttention();
        ip = instructionPointer;
        sp = stackPointer;
        fp = framePointer;
        tp = load32(fp + FRAME_TEMPORARIES);
        method = load32(fp + FRAME_METHOD);
        continue;
      }
      saveRegisters(ip, sp, fp);
      if (runPrimitive(primitive, argumentCount, classIndex)) {
        if (attention) {
          clearAttention();
          if (stopReason >= 0 || framePointer == 0) return stopReason >= 0 ? stopReason : STOP_IDLE;
          if (countTick()) {
            const stop: i32 = atSafepoint();
            if (stop >= 0) return stop;
          }
          ip = instructionPointer;
          fp = framePointer;
          tp = load32(fp + FRAME_TEMPORARIES);
          method = load32(fp + FRAME_METHOD);
        }
        sp = stackPointer;
        continue;
      }
    }
    let translation: i32 = load32(entry + CACHE_TRANSLATION);
    if (translation != 0) {
      if (translation < 0) {
        store32(entry + CACHE_TRANSLATION, translation + 1);
        if (translation == -1) translation = translateHotMethod(entry);
      }
      if (translation > 0) {
        const value: i32 = hostRunTranslation(translation, sp, fp, ip);
        if (value != 0) {
          sp = receiverAddress;
          store32(sp, value);
          continue;
        }
        if (ticks >= 0) countLeaving(entry, translation);
        const stop: i32 = atEndOfTranslation();
        if (stop >= 0) return stop;
        clearAttention();
        ip = instructionPointer;
        sp = stackPointer;
        fp = framePointer;
        tp = load32(fp + FRAME_TEMPORARIES);
        method = load32(fp + FRAME_METHOD);
        continue;
      }
    }
    if (sp < stackLimit) {
      saveRegisters(ip, sp, fp);
      makeRoomForFrame(argumentCount);
      ip = instructionPointer;
      sp = stackPointer;
      fp = framePointer;
      receiverAddress = sp + (argumentCount << 2);
    }
    tp = receiverAddress - 4;
    let extra: i32 = load32(entry + CACHE_EXTRA_TEMPORARIES);
    while (extra > 0) {
      sp -= 4;
      store32(sp, NIL);
      extra--;
    }
    method = load32(entry + CACHE_METHOD);
    sp -= FRAME_HEADER_SIZE;
    store32(sp + FRAME_CALLER_IP, ip);
    store32(sp + FRAME_CALLER, fp);
    store32(sp + FRAME_METHOD, method);
    store32(sp + FRAME_TEMPORARIES, tp);
    store32(sp + FRAME_CLOSURE, 0);
    store32(sp + FRAME_CONTEXT, 0);
    fp = sp;
    ip = load32(entry + CACHE_BYTECODE);
    if (countTick()) {
      saveRegisters(ip, sp, fp);
      const stop: i32 = atSafepoint();
      if (stop >= 0) return stop;
      clearAttention();
      ip = instructionPointer;
      sp = stackPointer;
      fp = framePointer;
      tp = load32(fp + FRAME_TEMPORARIES);
      method = load32(fp + FRAME_METHOD);
    }
  }
}

/** Arguments of the special selectors that have no case of their own: @ next nextPut: atEnd value value: do: new new: x y. */
function specialArgumentCount(index: i32): i32 {
  switch (index) {
    case SELECTOR_MAKE_POINT:
    case SELECTOR_NEXT_PUT:
    case SELECTOR_VALUE_1:
    case SELECTOR_DO:
    case SELECTOR_NEW_1:
      return 1;
    default:
      return 0;
  }
}

