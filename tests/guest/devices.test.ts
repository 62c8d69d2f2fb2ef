// Devices on the real guest: which of them carries the console, floods in both directions, entropy.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { scratch } from "../support/gondola.ts";
import { boot, type GuestMachine, imageOf, machines, obstacle } from "./guestMachine.ts";

/** What flood.st writes. */
const FLOOD = Buffer.from(Array.from({ length: 1_000_000 }, (_, index) => (((index % 100_000) + 1) % 64) + 33));
const LIMIT_MS = 180_000;
const emulated = machines.filter(({ hasKvm }) => !hasKvm);

/** The options that give a machine a virtio console on a file, and an entropy device. */
function virtio({ hypervisor }: GuestMachine, file: string): string[] {
  const bus = hypervisor === "qemu" ? "device" : "pci";
  return [
    ...["-global", "virtio-mmio.force-legacy=false", "-chardev", `file,id=virtio,path=${file}`],
    ...["-device", `virtio-serial-${bus}`, "-device", "virtconsole,chardev=virtio", "-device", `virtio-rng-${bus}`],
  ];
}

describe.skipIf(obstacle).each(machines)(`devices of $name ${obstacle ?? ""}`, { timeout: LIMIT_MS }, (machine) => {
  test("a virtio console carries a million bytes", async () => {
    const file = join(scratch, `virtio-${machine.hypervisor}-${machine.hasKvm}.txt`);
    const { output, status } = await boot(machine, {
      ...{ image: await imageOf("flood"), options: ["start=GuestBehavior", "console=virtio"] },
      more: virtio(machine, file),
    });
    expect(status, output).toBe(0);
    const written = readFileSync(file);
    expect(written.subarray(0, FLOOD.length).equals(FLOOD)).toBe(true);
    expect(written.subarray(FLOOD.length).toString()).toBe("\r\nwritten\r\n");
    expect(output).toBe("");
  });

  test("input that comes as fast as it can be sent is echoed whole", async () => {
    const typed = `${"0123456789abcdef".repeat(500)}\r`;
    const { output, status } = await boot(machine, {
      ...{ image: await imageOf("echo"), input: typed, inputAfter: "ready" },
    });
    expect(output).toBe(`ready\n${typed}`);
    expect(status).toBe(0);
  });

  test("what was typed before the guest began is not lost", async () => {
    const { output } = await boot(machine, { image: await imageOf("echo"), input: "typed early\r", inputAfter: "" });
    expect(output).toBe("ready\ntyped early\r");
  });
});

describe.skipIf(obstacle).each(emulated)(`devices of $name ${obstacle ?? ""}`, { timeout: LIMIT_MS }, (machine) => {
  test("a serial port carries a million bytes", async () => {
    const { output, status } = await boot(machine, { image: await imageOf("flood") });
    expect(status).toBe(0);
    expect(output === `${FLOOD.toString("latin1")}\nwritten\n`).toBe(true);
  });

  test("an image names the object that is started, and gets the words behind --", async () => {
    const { output, status } = await boot(machine, {
      ...{ image: await imageOf("startObject"), options: ["console=serial", "--", "one", "two=2"] },
    });
    expect(output).toBe("started with #('one' 'two=2')\n");
    expect(status).toBe(0);
  });

  test("an entropy device stands in for the processor's random numbers", async () => {
    const { output, status } = await boot(machine, {
      ...{ image: await imageOf("entropy"), replace: [["max", "qemu64"]] },
      more: virtio(machine, join(scratch, `entropy-${machine.hypervisor}.txt`)),
    });
    expect(output).toMatch(/random [0-9a-f]{32}/i);
    expect(status).toBe(0);
  });
});
