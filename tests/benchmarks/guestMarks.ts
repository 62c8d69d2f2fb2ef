// The marks of the guest: how soon it writes its first line, how large it is, in how little memory it runs, and how fast
// programs are in it. Under KVM where that may be used; the details say so.

import { execFileSync, spawn } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { buildGuest } from "../../platform/guest/build.ts";
import { launchOn } from "../../platform/guest/launch.ts";
import { boot, defaultImage, fastest, imageFrom, imageOf, obstacle } from "../guest/guestMachine.ts";
import { root, scratch } from "../support/gondola.ts";
import type { Mark } from "./mark.ts";
import { median, type ProgramResult } from "./programs.ts";

const STARTS = 15;
const START_LIMIT_MS = 30_000;
const PROGRAMS_LIMIT_MS = 300_000;
const KIBIBYTE = 1024;
const SMALL_MEMORY_MIB = 16;
const how = fastest.hasKvm ? "KVM" : "software emulation";

/** No marks where there is no QEMU or no compiler; those of other parts do not suffer when a guest fails. */
export async function measureGuest(onNode: ProgramResult[]): Promise<Mark[]> {
  if (obstacle) {
    process.stdout.write(`Marks of the guest: ${obstacle}\n`);
    return [];
  }
  const marks: Mark[] = [];
  try {
    marks.push(await measureSize(), await measureSmallMemory());
    marks.push(...(await measureStarts()), await measurePrograms(onNode));
  } catch (error) {
    process.stdout.write(`Marks of the guest: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
  return marks;
}

// --- Start ---

function emptyGuest(): string {
  const file = join(scratch, "empty.elf");
  const options = ["-m32", "-nostdlib", "-static", "-Wl,-Ttext=0x100000", "-Wl,--build-id=none", "-Wl,-e,begin"];
  execFileSync("gcc", [...options, "-o", file, join(root, "tests/benchmarks/guest/empty.S")]);
  return file;
}

/** Milliseconds from the start of QEMU to the first line, and the line. */
function firstLine(elf: string, image: string): Promise<{ timeMs: number; line: string }> {
  const settings = { elf, image, memoryMiB: 64, options: ["start=GuestStart"], hasKvm: fastest.hasKvm };
  const { program, words } = launchOn("qemu", settings);
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const guest = spawn(program, words, { timeout: START_LIMIT_MS, killSignal: "SIGKILL" });
    let timeMs = 0;
    let text = "";
    guest.stdout.setEncoding("utf8").on("data", (more) => {
      text += more;
      if (timeMs === 0 && text.includes("\n")) timeMs = performance.now() - start;
    });
    guest.on("error", reject);
    guest.on("close", () => resolve({ timeMs, line: text.split("\n")[0] ?? "" }));
  });
}

/** By turns with a guest that does nothing else. */
async function measureStarts(): Promise<Mark[]> {
  const [elf, image, empty] = [
    await buildGuest(),
    await imageFrom("guest-start", ["tests/benchmarks/guest/start.st"]),
    emptyGuest(),
  ];
  const own: number[] = [];
  const bare: number[] = [];
  const inside: number[] = [];
  for (let start = 0; start < STARTS; start++) {
    const { timeMs, line } = await firstLine(elf, image);
    own.push(timeMs);
    inside.push(Number(/microseconds (\d+)/.exec(line)?.[1]) / 1000);
    bare.push((await firstLine(empty, image)).timeMs);
  }
  return [
    {
      name: "guest start",
      value: median(own) / median(bare),
      unit: "times an empty guest",
      goal: 2,
      isMinimum: false,
      detail: `${median(own).toFixed(0)} of ${median(bare).toFixed(0)} ms, microvm, ${how}`,
    },
    {
      name: "guest entry to line",
      value: median(inside),
      unit: "ms",
      goal: 10,
      isMinimum: false,
      detail: `microvm, ${how}`,
    },
  ];
}

// --- Size and memory ---

async function measureSize(): Promise<Mark> {
  const value = statSync(await buildGuest()).size / KIBIBYTE;
  return { name: "guest ELF", value, unit: "KiB", goal: 600, isMinimum: false };
}

async function measureSmallMemory(): Promise<Mark> {
  const image = await imageOf("hello");
  const { output } = await boot(fastest, { image, memoryMiB: SMALL_MEMORY_MIB });
  const value = output.includes("hello from Smalltalk") ? SMALL_MEMORY_MIB : Number.POSITIVE_INFINITY;
  const detail = `with an image of ${(statSync(defaultImage).size / KIBIBYTE / KIBIBYTE).toFixed(1)} MiB`;
  return { name: "guest memory", value, unit: "MiB", goal: SMALL_MEMORY_MIB, isMinimum: false, detail };
}

// --- Programs ---

const PROGRAM_FILES = ["tiny", "richards", "deltablue", "json", "storage", "queens", "nbody", "strings", "dictionary"];

function programsImage(): Promise<string> {
  const sources = ["Benchmark", ...PROGRAM_FILES, "guest/programs"].map((name) => `tests/benchmarks/${name}.st`);
  return imageFrom("guest-programs", sources);
}

/** The slowest of the programs beside its time in Node's interpreter, since a guest only interprets, in this same run. */
async function measurePrograms(onNode: ProgramResult[]): Promise<Mark> {
  const { output } = await boot(fastest, {
    image: await programsImage(),
    options: ["start=GuestPrograms"],
    memoryMiB: 512,
    limitMs: PROGRAMS_LIMIT_MS,
  });
  const ratios = Array.from(output.matchAll(/program (\w+)Benchmark ([\d.e-]+)/g), ([, className, time]) => {
    const name = className.toLowerCase();
    const there = onNode.find((each) => each.name === name);
    return { name, ratio: there ? Number(time) / there.medianMs : Number.NaN };
  }).filter(({ ratio }) => Number.isFinite(ratio));
  const slowest = ratios.reduce((a, b) => (a.ratio > b.ratio ? a : b), { name: "none", ratio: 0 });
  const typical = median(ratios.map(({ ratio }) => ratio));
  return {
    name: "guest programs",
    value: slowest.ratio,
    unit: "times Node",
    goal: 1.2,
    isMinimum: false,
    detail: `the slowest of ${ratios.length} is ${slowest.name}, the median ${typical.toFixed(2)}; ${how}`,
  };
}
