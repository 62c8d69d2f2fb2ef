// Boots guests in QEMU as a person would, and the images that they run.

import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { buildGuest, missingPackages } from "../../platform/guest/build.ts";
import { launchOn } from "../../platform/guest/launch.ts";
import { isKvmUsable } from "../../platform/node/guestFiles.ts";
import { gondola, root, scratch } from "../support/gondola.ts";

const QEMU = "qemu-system-x86_64";
/** Less than a test may take, so that no guest outlives its test. */
const LONGEST_RUN_MS = 50_000;

/** Why no guest can be tested here; undefined when it can. */
export const obstacle: string | undefined = (() => {
  const missing = missingPackages();
  if (spawnSync(QEMU, ["--version"]).status !== 0) missing.push("qemu-system-x86");
  return missing.length > 0 ? `skipped, for want of ${missing.join(", ")}` : undefined;
})();

export interface GuestMachine {
  name: string;
  hypervisor: "qemu" | "qemu-q35";
  hasKvm: boolean;
}

const emulated: GuestMachine[] = [
  { name: "microvm in software emulation", hypervisor: "qemu", hasKvm: false },
  { name: "q35 in software emulation", hypervisor: "qemu-q35", hasKvm: false },
];
const accelerated: GuestMachine = { name: "microvm with KVM", hypervisor: "qemu", hasKvm: true };

export const machines: GuestMachine[] = isKvmUsable() ? [...emulated, accelerated] : emulated;
/** The firmware of q35 takes seconds where a nested KVM emulates it, so this one boots only once. */
export const slowMachines: GuestMachine[] = isKvmUsable()
  ? [{ name: "q35 with KVM", hypervisor: "qemu-q35", hasKvm: true }]
  : [];
export const fastest: GuestMachine = isKvmUsable() ? accelerated : (emulated[0] as GuestMachine);

export interface BootSettings {
  /** The boot module; none when undefined. */
  image?: string;
  options?: string[];
  memoryMiB?: number;
  /** Typed as soon as the guest has written `inputAfter`; at once without that. */
  input?: string;
  inputAfter?: string;
  limitMs?: number;
  /** Replaces words of QEMU's command line. */
  replace?: [from: string, to: string][];
  /** More words for it. */
  more?: string[];
}

export interface BootOutcome {
  output: string;
  /** What the guest ended with, see platform/guest/shim/power.c. */
  status: number;
}

export const defaultImage = join(root, "dist/gondola.image");

/** Boots and waits for the end. */
export async function boot(machine: GuestMachine, settings: BootSettings): Promise<BootOutcome> {
  const { options = ["start=GuestBehavior"], memoryMiB = 64, image = "", replace = [], more = [] } = settings;
  const { program, words } = launchOn(machine.hypervisor, {
    ...{ elf: await buildGuest(), image, memoryMiB, options, hasKvm: machine.hasKvm },
  });
  const chosen = image === "" ? words.filter((_, at) => words[at] !== "-initrd" && words[at - 1] !== "-initrd") : words;
  return run(
    program,
    [...chosen.map((word) => replace.find(([from]) => from === word)?.[1] ?? word), ...more],
    settings,
  );
}

function run(program: string, words: string[], settings: BootSettings): Promise<BootOutcome> {
  const { input, inputAfter = "", limitMs = LONGEST_RUN_MS } = settings;
  return new Promise((resolve, reject) => {
    const guest = spawn(program, words, { timeout: limitMs, killSignal: "SIGKILL" });
    let output = "";
    let pending = input;
    const take = (text: string) => {
      output += text;
      if (pending === undefined || !output.includes(inputAfter)) return;
      guest.stdin.write(pending);
      pending = undefined;
    };
    take("");
    guest.stdout.setEncoding("utf8").on("data", take);
    guest.stderr.setEncoding("utf8").on("data", take);
    guest.on("error", reject);
    guest.on("close", (code) => {
      if (code === null) reject(new Error(`The guest did not end:\n${output}`));
      else resolve({ output: output.replace(/\r\n/g, "\n"), status: code > 1 ? code >> 1 : code });
    });
  });
}

const images = new Map<string, Promise<string>>();

/** The image that tests/guest/images/NAME.st makes of the class library, or of another image. */
export function imageOf(name: string, base = defaultImage): Promise<string> {
  let image = images.get(name);
  if (!image) {
    image = imageFrom(name, [`tests/guest/images/${name}.st`], base);
    images.set(name, image);
  }
  return image;
}

/** The image that source files of this project make of another one. */
export async function imageFrom(name: string, sources: string[], base = defaultImage): Promise<string> {
  const file = join(scratch, `${name}.image`);
  const paths = sources.map((source) => join(root, source));
  const { status, errors } = await gondola(["load", ...paths, "--image", base, "--save", file]);
  if (status !== 0 || !existsSync(file)) throw new Error(`${name} cannot be loaded: ${errors}`);
  return file;
}
