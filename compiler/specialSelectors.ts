// The special selectors by name, in the order of vm/bytecodes.ts (which, compiled by asc, may hold no strings).
export const SPECIAL_SELECTOR_NAMES = [
  ...["+", "-", "<", ">", "<=", ">=", "=", "~=", "*", "/", "\\\\", "@", "bitShift:", "//", "bitAnd:", "bitOr:"],
  ...["at:", "at:put:", "size", "next", "nextPut:", "atEnd", "==", "class"],
  ...["~~", "value", "value:", "do:", "new", "new:", "x", "y"],
] as const;
