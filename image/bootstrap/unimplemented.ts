// Finds messages that are sent somewhere although no class of the image has a method for them, and messages to self that
// the sender's class cannot understand: most are slips.

import type { CompiledMethodData } from "../../compiler/compiledCode.ts";
import { listing } from "../../compiler/disassemble.ts";
import type { CompiledSource } from "./imageWriter.ts";

const SEND = /^\s*\d+ <[^>]*> send(?: to super)?: (\S+)$/gm;
const PRIMITIVELY_KNOWN = ["==", "~~", "class"];

function selectorsSentBy(data: CompiledMethodData): Set<string> {
  const sent = new Set<string>();
  for (const [, selector] of listing(data).matchAll(SEND)) sent.add(selector.replace(/^#/, ""));
  return sent;
}

/** One line for each selector, with its senders. */
export function unimplementedSelectors(methods: readonly CompiledSource[]): string[] {
  const implemented = new Set([...PRIMITIVELY_KNOWN, ...methods.map(({ data }) => data.selector)]);
  const senders = new Map<string, string[]>();
  for (const { source, data } of methods) {
    const name = `${source.className}${source.meta ? " class" : ""}>>${data.selector}`;
    for (const selector of selectorsSentBy(data)) {
      if (!implemented.has(selector)) senders.set(selector, [...(senders.get(selector) ?? []), name]);
    }
  }
  return [...senders].sort().map(([selector, names]) => `${selector}   in ${names.join(", ")}`);
}
