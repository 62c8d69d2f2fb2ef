// From primitive number to function: the one switch. A primitive answers true when it has replaced receiver and arguments
// by its answer, false when it has failed and left them as they were.

import {
  CLOSURE_AS_CONTEXT,
  CLOSURE_VALUE,
  CLOSURE_VALUE_UNINTERRUPTED,
  CLOSURE_VALUE_WITH_ARGUMENTS,
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
  CONTEXT_STACK_POINTER_PUT,
  EXECUTE_METHOD,
  FIND_NEXT_HANDLER,
  FIND_NEXT_UNWIND,
  FLUSH_METHOD_CACHE,
  FLUSH_METHOD_CACHE_BY_METHOD,
  FLUSH_METHOD_CACHE_BY_SELECTOR,
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
  SEMAPHORE_SIGNAL,
  SEMAPHORE_WAIT,
  SIGNAL_AT_MICROSECONDS,
  SNAPSHOT,
  TERMINATE_TO,
} from "../primitiveNumbers.ts";
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

/** Runs primitive `number` on the stack; `argumentCount` is that of the send. */
export function callPrimitive(number: i32, argumentCount: i32): boolean {
  switch (number) {
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
    case QUIT:
      return quit();
    case FLUSH_METHOD_CACHE_BY_METHOD:
    case FLUSH_METHOD_CACHE_BY_SELECTOR:
      return flushCache();
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
    default:
      return false;
  }
}
