// What `gondola boot` and `gondola guest` share: the guest's ELF file, and the settings that the command line gives.

import { execFileSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type GuestSettings, HYPERVISORS, type Hypervisor } from "../guest/launch.ts";
import { CommandError, EXIT_FAILED, type ParsedCommandLine, UsageError } from "./commandLine.ts";
import { defaultImageFile, distFolder } from "./distribution.ts";

export const guestFile = join(distFolder, "gondola.elf");
const builder = join(distFolder, "../platform/guest/main.ts");
const DEFAULT_MEMORY_MIB = 64;
const MEBIBYTE = 1 << 20;

/** In a checkout the guest is built when it is not there; a package carries it. */
export function ensureGuest(): void {
  if (!existsSync(guestFile)) buildGuestFile([]);
}

/** Whether this is a checkout, from which the guest can be built. */
export function canBuildGuest(): boolean {
  return existsSync(builder);
}

/** The builder needs the development dependencies and runs as a program of its own, which says what is wrong. */
export function buildGuestFile(words: string[]): void {
  if (!canBuildGuest())
    throw new CommandError("this package has no guest; make one in a checkout of the sources", EXIT_FAILED);
  try {
    execFileSync(process.execPath, ["--import", "tsx", builder, ...words], {
      cwd: join(distFolder, ".."),
      stdio: ["ignore", 2, 2],
    });
  } catch {
    throw new CommandError("the guest could not be built", EXIT_FAILED);
  }
}

export function chosenHypervisor({ on = "qemu" }: ParsedCommandLine): Hypervisor {
  const chosen = HYPERVISORS.find((name) => name === on);
  if (!chosen) throw new UsageError(`boot knows no ${on}; there are ${HYPERVISORS.join(", ")}`);
  return chosen;
}

export function guestSettings({ operands, image, memoryLimitBytes, guestOptions }: ParsedCommandLine): GuestSettings {
  return {
    elf: guestFile,
    image: resolve(operands[0] ?? image ?? defaultImageFile),
    memoryMiB: memoryLimitBytes === undefined ? DEFAULT_MEMORY_MIB : Math.round(memoryLimitBytes / MEBIBYTE),
    options: guestOptions,
    hasKvm: isKvmUsable(),
  };
}

export function isKvmUsable(): boolean {
  try {
    accessSync("/dev/kvm", constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
