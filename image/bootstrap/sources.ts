// The sources of an image as the bootstrap sees them: classes and methods of a list of packages, in a fixed order.

export interface MethodSource {
  className: string;
  meta: boolean;
  protocol: string;
  source: string;
  file: string;
  /** Line of the file, from 1, on which the method's source begins. */
  line: number;
}

export interface ClassSource {
  name: string;
  /** "nil" for a root. */
  superclassName: string;
  /** Tonel's word for the shape of instances: normal, variable, bytes, words, weak, ephemeron, immediate, compiledMethod. */
  type: string;
  instanceVariables: string[];
  classVariables: string[];
  classInstanceVariables: string[];
  sharedPools: string[];
  packageName: string;
  comment: string;
  file: string;
}

export interface Sources {
  /** Superclasses before their subclasses. */
  classes: ClassSource[];
  methods: MethodSource[];
}

/** Something wrong in the sources, with its place when there is one. */
export interface Problem {
  message: string;
  file?: string;
  /** From 1. */
  line?: number;
  /** From 1. */
  column?: number;
}
