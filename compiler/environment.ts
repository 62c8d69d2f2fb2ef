// What the compiler must know of the place where code will live. The bootstrap answers from source files, the host from
// a living image.

export interface Environment {
  /** Names of all instance variables of the class (or its metaclass, when `meta`), inherited first, in slot order. */
  instanceVariables(className: string, meta: boolean): readonly string[];
  /** The class whose class pool holds the variable as seen from `className`: itself, a superclass or a shared pool. */
  classVariableOwner(className: string, name: string): string | undefined;
  hasGlobal(name: string): boolean;
  /** Names that a misspelt one may have meant. */
  globalNames(): Iterable<string>;
  classVariableNames(className: string): Iterable<string>;
  /** The message that methods send to themselves for the value of a name that nobody declared; without one it is nil. */
  readonly unknownNameSelector?: string;
}

/** The global that holds the classes of SOM programs. */
export const SOM_ENVIRONMENT = "Som";

/** Answers a global that came later, or else what the receiver has for it (SOM's unknownGlobal:). */
export const SOM_UNKNOWN_NAME_SELECTOR = "somGlobal:";
