// Alone in its file, so that it runs in a process of its own: the plain grammar of grammar.test.ts would spoil what V8
// has learnt about Ohm's objects.

import { expect, test } from "vitest";
import { compileMethod } from "../../compiler/compile.ts";
import { libraryMethods, WORLD } from "./support.ts";

// A machine that is busy with other things makes even processor time longer: once of three is enough.
test("the whole class library compiles in under 5 seconds of one core", { retry: 2 }, () => {
  const methods = libraryMethods();
  const before = process.cpuUsage();
  for (const source of methods) compileMethod(source, { environment: WORLD, className: "Object" });
  const { user, system } = process.cpuUsage(before);
  expect(user + system).toBeLessThan(5_000_000);
});
