// The classes that the machine knows by class index, by the names that the image gives them.

import * as layout from "../../vm/layout.ts";

export const KNOWN_CLASS_INDICES: ReadonlyMap<string, number> = new Map([
  ["SmallInteger", layout.SMALL_INTEGER_CLASS_INDEX],
  ["Character", layout.CHARACTER_CLASS_INDEX],
  ["UndefinedObject", layout.UNDEFINED_OBJECT_CLASS_INDEX],
  ["False", layout.FALSE_CLASS_INDEX],
  ["True", layout.TRUE_CLASS_INDEX],
  ["Array", layout.ARRAY_CLASS_INDEX],
  ["ByteString", layout.BYTE_STRING_CLASS_INDEX],
  ["WideString", layout.WIDE_STRING_CLASS_INDEX],
  ["ByteSymbol", layout.BYTE_SYMBOL_CLASS_INDEX],
  ["WideSymbol", layout.WIDE_SYMBOL_CLASS_INDEX],
  ["ByteArray", layout.BYTE_ARRAY_CLASS_INDEX],
  ["Float", layout.FLOAT_CLASS_INDEX],
  ["LargePositiveInteger", layout.LARGE_POSITIVE_INTEGER_CLASS_INDEX],
  ["LargeNegativeInteger", layout.LARGE_NEGATIVE_INTEGER_CLASS_INDEX],
  ["CompiledMethod", layout.COMPILED_METHOD_CLASS_INDEX],
  ["CompiledBlock", layout.COMPILED_BLOCK_CLASS_INDEX],
  ["Context", layout.CONTEXT_CLASS_INDEX],
  ["BlockClosure", layout.BLOCK_CLOSURE_CLASS_INDEX],
  ["Point", layout.POINT_CLASS_INDEX],
  ["Message", layout.MESSAGE_CLASS_INDEX],
  ["Association", layout.ASSOCIATION_CLASS_INDEX],
  ["Semaphore", layout.SEMAPHORE_CLASS_INDEX],
  ["Mutex", layout.MUTEX_CLASS_INDEX],
  ["Process", layout.PROCESS_CLASS_INDEX],
  ["MethodDictionary", layout.METHOD_DICTIONARY_CLASS_INDEX],
  ["Metaclass", layout.METACLASS_CLASS_INDEX],
  ["WordArray", layout.WORD_ARRAY_CLASS_INDEX],
  ["WeakArray", layout.WEAK_ARRAY_CLASS_INDEX],
  ["Ephemeron", layout.EPHEMERON_CLASS_INDEX],
  ["AdditionalMethodState", layout.ADDITIONAL_METHOD_STATE_CLASS_INDEX],
  ["Fraction", layout.FRACTION_CLASS_INDEX],
  ["ScaledDecimal", layout.SCALED_DECIMAL_CLASS_INDEX],
]);

/** The instance variables, inherited ones included, that machine or bootstrap reach by slot number. */
export const KNOWN_INSTANCE_VARIABLES: ReadonlyMap<string, readonly string[]> = new Map([
  [
    "Class",
    [
      ...["superclass", "methodDict", "format", "instanceVariables", "organization"],
      ...["name", "subclasses", "classPool", "sharedPools", "package", "comment", "environment"],
    ],
  ],
  ["Metaclass", ["superclass", "methodDict", "format", "instanceVariables", "organization", "thisClass"]],
  ["MethodDictionary", ["tally", "array"]],
  ["Association", ["key", "value"]],
  ["Message", ["selector", "arguments", "lookupClass"]],
  ["BlockClosure", ["outerContext", "compiledBlock", "numArgs", "receiver"]],
  ["Context", ["sender", "pc", "stackp", "method", "closureOrNil", "receiver"]],
  ["ProcessorScheduler", ["quiescentProcessLists", "activeProcess"]],
  ["LinkedList", ["firstLink", "lastLink"]],
  ["Semaphore", ["firstLink", "lastLink", "excessSignals"]],
  ["Mutex", ["firstLink", "lastLink", "owner"]],
  [
    "Process",
    [
      ...["nextLink", "suspendedContext", "priority", "myList"],
      ...["name", "environment", "interruptedWait", "terminating"],
    ],
  ],
  ["Point", ["x", "y"]],
  ["Fraction", ["numerator", "denominator"]],
  ["ScaledDecimal", ["fraction", "scale"]],
  ["AdditionalMethodState", ["method", "selector", "source", "map"]],
  ["Ephemeron", ["key", "value"]],
]);
