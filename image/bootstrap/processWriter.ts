// The scheduler of the first heap and its one process, which is about to run `Bootstrap class >> start`.

import {
  CONTEXT_CLASS_INDEX,
  CONTEXT_FIRST_STACK_SLOT,
  CONTEXT_METHOD,
  CONTEXT_PC,
  CONTEXT_RECEIVER,
  CONTEXT_STACK_POINTER,
  FORMAT_FIXED,
  FORMAT_FIXED_ARRAY,
  LARGE_FRAME_SLOTS,
  METHOD_LARGE_FRAME_FLAG,
  METHOD_LITERAL_COUNT_MASK,
  METHOD_TEMPORARY_MASK,
  METHOD_TEMPORARY_SHIFT,
  PROCESS_CLASS_INDEX,
  PROCESS_PRIORITY,
  PROCESS_SLOT_COUNT,
  PROCESS_SUSPENDED_CONTEXT,
  SCHEDULER_ACTIVE_PROCESS,
  SCHEDULER_LISTS,
  SMALL_FRAME_SLOTS,
} from "../../vm/layout.ts";
import type { WrittenClass } from "./classWriter.ts";
import { type HeapWriter, taggedInteger } from "./heapWriter.ts";

export const PRIORITY_COUNT = 80;
export const USER_PRIORITY = 40;
const LIST_SLOT_COUNT = 2;
const SCHEDULER_SLOT_COUNT = 2;

/** The activation of a method without arguments, before its first bytecode. */
function writeContext(heap: HeapWriter, method: number, receiver: number): number {
  const header = heap.slotAt(method, 0) >> 1;
  const stackSlots = (header & METHOD_LARGE_FRAME_FLAG) !== 0 ? LARGE_FRAME_SLOTS : SMALL_FRAME_SLOTS;
  const slotCount = CONTEXT_FIRST_STACK_SLOT + stackSlots;
  const context = heap.allocateOops(CONTEXT_CLASS_INDEX, FORMAT_FIXED_ARRAY, slotCount);
  const firstPc = ((header & METHOD_LITERAL_COUNT_MASK) + 1) * 4 + 1;
  const temporaryCount = (header >> METHOD_TEMPORARY_SHIFT) & METHOD_TEMPORARY_MASK;
  heap.setSlot(context, CONTEXT_PC, taggedInteger(firstPc));
  heap.setSlot(context, CONTEXT_STACK_POINTER, taggedInteger(temporaryCount));
  heap.setSlot(context, CONTEXT_METHOD, method);
  heap.setSlot(context, CONTEXT_RECEIVER, receiver);
  return context;
}

function writeProcess(heap: HeapWriter, processClass: WrittenClass | undefined, context: number): number {
  const slotCount = processClass?.instanceVariables.length ?? PROCESS_SLOT_COUNT;
  const process = heap.allocateOops(PROCESS_CLASS_INDEX, FORMAT_FIXED, slotCount);
  heap.setSlot(process, PROCESS_SUSPENDED_CONTEXT, context);
  heap.setSlot(process, PROCESS_PRIORITY, taggedInteger(USER_PRIORITY));
  return process;
}

/** An instance of ProcessorScheduler whose active process runs `method` with `receiver`. */
export function writeScheduler(
  heap: HeapWriter,
  classes: ReadonlyMap<string, WrittenClass>,
  method: number,
  receiver: number,
): number {
  heap.category = "processes";
  const listClassIndex = classes.get("LinkedList")?.classIndex ?? 0;
  const schedulerClass = classes.get("ProcessorScheduler");
  const slotCount = schedulerClass?.instanceVariables.length ?? SCHEDULER_SLOT_COUNT;
  const scheduler = heap.allocateOops(schedulerClass?.classIndex ?? 0, FORMAT_FIXED, slotCount);
  const lists: number[] = [];
  for (let priority = 1; priority <= PRIORITY_COUNT; priority++) {
    lists.push(heap.allocateOops(listClassIndex, FORMAT_FIXED, LIST_SLOT_COUNT));
  }
  const process = writeProcess(heap, classes.get("Process"), writeContext(heap, method, receiver));
  heap.setSlot(scheduler, SCHEDULER_LISTS, heap.array(lists));
  heap.setSlot(scheduler, SCHEDULER_ACTIVE_PROCESS, process);
  return scheduler;
}
