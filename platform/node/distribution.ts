// What a build put into dist/: the engines and the default image.

import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type EngineCode, type EngineName, loadScript, loadWasm } from "./engine.ts";

const here = dirname(fileURLToPath(import.meta.url));
/** This file runs as a part of a bundle in dist/, or as it stands in platform/node/. */
export const distFolder = basename(here) === "dist" ? here : join(here, "../../dist");

export const defaultImageFile = join(distFolder, "gondola.image");
export const version: string = JSON.parse(readFileSync(join(distFolder, "../package.json"), "utf8")).version;

const loaded = new Map<EngineName, EngineCode>();

export function engineCode(engine: EngineName): EngineCode {
  let code = loaded.get(engine);
  if (!code) {
    code =
      engine === "wasm"
        ? loadWasm(readFileSync(join(distFolder, "vm.wasm")))
        : loadScript(readFileSync(join(distFolder, "vm.js"), "utf8"));
    loaded.set(engine, code);
  }
  return code;
}
