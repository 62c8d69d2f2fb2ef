// The names in an image, with the variables of its workspace and the classes of SOM programs among the globals.

import type { Environment } from "../../compiler/environment.ts";
import type { ImageReader } from "../../image/reader.ts";

/** The variable of the workspace that holds the last value. */
const LAST_VALUE = "_";

export class WorkspaceEnvironment implements Environment {
  private readonly variables = new Set<string>([LAST_VALUE]);
  private readonly reader: ImageReader;

  constructor(reader: ImageReader) {
    this.reader = reader;
  }

  declare(name: string): void {
    this.variables.add(name);
  }

  instanceVariables(className: string, meta: boolean): readonly string[] {
    return this.reader.instanceVariables(className, meta);
  }

  classVariableOwner(className: string, name: string): string | undefined {
    return this.reader.classVariableOwner(className, name);
  }

  hasGlobal(name: string): boolean {
    return this.variables.has(name) || this.reader.hasGlobal(name);
  }

  *globalNames(): Iterable<string> {
    for (const name of this.variables) if (name !== LAST_VALUE) yield name;
    yield* this.reader.globalNames();
  }

  classVariableNames(className: string): Iterable<string> {
    return this.reader.classVariableNames(className);
  }
}
