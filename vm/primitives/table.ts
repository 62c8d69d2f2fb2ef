// From primitive number to function: the one switch. A primitive answers true when it has replaced receiver and arguments
// by its answer, false when it has failed and left them as they were.

import {
  AT,
  AT_PUT,
  CLOSURE_AS_CONTEXT,
  CLOSURE_VALUE,
  CLOSURE_VALUE_UNINTERRUPTED,
  CLOSURE_VALUE_WITH_ARGUMENTS,
  CONSTANT_FILL,
  CONTEXT_AT,
  CONTEXT_AT_PUT,
  CONTEXT_GET_PC,
  CONTEXT_GET_SENDER,
  CONTEXT_GET_STACK_POINTER,
  CONTEXT_IS_DEAD,
  CONTEXT_JUMP,
  CONTEXT_NEW,
  CONTEXT_RETURN_TO,
  CONTEXT_SET_PC,
  CONTEXT_SET_SENDER,
  CONTEXT_SIZE,
  CONTEXT_STACK_POINTER_PUT,
  EXECUTE_METHOD,
  FIND_NEXT_HANDLER,
  FIND_NEXT_UNWIND,
  FLOAT_ADD,
  FLOAT_ARC_COSINE,
  FLOAT_ARC_SINE,
  FLOAT_ARC_TANGENT,
  FLOAT_ARC_TANGENT_2,
  FLOAT_AT,
  FLOAT_AT_PUT,
  FLOAT_COSINE,
  FLOAT_DIVIDE,
  FLOAT_EQUAL,
  FLOAT_EXP,
  FLOAT_EXPONENT,
  FLOAT_FRACTION_PART,
  FLOAT_FROM_BITS,
  FLOAT_GREATER,
  FLOAT_GREATER_OR_EQUAL,
  FLOAT_LESS,
  FLOAT_LESS_OR_EQUAL,
  FLOAT_LN,
  FLOAT_LOG_10,
  FLOAT_LOG_2,
  FLOAT_MULTIPLY,
  FLOAT_NOT_EQUAL,
  FLOAT_POWER,
  FLOAT_SINE,
  FLOAT_SQUARE_ROOT,
  FLOAT_SUBTRACT,
  FLOAT_TANGENT,
  FLOAT_TIMES_TWO_POWER,
  FLOAT_TRUNCATED,
  FLUSH_METHOD_CACHE,
  FLUSH_METHOD_CACHE_BY_METHOD,
  FLUSH_METHOD_CACHE_BY_SELECTOR,
  HASH_MULTIPLY,
  INTEGER_ADD,
  INTEGER_AS_FLOAT,
  INTEGER_BIT_AND,
  INTEGER_BIT_LENGTH,
  INTEGER_BIT_OR,
  INTEGER_BIT_SHIFT,
  INTEGER_BIT_XOR,
  INTEGER_DIVIDE,
  INTEGER_DIV_REM,
  INTEGER_EQUAL,
  INTEGER_FLOOR_DIVIDE,
  INTEGER_GREATER,
  INTEGER_GREATER_OR_EQUAL,
  INTEGER_LESS,
  INTEGER_LESS_OR_EQUAL,
  INTEGER_MODULO,
  INTEGER_MULTIPLY,
  INTEGER_NOT_EQUAL,
  INTEGER_PRINT_RADIX,
  INTEGER_QUOTIENT,
  INTEGER_REMAINDER,
  INTEGER_SUBTRACT,
  IS_IMMUTABLE,
  MAKE_POINT,
  METHOD_LOOKUP,
  MUTEX_ENTER,
  MUTEX_EXIT,
  MUTEX_TEST_AND_SET,
  PERFORM,
  PERFORM_IN_SUPERCLASS,
  PERFORM_WITH_ARGUMENTS,
  PROCESS_RESUME,
  PROCESS_STACK_DEPTH,
  PROCESS_SUSPEND,
  PROCESS_YIELD,
  QUIT,
  RELINQUISH,
  REPLACE_FROM_TO,
  SEMAPHORE_SIGNAL,
  SEMAPHORE_WAIT,
  SIGNAL_AT_MICROSECONDS,
  SIZE,
  SMALL_INTEGER_ADD,
  SMALL_INTEGER_AS_FLOAT,
  SMALL_INTEGER_BIT_AND,
  SMALL_INTEGER_BIT_OR,
  SMALL_INTEGER_BIT_SHIFT,
  SMALL_INTEGER_BIT_XOR,
  SMALL_INTEGER_DIVIDE,
  SMALL_INTEGER_EQUAL,
  SMALL_INTEGER_FLOOR_DIVIDE,
  SMALL_INTEGER_GREATER,
  SMALL_INTEGER_GREATER_OR_EQUAL,
  SMALL_INTEGER_LESS,
  SMALL_INTEGER_LESS_OR_EQUAL,
  SMALL_INTEGER_MODULO,
  SMALL_INTEGER_MULTIPLY,
  SMALL_INTEGER_NOT_EQUAL,
  SMALL_INTEGER_QUOTIENT,
  SMALL_INTEGER_REMAINDER,
  SMALL_INTEGER_SUBTRACT,
  SNAPSHOT,
  STRING_AT,
  STRING_AT_PUT,
  TERMINATE_TO,
} from "../primitiveNumbers.ts";
import {
  at,
  atPut,
  constantFill,
  isImmutable,
  replaceFromTo,
  size,
  stringAt,
  stringAtPut,
} from "./arrays.ts";
import {
  closureAsContextWithSender,
  contextAt,
  contextAtPut,
  contextGetPc,
  contextGetSender,
  contextGetStackPointer,
  contextIsDead,
  contextJump,
  contextNew,
  contextReturnTo,
  contextSetPc,
  contextSetSender,
  contextStackPointerPut,
  findNextHandler,
  findNextUnwind,
  methodLookup,
  processStackDepth,
  terminateTo,
} from "./contexts.ts";
import {
  closureValue,
  closureValueWithArguments,
  executeMethodWithArguments,
  flushCache,
  mutexEnter,
  mutexExit,
  mutexTestAndSet,
  perform,
  performInSuperclass,
  performWithArguments,
  processResume,
  processSuspend,
  processYield,
  quit,
  relinquish,
  semaphoreSignal,
  semaphoreWait,
  signalAtMicroseconds,
  snapshot,
} from "./control.ts";
import {
  floatAdd,
  floatArcCosine,
  floatArcSine,
  floatArcTangent,
  floatArcTangent2,
  floatAt,
  floatAtPut,
  floatCosine,
  floatDivide,
  floatEqual,
  floatExp,
  floatExponent,
  floatFractionPart,
  floatFromBits,
  floatGreater,
  floatGreaterOrEqual,
  floatLess,
  floatLessOrEqual,
  floatLn,
  floatLog10,
  floatLog2,
  floatMultiply,
  floatNotEqual,
  floatPower,
  floatSine,
  floatSquareRoot,
  floatSubtract,
  floatTangent,
  floatTimesTwoPower,
  floatTruncated,
  smallIntegerAsFloat,
} from "./float.ts";
import {
  integerAdd,
  integerAsFloat,
  integerBitAnd,
  integerBitLength,
  integerBitOr,
  integerBitShift,
  integerBitXor,
  integerDivRem,
  integerDivide,
  integerEqual,
  integerFloorDivide,
  integerGreater,
  integerGreaterOrEqual,
  integerLess,
  integerLessOrEqual,
  integerModulo,
  integerMultiply,
  integerNotEqual,
  integerPrintRadix,
  integerQuotient,
  integerRemainder,
  integerSubtract,
} from "./largeInteger.ts";
import {
  hashMultiply,
  makePoint,
  smallIntegerAdd,
  smallIntegerBitAnd,
  smallIntegerBitOr,
  smallIntegerBitShift,
  smallIntegerBitXor,
  smallIntegerDivide,
  smallIntegerEqual,
  smallIntegerFloorDivide,
  smallIntegerGreater,
  smallIntegerGreaterOrEqual,
  smallIntegerLess,
  smallIntegerLessOrEqual,
  smallIntegerModulo,
  smallIntegerMultiply,
  smallIntegerNotEqual,
  smallIntegerQuotient,
  smallIntegerRemainder,
  smallIntegerSubtract,
} from "./smallInteger.ts";

/** Runs primitive `number` on the stack; `argumentCount` is that of the send. */
export function callPrimitive(number: i32, argumentCount: i32): boolean {
  switch (number) {
    case SMALL_INTEGER_ADD:
      return smallIntegerAdd();
    case SMALL_INTEGER_SUBTRACT:
      return smallIntegerSubtract();
    case SMALL_INTEGER_LESS:
      return smallIntegerLess();
    case SMALL_INTEGER_GREATER:
      return smallIntegerGreater();
    case SMALL_INTEGER_LESS_OR_EQUAL:
      return smallIntegerLessOrEqual();
    case SMALL_INTEGER_GREATER_OR_EQUAL:
      return smallIntegerGreaterOrEqual();
    case SMALL_INTEGER_EQUAL:
      return smallIntegerEqual();
    case SMALL_INTEGER_NOT_EQUAL:
      return smallIntegerNotEqual();
    case SMALL_INTEGER_MULTIPLY:
      return smallIntegerMultiply();
    case SMALL_INTEGER_DIVIDE:
      return smallIntegerDivide();
    case SMALL_INTEGER_MODULO:
      return smallIntegerModulo();
    case SMALL_INTEGER_FLOOR_DIVIDE:
      return smallIntegerFloorDivide();
    case SMALL_INTEGER_QUOTIENT:
      return smallIntegerQuotient();
    case SMALL_INTEGER_BIT_AND:
      return smallIntegerBitAnd();
    case SMALL_INTEGER_BIT_OR:
      return smallIntegerBitOr();
    case SMALL_INTEGER_BIT_XOR:
      return smallIntegerBitXor();
    case SMALL_INTEGER_BIT_SHIFT:
      return smallIntegerBitShift();
    case MAKE_POINT:
      return makePoint();
    case SMALL_INTEGER_REMAINDER:
      return smallIntegerRemainder();
    case INTEGER_ADD:
      return integerAdd();
    case INTEGER_SUBTRACT:
      return integerSubtract();
    case INTEGER_LESS:
      return integerLess();
    case INTEGER_GREATER:
      return integerGreater();
    case INTEGER_LESS_OR_EQUAL:
      return integerLessOrEqual();
    case INTEGER_GREATER_OR_EQUAL:
      return integerGreaterOrEqual();
    case INTEGER_EQUAL:
      return integerEqual();
    case INTEGER_NOT_EQUAL:
      return integerNotEqual();
    case INTEGER_MULTIPLY:
      return integerMultiply();
    case INTEGER_DIVIDE:
      return integerDivide();
    case INTEGER_MODULO:
      return integerModulo();
    case INTEGER_FLOOR_DIVIDE:
      return integerFloorDivide();
    case INTEGER_QUOTIENT:
      return integerQuotient();
    case INTEGER_BIT_AND:
      return integerBitAnd();
    case INTEGER_BIT_OR:
      return integerBitOr();
    case INTEGER_BIT_XOR:
      return integerBitXor();
    case INTEGER_BIT_SHIFT:
      return integerBitShift();
    case FLOAT_AT:
      return floatAt();
    case FLOAT_AT_PUT:
      return floatAtPut();
    case SMALL_INTEGER_AS_FLOAT:
      return smallIntegerAsFloat();
    case FLOAT_ADD:
      return floatAdd();
    case FLOAT_SUBTRACT:
      return floatSubtract();
    case FLOAT_LESS:
      return floatLess();
    case FLOAT_GREATER:
      return floatGreater();
    case FLOAT_LESS_OR_EQUAL:
      return floatLessOrEqual();
    case FLOAT_GREATER_OR_EQUAL:
      return floatGreaterOrEqual();
    case FLOAT_EQUAL:
      return floatEqual();
    case FLOAT_NOT_EQUAL:
      return floatNotEqual();
    case FLOAT_MULTIPLY:
      return floatMultiply();
    case FLOAT_DIVIDE:
      return floatDivide();
    case FLOAT_TRUNCATED:
      return floatTruncated();
    case FLOAT_FRACTION_PART:
      return floatFractionPart();
    case FLOAT_EXPONENT:
      return floatExponent();
    case FLOAT_TIMES_TWO_POWER:
      return floatTimesTwoPower();
    case FLOAT_SQUARE_ROOT:
      return floatSquareRoot();
    case FLOAT_SINE:
      return floatSine();
    case FLOAT_ARC_TANGENT:
      return floatArcTangent();
    case FLOAT_LN:
      return floatLn();
    case FLOAT_EXP:
      return floatExp();
    case AT:
      return at();
    case AT_PUT:
      return atPut();
    case SIZE:
      return size();
    case STRING_AT:
      return stringAt();
    case STRING_AT_PUT:
      return stringAtPut();
    case CONTEXT_STACK_POINTER_PUT:
      return contextStackPointerPut();
    case PERFORM:
      return perform(argumentCount);
    case PERFORM_WITH_ARGUMENTS:
      return performWithArguments();
    case SEMAPHORE_SIGNAL:
      return semaphoreSignal();
    case SEMAPHORE_WAIT:
      return semaphoreWait();
    case PROCESS_RESUME:
      return processResume();
    case PROCESS_SUSPEND:
      return processSuspend();
    case FLUSH_METHOD_CACHE:
      return flushCache();
    case PERFORM_IN_SUPERCLASS:
      return performInSuperclass();
    case SNAPSHOT:
      return snapshot();
    case REPLACE_FROM_TO:
      return replaceFromTo();
    case QUIT:
      return quit();
    case FLUSH_METHOD_CACHE_BY_METHOD:
    case FLUSH_METHOD_CACHE_BY_SELECTOR:
      return flushCache();
    case CONSTANT_FILL:
      return constantFill();
    case HASH_MULTIPLY:
      return hashMultiply();
    case PROCESS_YIELD:
      return processYield();
    case MUTEX_EXIT:
      return mutexExit();
    case MUTEX_ENTER:
      return mutexEnter(argumentCount);
    case MUTEX_TEST_AND_SET:
      return mutexTestAndSet();
    case EXECUTE_METHOD:
      return executeMethodWithArguments();
    case FIND_NEXT_UNWIND:
      return findNextUnwind();
    case TERMINATE_TO:
      return terminateTo();
    case FIND_NEXT_HANDLER:
      return findNextHandler();
    case CLOSURE_VALUE:
      return closureValue(argumentCount);
    case CLOSURE_VALUE_WITH_ARGUMENTS:
      return closureValueWithArguments();
    case CLOSURE_VALUE_UNINTERRUPTED:
      return closureValue(argumentCount);
    case CONTEXT_AT:
      return contextAt();
    case CONTEXT_AT_PUT:
      return contextAtPut();
    case CONTEXT_SIZE:
      return contextGetStackPointer();
    case RELINQUISH:
      return relinquish(argumentCount);
    case SIGNAL_AT_MICROSECONDS:
      return signalAtMicroseconds();
    case CONTEXT_GET_SENDER:
      return contextGetSender();
    case CONTEXT_SET_SENDER:
      return contextSetSender();
    case CONTEXT_GET_PC:
      return contextGetPc();
    case CONTEXT_SET_PC:
      return contextSetPc();
    case CONTEXT_GET_STACK_POINTER:
      return contextGetStackPointer();
    case CONTEXT_JUMP:
      return contextJump();
    case CONTEXT_RETURN_TO:
      return contextReturnTo();
    case CLOSURE_AS_CONTEXT:
      return closureAsContextWithSender();
    case CONTEXT_NEW:
      return contextNew();
    case CONTEXT_IS_DEAD:
      return contextIsDead();
    case METHOD_LOOKUP:
      return methodLookup();
    case PROCESS_STACK_DEPTH:
      return processStackDepth();
    case IS_IMMUTABLE:
      return isImmutable(argumentCount);
    case FLOAT_COSINE:
      return floatCosine();
    case FLOAT_TANGENT:
      return floatTangent();
    case FLOAT_ARC_SINE:
      return floatArcSine();
    case FLOAT_ARC_COSINE:
      return floatArcCosine();
    case FLOAT_ARC_TANGENT_2:
      return floatArcTangent2();
    case FLOAT_POWER:
      return floatPower();
    case FLOAT_LOG_10:
      return floatLog10();
    case FLOAT_LOG_2:
      return floatLog2();
    case INTEGER_AS_FLOAT:
      return integerAsFloat();
    case FLOAT_FROM_BITS:
      return floatFromBits();
    case INTEGER_REMAINDER:
      return integerRemainder();
    case INTEGER_BIT_LENGTH:
      return integerBitLength();
    case INTEGER_DIV_REM:
      return integerDivRem();
    case INTEGER_PRINT_RADIX:
      return integerPrintRadix();
    default:
      return false;
  }
}
