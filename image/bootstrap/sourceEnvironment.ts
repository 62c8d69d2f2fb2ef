// The compiler's view of classes that exist only as sources yet.

import type { Environment } from "../../compiler/environment.ts";
import { OTHER_GLOBALS } from "./imageWriter.ts";
import { KNOWN_INSTANCE_VARIABLES } from "./knownClasses.ts";
import type { ClassSource } from "./sources.ts";

export class SourceEnvironment implements Environment {
  private readonly classes: ReadonlyMap<string, ClassSource>;

  constructor(classes: readonly ClassSource[]) {
    this.classes = new Map(classes.map((source) => [source.name, source]));
  }

  /** The class and its superclasses, the class first. */
  private *withSuperclasses(className: string): Iterable<ClassSource> {
    for (let at = this.classes.get(className); at !== undefined; at = this.classes.get(at.superclassName)) yield at;
  }

  instanceVariables(className: string, meta: boolean): string[] {
    const chain = [...this.withSuperclasses(className)].reverse();
    if (!meta) return chain.flatMap((source) => source.instanceVariables);
    const inherited = KNOWN_INSTANCE_VARIABLES.get("Class") ?? [];
    return [...inherited, ...chain.flatMap((source) => source.classInstanceVariables)];
  }

  classVariableOwner(className: string, name: string): string | undefined {
    for (const source of this.withSuperclasses(className)) {
      if (source.classVariables.includes(name)) return source.name;
      const pool = source.sharedPools.find((poolName) => this.classes.get(poolName)?.classVariables.includes(name));
      if (pool !== undefined) return pool;
    }
    return undefined;
  }

  hasGlobal(name: string): boolean {
    return this.classes.has(name) || (OTHER_GLOBALS as readonly string[]).includes(name);
  }

  globalNames(): Iterable<string> {
    return [...this.classes.keys(), ...OTHER_GLOBALS];
  }

  *classVariableNames(className: string): Iterable<string> {
    for (const source of this.withSuperclasses(className)) yield* source.classVariables;
  }
}
