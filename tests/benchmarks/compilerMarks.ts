// The marks of working in the image: how fast its compiler is, how soon the prompt takes a method, how much room both need.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { buildHeap, IMAGE_FOLDER } from "../../image/bootstrap/build.ts";
import { imagePackages } from "../../image/bootstrap/packages.ts";
import { distFolder } from "../../platform/node/distribution.ts";
import { Image } from "../../platform/node/index.ts";
import type { Mark } from "./mark.ts";
import { median, type RunSettings } from "./programs.ts";

const LIBRARY_ROUNDS = 5;
const METHODS_AT_PROMPT = 25;
const MEBIBYTE = 1 << 20;

/** All methods of the class library, compiled by the image's compiler, which replaces each by what comes out. */
export async function measureCompiler({ engine }: RunSettings): Promise<Mark> {
  const image = await Image.open(undefined, { engine });
  const rates: number[] = [];
  let count = 0;
  for (let round = 0; round < LIBRARY_ROUNDS; round++) {
    const source = "| start | start := Smalltalk monotonicMicroseconds. {Compiler recompileAll. start}";
    const [methods, start] = (await image.evaluate(source)) as number[];
    const end = (await image.evaluate("Smalltalk monotonicMicroseconds")) as number;
    count = methods;
    rates.push((methods / (end - start)) * 1e6);
  }
  image.close();
  const detail = `${count} methods`;
  return {
    name: "compiler in the image",
    value: median(rates),
    unit: "methods a second",
    goal: 2000,
    isMinimum: true,
    detail,
  };
}

/** From the line that is typed to the answer that shows that the method is there. */
export async function measurePrompt(): Promise<Mark> {
  const prompt = spawn(process.execPath, [join(distFolder, "gondola.js"), "repl"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  prompt.stdout.setEncoding("utf8");
  const answerTo = async (line: string) => {
    const start = performance.now();
    prompt.stdin.write(`${line}\n`);
    const [answer] = (await once(prompt.stdout, "data")) as [string];
    return { answer, timeMs: performance.now() - start };
  };
  await answerTo("3 + 4");
  const times: number[] = [];
  for (let index = 0; index < METHODS_AT_PROMPT; index++) {
    const { answer, timeMs } = await answerTo(
      `Object >> probe${index}: x [ ^ x isNil ifTrue: [0] ifFalse: [x + ${index}] ]`,
    );
    if (answer !== `Object>>probe${index}:\n`) throw new Error(`The prompt answered ${JSON.stringify(answer)}.`);
    times.push(timeMs);
  }
  prompt.stdin.end();
  await once(prompt, "exit");
  return { name: "a method at the prompt", value: median(times), unit: "ms", goal: 20, isMinimum: false };
}

/** What an image without the prompt would be smaller by; without the compiler, too, is told beside it. */
export function measureSizes(): Mark {
  const heapSize = (...without: string[]) => {
    const packages = imagePackages(false, IMAGE_FOLDER).filter((name) => !without.includes(name));
    return buildHeap({ packages, lenient: true }).heap.length;
  };
  const [whole, withoutPrompt, withoutBoth] = [heapSize(), heapSize("Workspace"), heapSize("Workspace", "Compiler")];
  const detail = `the compiler takes ${((withoutPrompt - withoutBoth) / MEBIBYTE).toFixed(2)} MiB`;
  return {
    name: "prompt in the image",
    value: (whole - withoutPrompt) / MEBIBYTE,
    unit: "MiB",
    goal: 1,
    isMinimum: false,
    detail,
  };
}
