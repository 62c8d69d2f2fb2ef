// Any source file, whatever its format, as one stream of definitions and expressions.

import { chunkItems, isChunkFormat } from "./chunk.ts";
import type { SourceItem } from "./definitions.ts";
import { fileTreeItems, isFileTreeFile } from "./fileTree.ts";
import { scriptItems } from "./script.ts";
import { isSmalltalkForm, somItems, somSmalltalkItems } from "./som.ts";
import { originOf, SourceError } from "./sourceError.ts";
import { tonelItems } from "./tonel.ts";

export type SourceFormat = "tonel" | "fileTree" | "chunk" | "som" | "somSmalltalk" | "script";

const TONEL_START = /^(?:\s|"[^"]*")*(?:Class|Extension|Package|Trait)\s*\{/;

/** Tells the format by the file's name and its text. */
export function sourceFormat(text: string, file: string): SourceFormat {
  if (isSomFile(file)) return isSmalltalkForm(text) ? "somSmalltalk" : "som";
  if (isFileTreeFile(file)) return "fileTree";
  if (TONEL_START.test(text)) return "tonel";
  return isChunkFormat(text) ? "chunk" : "script";
}

const READERS = {
  ...{ tonel: tonelItems, fileTree: fileTreeItems, chunk: chunkItems, script: scriptItems },
  ...{ som: somItems, somSmalltalk: somSmalltalkItems },
};

export function isSomFile(file: string): boolean {
  return file.endsWith(".som");
}

/** Reads a file's text; throws SourceError, and nothing else, when it is not what its format asks for. */
export function readSource(source: string, file: string, format?: SourceFormat): SourceItem[] {
  const text = source.replace(/^\uFEFF/, "");
  try {
    return READERS[format ?? sourceFormat(text, file)](text, file);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const message = "the text is nested too deeply";
    throw new SourceError({ code: "limit", message, start: 0, end: 0 }, originOf(file, text));
  }
}
