// The numbers that the image shares with the machine, as a class of the image: a pool made of the tables
// in vm/, so that each number stands in one place.

import * as bytecodes from "../../vm/bytecodes.ts";
import * as layout from "../../vm/layout.ts";
import * as primitiveNumbers from "../../vm/primitiveNumbers.ts";

export const MACHINE_CONSTANTS_PACKAGE = "Kernel";
const NAME = "MachineConstants";
const COMMENT = `I am the pool of the numbers that image and machine share: bytecodes, the fields of a method's header, the primitives
that answer a constant or variable. The bootstrap makes me from vm/bytecodes.ts, vm/layout.ts and
vm/primitiveNumbers.ts, which say what they mean.`;

type Table = Record<string, unknown>;

function numbersOf(table: Table, isWanted: (name: string) => boolean): [string, number][] {
  return Object.entries(table).filter((entry): entry is [string, number] => {
    return typeof entry[1] === "number" && isWanted(entry[0]);
  });
}

/** The constants by the method that sets them. */
function constantsByMethod(): Record<string, [string, number][]> {
  return {
    initializeBytecodes: numbersOf(bytecodes, (name) => !name.startsWith("SELECTOR_")),
    initializeHeaders: numbersOf(layout, (name) =>
      /^METHOD_.*_(?:MASK|SHIFT|FLAG)$|_FRAME_SLOTS$|^SPECIAL_SELECTORS$/.test(name),
    ),
    initializeQuickPrimitives: numbersOf(primitiveNumbers, (name) => name.startsWith("QUICK_RETURN_")),
  };
}

/** The class in Tonel. */
export function machineConstantsSource(): string {
  const methods = constantsByMethod();
  const names = Object.values(methods).flatMap((pairs) => pairs.map(([name]) => `'${name}'`));
  const method = (selector: string, statements: string[]) =>
    `{ #category : 'initialization' }\n${NAME} class >> ${selector} [\n\n\t${statements.join(".\n\t")}\n]\n`;
  return [
    `"\n${COMMENT}\n"`,
    `Class { #name : '${NAME}', #superclass : 'SharedPool', #classVars : [ ${names.join(", ")} ] }`,
    method(
      "initialize",
      Object.keys(methods).map((selector) => `self ${selector}`),
    ),
    ...Object.entries(methods).map(([selector, pairs]) =>
      method(
        selector,
        pairs.map(([name, value]) => `${name} := ${value}`),
      ),
    ),
  ].join("\n");
}
