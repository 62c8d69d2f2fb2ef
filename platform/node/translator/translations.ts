// The functions of translations that a machine has: a WebAssembly module for each, which shares its memory and calls its
// exports. They stand in two tables under the same numbers: in that of the machine, which runs them through a module as small
// as can be, so that no JavaScript lies in between, and in that of the translations, which call each other. A table keeps
// all modules alive that import it: the second is made anew when all translations are forgotten.

import {
  TRANSLATION_SITE_SIZE,
  TRANSLATION_SITES,
  TRANSLATION_SITES_SIZE,
  TRANSLATION_TABLE_CAPACITY,
} from "../../../vm/layout.ts";
import type { HostFunctions } from "../engine.ts";
import { IMPORTED_NAMES } from "./machineInterface.ts";
import { translate } from "./translate.ts";
import { encodeCaller } from "./wasmModule.ts";

/** Numbers of translations are below this; 0 is none. The machine's own list of them is full before. */
const MOST_TRANSLATIONS = TRANSLATION_TABLE_CAPACITY;
/** Each module has a copy of the table that it imports, so that is as small as can be, and doubled when it is full. */
const FIRST_TABLE_SIZE = 64;

type RunTranslation = (translation: number, sp: number, fp: number, ip: number) => number;

let callerModule: WebAssembly.Module | undefined;

export class Translations {
  private readonly machineTable = new WebAssembly.Table({ element: "anyfunc", initial: MOST_TRANSLATIONS });
  private table = newTable();
  /** What translations import beside their table: memory, and exports of the machine. */
  private imports: Record<string, unknown> = {};
  private count = 0;
  private nextSite = TRANSLATION_SITES;

  constructor(private readonly memory: WebAssembly.Memory) {}

  /** The functions of vm/host.ts that have to do with translations. The machine imports them, so they come before it. */
  hostFunctions(): Pick<HostFunctions, "hostTranslate" | "hostRunTranslation" | "hostForgetTranslations"> {
    callerModule ??= new WebAssembly.Module(encodeCaller());
    const { exports } = new WebAssembly.Instance(callerModule, { machine: { table: this.machineTable } });
    return {
      hostTranslate: (code, loop) => this.translate(code, loop),
      hostRunTranslation: exports.run as RunTranslation,
      hostForgetTranslations: () => this.forget(),
    };
  }

  /** The machine is there: from now on it may ask for translations. */
  connect(
    exports: { setTranslating(activations: number): void } & Record<string, unknown>,
    translateAfter: number,
  ): void {
    this.imports = { memory: this.memory };
    for (const name of IMPORTED_NAMES) this.imports[name] = exports[name];
    exports.setTranslating(translateAfter);
  }

  private translate(code: number, loop: number): number {
    const bytes = translate(new Uint8Array(this.memory.buffer), code, loop, () => this.takeSite());
    if (!bytes) return 0;
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
      machine: { ...this.imports, table: this.table },
    });
    this.count++;
    if (this.count === this.table.length) this.table.grow(this.count);
    this.table.set(this.count, exports.run);
    this.machineTable.set(this.count, exports.run);
    return this.count;
  }

  /** The address of a site that nobody has, or 0. */
  private takeSite(): number {
    if (this.nextSite === TRANSLATION_SITES + TRANSLATION_SITES_SIZE) return 0;
    this.nextSite += TRANSLATION_SITE_SIZE;
    return this.nextSite - TRANSLATION_SITE_SIZE;
  }

  /** Translations that wait for a callee end without another call. */
  private forget(): void {
    for (; this.count > 0; this.count--) this.machineTable.set(this.count, null);
    this.table = newTable();
    this.nextSite = TRANSLATION_SITES;
  }
}

function newTable(): WebAssembly.Table {
  return new WebAssembly.Table({ element: "anyfunc", initial: FIRST_TABLE_SIZE });
}
