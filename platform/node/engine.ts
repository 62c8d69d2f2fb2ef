// A machine from a compiled engine: either vm.wasm, or the same TypeScript bundled into one script. Both work on a
// WebAssembly.Memory, so growth behaves alike. What differs ends here: whoever holds a Machine cannot tell which it is.

import { Translations } from "./translator/translations.ts";

export const ENGINE_NAMES = ["wasm", "ts"] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** The import list of vm/host.ts, as the platform supplies it. */
export interface HostFunctions {
  hostUtcMicroseconds(): number;
  hostMonotonicMicroseconds(): number;
  hostTimeZoneMinutes(): number;
  hostRandomBytes(address: number, count: number): void;
  hostWrite(stream: number, address: number, count: number): number;
  hostRead(stream: number, address: number, count: number): number;
  hostFatal(reason: number, detail: number): void;
  hostPlatformText?(address: number, capacity: number): number;
  hostReadPort?(port: number, width: number): number;
  hostWritePort?(port: number, width: number, value: number): boolean;
  hostWritePortBytes?(port: number, address: number, count: number): boolean;
  hostLoadPhysical?(physicalAddress: number, width: number): number;
  hostStorePhysical?(physicalAddress: number, width: number, value: number): boolean;
  hostComparePhysical?(physicalAddress: number, width: number, expected: number, value: number): number;
  hostReadPhysical?(physicalAddress: number, address: number, count: number): boolean;
  hostWritePhysical?(physicalAddress: number, address: number, count: number): boolean;
  hostBarrier?(): boolean;
  hostConnectInterrupt?(line: number, signalIndex: number): boolean;
  hostFinishInterrupt?(line: number): boolean;
  hostHypercall?(number: number, address: number): boolean;
  hostPowerOff?(status: number): boolean;
  hostPhysicalAddress?(address: number): number;
  hostAddEntropy?(address: number, count: number): boolean;
  hostTranslate?(code: number, start: number): number;
  hostRunTranslation?(translation: number, sp: number, fp: number, ip: number): number;
  hostForgetTranslations?(): void;
}

/** What a platform without hardware for its image answers: nothing about itself, and "no" to all else. */
const withoutHardware = {
  hostPlatformText: () => 0,
  hostReadPort: () => -1,
  hostWritePort: () => false,
  hostWritePortBytes: () => false,
  hostLoadPhysical: () => -1,
  hostStorePhysical: () => false,
  hostComparePhysical: () => -1,
  hostReadPhysical: () => false,
  hostWritePhysical: () => false,
  hostBarrier: () => false,
  hostConnectInterrupt: () => false,
  hostFinishInterrupt: () => false,
  hostHypercall: () => false,
  hostPowerOff: () => false,
  hostPhysicalAddress: () => -1,
  hostAddEntropy: () => false,
  hostTranslate: () => 0,
  hostRunTranslation: () => 0,
  hostForgetTranslations: () => {},
};

/** The functions that an entry module exports, and its memory. Booleans come as 0 and 1 from wasm: test, never compare. */
export type Machine<Exports = MainExports> = Exports & {
  readonly engine: EngineName;
  /** The current view of linear memory; it is another one after every growth, so never keep it. */
  memory(): Uint8Array;
};

/** What vm/main.ts exports; its comments say what each does and when it may be called. */
export interface MainExports {
  initialize(memoryLimitBytes: number): void;
  reserveHeap(sizeInBytes: number): number | boolean;
  loadHeap(sizeInBytes: number, specialObjectsOop: number, hashSeed: number): number | boolean;
  interpret(budget: number): number;
  signal(index: number): void;
  isRunning(): number | boolean;
  suspendRunning(): void;
  /** Collects garbage at every safepoint, fully at every `interval`-th; 0 ends that. */
  setStressMode(interval: number): void;
  prepareSnapshot(): void;
  finishSnapshot(succeeded: number): void;
  spareBytes(): number;
  bytesSinceCollection(): number;
  handOver(): void;
  takeOver(): void;
  reportStack(): void;
  getHeapEnd(): number;
  getSpecialObjects(): number;
  getHashSeed(): number;
  getWakeMicroseconds(): number;
  getExitStatus(): number;
  /** Methods are translated after so many activations. */
  setTranslating(activations: number): void;
}

/** The most activations after which a method is translated. */
export const MOST_ACTIVATIONS = 999_999;

/** A compiled engine, from which any number of machines can be made. */
export type EngineCode =
  | { engine: "wasm"; module: WebAssembly.Module }
  | { engine: "ts"; factory: (host: HostFunctions, memory: WebAssembly.Memory) => Record<string, unknown> };

/** New space and all tables of the machine end here (OLD_SPACE_START of vm/layout.ts), in pages of 64 KiB. */
const INITIAL_PAGES = 64;
const MAXIMUM_PAGES = 0x8000;

/**
 * Makes a machine. `memoryLimitBytes` bounds linear memory as a whole; the default is the 2 GiB that oops can address. Engine
 * wasm translates methods after `translateAfter` activations (0: never), for which it must be that of vm/main.ts.
 */
export function instantiate<Exports = MainExports>(
  code: EngineCode,
  host: HostFunctions | ((memory: () => Uint8Array) => HostFunctions),
  memoryLimitBytes = MAXIMUM_PAGES * 0x10000,
  translateAfter = 0,
): Machine<Exports> {
  const maximum = Math.min(MAXIMUM_PAGES, Math.max(INITIAL_PAGES, memoryLimitBytes >>> 16));
  const linearMemory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum });
  let view = new Uint8Array(linearMemory.buffer);
  const memory = () => {
    if (view.buffer !== linearMemory.buffer) view = new Uint8Array(linearMemory.buffer);
    return view;
  };
  const functions = { ...withoutHardware, ...(typeof host === "function" ? host(memory) : host) };
  const exports =
    code.engine === "wasm"
      ? instantiateWasm(code.module, functions, linearMemory, translateAfter)
      : code.factory(functions, linearMemory);
  return { ...exports, engine: code.engine, memory } as unknown as Machine<Exports>;
}

function instantiateWasm(
  module: WebAssembly.Module,
  host: HostFunctions,
  memory: WebAssembly.Memory,
  translateAfter: number,
): Record<string, unknown> {
  const imports = (functions: HostFunctions) => ({ env: { memory }, host: { ...functions } });
  if (translateAfter === 0) return new WebAssembly.Instance(module, imports(host)).exports;
  const translations = new Translations(memory);
  const { exports } = new WebAssembly.Instance(module, imports({ ...host, ...translations.hostFunctions() }));
  translations.connect(exports as unknown as MainExports & Record<string, unknown>, translateAfter);
  return exports;
}

export function loadWasm(bytes: Uint8Array<ArrayBuffer>): EngineCode {
  return { engine: "wasm", module: new WebAssembly.Module(bytes) };
}

/** `script` is what bundleScript of compileEngine.ts wrote: an expression whose value is the factory. */
export function loadScript(script: string): EngineCode {
  // biome-ignore lint/security/noGlobalEval: the script is our own build product; a module could not be made twice.
  const evaluate = globalThis.eval;
  return { engine: "ts", factory: evaluate(script) };
}
