// The stack of the process that was running when a bootstrap got stuck, read from outside: the image itself may be too
// broken to tell.

import type { Machine } from "../../platform/node/engine.ts";
import * as layout from "../../vm/layout.ts";
import { livingMemory } from "../heapReader.ts";
import { ImageReader } from "../reader.ts";

const MAXIMUM_LINES = 60;

/** Ends the life of the machine. One line for each activation, the innermost first. */
export function stackReport(machine: Machine): string {
  machine.suspendRunning();
  machine.prepareSnapshot();
  const reader = new ImageReader(livingMemory(machine));
  const process = reader.slotAt(reader.specialObject(layout.SPECIAL_PROCESSOR), layout.SCHEDULER_ACTIVE_PROCESS);
  if (process === layout.NIL) return "    (no process was running)";
  const lines: string[] = [];
  let context = reader.slotAt(process, layout.PROCESS_SUSPENDED_CONTEXT);
  while (context !== layout.NIL && lines.length < MAXIMUM_LINES) {
    lines.push(`    ${describeContext(reader, context)}`);
    context = reader.slotAt(context, layout.CONTEXT_SENDER);
  }
  return lines.join("\n");
}

function describeContext(reader: ImageReader, context: number): string {
  const code = reader.slotAt(context, layout.CONTEXT_METHOD);
  const receiver = reader.nameOfClass(reader.classOf(reader.slotAt(context, layout.CONTEXT_RECEIVER)));
  const place = reader.classIndexOf(code) === layout.COMPILED_BLOCK_CLASS_INDEX ? "a block in " : "";
  return `${place}${describeMethod(reader, homeMethod(reader, code))} (${receiver})`;
}

function literalFromEnd(reader: ImageReader, code: number, distance: number): number {
  const header = reader.smallIntegerValueOf(reader.slotAt(code, 0));
  return reader.slotAt(code, (header & layout.METHOD_LITERAL_COUNT_MASK) - distance);
}

function homeMethod(reader: ImageReader, code: number): number {
  let home = code;
  while (reader.classIndexOf(home) === layout.COMPILED_BLOCK_CLASS_INDEX) home = literalFromEnd(reader, home, 0);
  return home;
}

function describeMethod(reader: ImageReader, method: number): string {
  const state = literalFromEnd(reader, method, 1);
  const owner = reader.slotAt(literalFromEnd(reader, method, 0), layout.ASSOCIATION_VALUE);
  const selector = reader.isSymbol(state) ? state : reader.slotAt(state, layout.METHOD_STATE_SELECTOR);
  return `${reader.nameOfClass(owner)}>>${reader.isString(selector) ? reader.stringValueOf(selector) : "?"}`;
}
