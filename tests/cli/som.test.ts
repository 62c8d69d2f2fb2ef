// Programs of the SOM family: class files that are loaded together, and the library that they expect.

import { join } from "node:path";
import { expect, test } from "vitest";
import { gondola, scratch, writeScratch } from "../support/gondola.ts";

const SHAPE = `Shape = ( | sides |
  sides: n = ( sides := n )
  half = ( ^ sides / 2 )
  isBox = ( ^ sides = 4 and: 4 = sides )
  ----
  sides: n = ( ^ self new sides: n )
)`;
const SQUARE = `Square = Shape ( describe = ( ^ 'half of ' + sides + ' is ' + self half + '\\t' + self isBox ) )`;
const MAIN = `Main = (
  run: args = ( | squares |
    squares := Array new: args length withAll: [ (system load: #Square) sides: 5 ].
    squares doIndexes: [ :i | ((args at: i) + ' ' + (squares at: i) describe) println ].
    squares := [ :a :b | a - b ] value: 6 with: 2.
    (squares = 4) && (5 <> 4) && [ 7.5 // 2 = 3.75 ] ifTrue: [ system exit: 4 ] )
)`;

test("classes in files of any order, the library of SOM, and arguments for run:", async () => {
  const square = writeScratch("ASquare.som", SQUARE);
  const shape = writeScratch("Shape.som", SHAPE);
  const image = join(scratch, "som.image");
  expect(await gondola(["load", square, shape, "--save", image])).toEqual({ status: 0, output: "", errors: "" });
  const main = writeScratch("Main.som", MAIN);
  expect(await gondola(["run", "--image", image, main, "--", "a"])).toEqual({
    status: 4,
    output: "Main half of 5 is 2\tfalse\na half of 5 is 2\tfalse\n",
    errors: "",
  });
});

test("other programs do not meet the selectors of SOM", async () => {
  expect((await gondola(["eval", "3 respondsTo: #println"])).output).toBe("false\n");
});
