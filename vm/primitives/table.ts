// From primitive number to function: the one switch. A primitive answers true when it has replaced receiver and arguments
// by its answer, false when it has failed and left them as they were.

import {
  ADD_ENTROPY,
  ADOPT_INSTANCE,
  ALL_INSTANCES,
  ALL_OBJECTS,
  AT,
  AT_PUT,
  BARRIER,
  BECOME,
  BECOME_ONE_WAY,
  BYTE_SIZE_OF_INSTANCE,
  BYTES_COMPARE,
  BYTES_CRC32,
  BYTES_EQUAL,
  BYTES_FIND,
  BYTES_HASH,
  BYTES_INDEX_OF,
  BYTES_LEFT,
  BYTES_UTF8_DECODE,
  BYTES_UTF8_ENCODE,
  CHANGE_CLASS,
  CHARACTER_AS_INTEGER,
  CHARACTER_VALUE,
  CLASS,
  CLASS_AT_INDEX,
  CLASS_IDENTITY_HASH,
  CLOSURE_AS_CONTEXT,
  CLOSURE_VALUE,
  CLOSURE_VALUE_UNINTERRUPTED,
  CLOSURE_VALUE_WITH_ARGUMENTS,
  COMPARE_PHYSICAL,
  CONNECT_INTERRUPT,
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
  FETCH_MOURNER,
  FIND_NEXT_HANDLER,
  FIND_NEXT_UNWIND,
  FINISH_INTERRUPT,
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
  FLOAT_LOG_2,
  FLOAT_LOG_10,
  FLOAT_MULTIPLY,
  FLOAT_NOT_EQUAL,
  FLOAT_POWER,
  FLOAT_SHORTEST_DIGITS,
  FLOAT_SINE,
  FLOAT_SQUARE_ROOT,
  FLOAT_SUBTRACT,
  FLOAT_TANGENT,
  FLOAT_TIMES_TWO_POWER,
  FLOAT_TRUNCATED,
  FLUSH_METHOD_CACHE,
  FLUSH_METHOD_CACHE_BY_METHOD,
  FLUSH_METHOD_CACHE_BY_SELECTOR,
  FORWARD_IDENTITY_COPY_HASH,
  FULL_COLLECT,
  HASH_MULTIPLY,
  HOST_READ,
  HOST_WRITE,
  HYPERCALL,
  IDENTICAL,
  IDENTITY_HASH,
  INSTANCE_VARIABLE_AT,
  INSTANCE_VARIABLE_AT_PUT,
  INTEGER_ADD,
  INTEGER_AS_FLOAT,
  INTEGER_BIT_AND,
  INTEGER_BIT_LENGTH,
  INTEGER_BIT_OR,
  INTEGER_BIT_SHIFT,
  INTEGER_BIT_XOR,
  INTEGER_DIV_REM,
  INTEGER_DIVIDE,
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
  IS_PINNED,
  LOAD_PHYSICAL,
  LOW_SPACE_SEMAPHORE,
  MAKE_POINT,
  MEMORY_LIMIT_PUT,
  METHOD_LOOKUP,
  MILLISECOND_CLOCK,
  MONOTONIC_MICROSECONDS,
  MUTEX_ENTER,
  MUTEX_EXIT,
  MUTEX_TEST_AND_SET,
  NEW,
  NEW_METHOD,
  NEW_WITH_SIZE,
  NEXT_INSTANCE,
  NEXT_OBJECT,
  NOT_IDENTICAL,
  OBJECT_AT,
  OBJECT_AT_PUT,
  OBJECT_POINTS_TO,
  OUTERMOST_RUNNING_UNWIND,
  PERFORM,
  PERFORM_IN_SUPERCLASS,
  PERFORM_WITH_ARGUMENTS,
  PHYSICAL_ADDRESS,
  PLATFORM_TEXT,
  POWER_OFF,
  PROCESS_RESUME,
  PROCESS_STACK_DEPTH,
  PROCESS_SUSPEND,
  PROCESS_YIELD,
  QUIT,
  RANDOM_BYTES,
  READ_PHYSICAL,
  READ_PORT,
  REBOOT,
  RELINQUISH,
  REPLACE_FROM_TO,
  SCAVENGE,
  SEMAPHORE_SIGNAL,
  SEMAPHORE_WAIT,
  SET_IMMUTABLE,
  SET_PINNED,
  SHALLOW_COPY,
  SHRINK_MEMORY,
  SIGNAL_AT_BYTES_LEFT,
  SIGNAL_AT_MICROSECONDS,
  SIZE,
  SLOT_AT,
  SLOT_AT_PUT,
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
  SOME_INSTANCE,
  SOME_OBJECT,
  SPECIAL_OBJECTS,
  STORE_PHYSICAL,
  STRING_AT,
  STRING_AT_PUT,
  TERMINATE_TO,
  TIME_ZONE_MINUTES,
  UTC_MICROSECONDS,
  VERIFY_HEAP,
  VM_PARAMETER,
  WRITE_PHYSICAL,
  WRITE_PORT,
  WRITE_PORT_BYTES,
} from "../primitiveNumbers.ts";
import { at, atPut, constantFill, replaceFromTo, size, stringAt, stringAtPut } from "./arrays.ts";
import {
  bytesCompare,
  bytesCrc32,
  bytesEqual,
  bytesFind,
  bytesHash,
  bytesIndexOf,
  bytesUtf8Decode,
  bytesUtf8Encode,
} from "./bytes.ts";
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
  findOutermostRunningUnwind,
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
  floatLog2,
  floatLog10,
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
import { floatShortestDigits } from "./floatDigits.ts";
import {
  addEntropy,
  barrier,
  comparePhysical,
  connectInterrupt,
  finishInterrupt,
  hypercall,
  loadPhysical,
  physicalAddress,
  platformText,
  powerOff,
  readPhysical,
  readPort,
  reboot,
  storePhysical,
  writePhysical,
  writePort,
  writePortBytes,
} from "./hardware.ts";
import { hostReadBytes, hostWriteBytes } from "./hostStreams.ts";
import {
  integerAdd,
  integerAsFloat,
  integerBitAnd,
  integerBitLength,
  integerBitOr,
  integerBitShift,
  integerBitXor,
  integerDivide,
  integerDivRem,
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
  adoptInstance,
  answerAllInstances,
  answerAllObjects,
  basicNew,
  basicNewWithSize,
  become,
  becomeOneWayCopyingHash,
  byteSizeOfInstance,
  changeClass,
  characterAsInteger,
  characterValue,
  classAtIndex,
  classIdentityHash,
  classOfObject,
  fetchMourner,
  forwardIdentityCopyHash,
  identical,
  identityHash,
  instanceVariableAt,
  instanceVariableAtPut,
  isImmutable,
  isPinned,
  newMethod,
  nextInstance,
  nextObject,
  notIdentical,
  objectAt,
  objectAtPut,
  objectPointsTo,
  setImmutable,
  setPinned,
  shallowCopy,
  someInstance,
  someObject,
} from "./objects.ts";
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
import {
  answerBytesLeft,
  answerSpecialObjects,
  collectEverything,
  collectNewSpace,
  lowSpaceSemaphore,
  memoryLimitPut,
  millisecondClock,
  monotonicMicroseconds,
  randomBytes,
  shrinkMemory,
  signalAtBytesLeft,
  timeZoneMinutes,
  utcMicroseconds,
  verifyHeapPrimitive,
  vmParameter,
} from "./system.ts";

/** The numbers from here on are this machine's own. */
const FIRST_OWN_NUMBER: i32 = 600;

/**
 * Runs primitive `number` on the stack; `argumentCount` is that of the send. The numbers are in two ranges: a switch becomes
 * a jump table only when it fills a third of its range, and a chain of comparisons otherwise.
 */
export function callPrimitive(number: i32, argumentCount: i32): boolean {
  return number < FIRST_OWN_NUMBER ? callClassicPrimitive(number, argumentCount) : callOwnPrimitive(number);
}

function callClassicPrimitive(number: i32, argumentCount: i32): boolean {
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
    case OBJECT_AT:
      return objectAt();
    case OBJECT_AT_PUT:
      return objectAtPut();
    case NEW:
      return basicNew(argumentCount);
    case NEW_WITH_SIZE:
      return basicNewWithSize(argumentCount);
    case BECOME_ONE_WAY:
      return becomeOneWayCopyingHash();
    case INSTANCE_VARIABLE_AT:
      return instanceVariableAt();
    case INSTANCE_VARIABLE_AT_PUT:
      return instanceVariableAtPut();
    case IDENTITY_HASH:
      return identityHash();
    case CONTEXT_STACK_POINTER_PUT:
      return contextStackPointerPut();
    case SOME_INSTANCE:
      return someInstance();
    case NEXT_INSTANCE:
      return nextInstance();
    case NEW_METHOD:
      return newMethod();
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
    case SNAPSHOT:
      return snapshot();
    case PERFORM_IN_SUPERCLASS:
      return performInSuperclass();
    case REPLACE_FROM_TO:
      return replaceFromTo();
    case IDENTICAL:
      return identical();
    case CLASS:
      return classOfObject(argumentCount);
    case BYTES_LEFT:
      return answerBytesLeft();
    case QUIT:
      return quit();
    case CHANGE_CLASS:
      return changeClass();
    case FLUSH_METHOD_CACHE_BY_METHOD:
      return flushCache();
    case FLUSH_METHOD_CACHE_BY_SELECTOR:
      return flushCache();
    case LOW_SPACE_SEMAPHORE:
      return lowSpaceSemaphore();
    case SIGNAL_AT_BYTES_LEFT:
      return signalAtBytesLeft();
    case BECOME:
      return become();
    case SPECIAL_OBJECTS:
      return answerSpecialObjects();
    case FULL_COLLECT:
      return collectEverything();
    case SCAVENGE:
      return collectNewSpace();
    case OBJECT_POINTS_TO:
      return objectPointsTo();
    case MILLISECOND_CLOCK:
      return millisecondClock();
    case SOME_OBJECT:
      return someObject();
    case NEXT_OBJECT:
      return nextObject();
    case CONSTANT_FILL:
      return constantFill();
    case SHALLOW_COPY:
      return shallowCopy(argumentCount);
    case HASH_MULTIPLY:
      return hashMultiply();
    case ADOPT_INSTANCE:
      return adoptInstance();
    case PROCESS_YIELD:
      return processYield();
    case NOT_IDENTICAL:
      return notIdentical();
    case CHARACTER_VALUE:
      return characterValue();
    case CHARACTER_AS_INTEGER:
      return characterAsInteger();
    case FETCH_MOURNER:
      return fetchMourner();
    case SLOT_AT:
      return instanceVariableAt();
    case SLOT_AT_PUT:
      return instanceVariableAtPut();
    case CLASS_IDENTITY_HASH:
      return classIdentityHash();
    case ALL_INSTANCES:
      return answerAllInstances(argumentCount);
    case ALL_OBJECTS:
      return answerAllObjects();
    case BYTE_SIZE_OF_INSTANCE:
      return byteSizeOfInstance();
    case IS_PINNED:
      return isPinned();
    case SET_PINNED:
      return setPinned();
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
    case UTC_MICROSECONDS:
      return utcMicroseconds();
    case SIGNAL_AT_MICROSECONDS:
      return signalAtMicroseconds();
    case FORWARD_IDENTITY_COPY_HASH:
      return forwardIdentityCopyHash();
    case VM_PARAMETER:
      return vmParameter();
    default:
      return false;
  }
}

function callOwnPrimitive(number: i32): boolean {
  switch (number) {
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
    case MONOTONIC_MICROSECONDS:
      return monotonicMicroseconds();
    case CONTEXT_IS_DEAD:
      return contextIsDead();
    case METHOD_LOOKUP:
      return methodLookup();
    case OUTERMOST_RUNNING_UNWIND:
      return findOutermostRunningUnwind();
    case PROCESS_STACK_DEPTH:
      return processStackDepth();
    case CLASS_AT_INDEX:
      return classAtIndex();
    case VERIFY_HEAP:
      return verifyHeapPrimitive();
    case MEMORY_LIMIT_PUT:
      return memoryLimitPut();
    case RANDOM_BYTES:
      return randomBytes();
    case TIME_ZONE_MINUTES:
      return timeZoneMinutes();
    case SET_IMMUTABLE:
      return setImmutable();
    case IS_IMMUTABLE:
      return isImmutable();
    case SHRINK_MEMORY:
      return shrinkMemory();
    case BYTES_COMPARE:
      return bytesCompare();
    case BYTES_EQUAL:
      return bytesEqual();
    case BYTES_HASH:
      return bytesHash();
    case BYTES_INDEX_OF:
      return bytesIndexOf();
    case BYTES_FIND:
      return bytesFind();
    case BYTES_UTF8_ENCODE:
      return bytesUtf8Encode();
    case BYTES_UTF8_DECODE:
      return bytesUtf8Decode();
    case BYTES_CRC32:
      return bytesCrc32();
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
    case FLOAT_SHORTEST_DIGITS:
      return floatShortestDigits();
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
    case HOST_WRITE:
      return hostWriteBytes();
    case HOST_READ:
      return hostReadBytes();
    case PLATFORM_TEXT:
      return platformText();
    case READ_PORT:
      return readPort();
    case WRITE_PORT:
      return writePort();
    case LOAD_PHYSICAL:
      return loadPhysical();
    case STORE_PHYSICAL:
      return storePhysical();
    case READ_PHYSICAL:
      return readPhysical();
    case WRITE_PHYSICAL:
      return writePhysical();
    case BARRIER:
      return barrier();
    case CONNECT_INTERRUPT:
      return connectInterrupt();
    case FINISH_INTERRUPT:
      return finishInterrupt();
    case HYPERCALL:
      return hypercall();
    case POWER_OFF:
      return powerOff();
    case REBOOT:
      return reboot();
    case PHYSICAL_ADDRESS:
      return physicalAddress();
    case WRITE_PORT_BYTES:
      return writePortBytes();
    case ADD_ENTROPY:
      return addEntropy();
    case COMPARE_PHYSICAL:
      return comparePhysical();
    default:
      return false;
  }
}
