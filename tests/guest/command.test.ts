// `gondola boot` and `gondola guest` as a person types them.

import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { command, gondola, scratch, writeScratch } from "../support/gondola.ts";
import { hasTmux, Terminal } from "../support/terminal.ts";
import { imageOf, obstacle } from "./guestMachine.ts";

/** No hypervisor can be found there. */
const EMPTY_PATH = { PATH: scratch };

/** Boots, and tells how the guest ended and whether the terminal reads lines again. */
const bootScript = writeScratch(
  "boot.sh",
  `${process.execPath} ${command} boot\necho status $?\nstty -a | grep -o -e '-\\?icanon'\n`,
);

describe.skipIf(obstacle)(`gondola boot ${obstacle ?? ""}`, () => {
  test("says what it starts and joins the console, and ends as the guest does", async () => {
    const words = ["boot", await imageOf("hello"), "--arg", "start=GuestBehavior", "--memory", "32M"];
    const { output, errors, status } = await gondola(words);
    expect(errors).toMatch(/^Starting QEMU microvm (with KVM|in software emulation), 32 MiB\. Ctrl-\] ends it\.\n$/);
    expect(output).toBe("hello from Smalltalk\r\n");
    expect(status).toBe(7);
  });

  test("gives a pipe to the prompt and ends with it", async () => {
    const { output, status } = await gondola(["boot"], { input: "3 + 4\nSmalltalk arguments isEmpty\n" });
    expect(output.replace(/\r/g, "")).toMatch(/\n7\n/);
    expect(status).toBe(0);
  });

  test("goes on with the variables of a saved workspace", async () => {
    const image = join(scratch, "variables.image");
    await gondola([], { input: `answer := 41\n:save ${image}\n` });
    const { output } = await gondola(["boot", image], { input: "answer + 1\n" });
    expect(output.replace(/\r/g, "")).toMatch(/\n42\n/);
  });

  test("refuses a file that is no image before anything is started", async () => {
    const file = writeScratch("no.image", "nothing\n");
    const { errors, status } = await gondola(["boot", file]);
    expect(errors).toBe(`gondola: ${file} is not a Gondola image.\n`);
    expect(status).toBe(3);
  });

  test.skipIf(!hasTmux)(
    "in a terminal: Ctrl-C interrupts the guest, Ctrl-D ends it, the terminal is as before",
    async () => {
      const terminal = new Terminal(["sh", bootScript]);
      terminal.start();
      try {
        await terminal.waitFor(/st> ?$/);
        terminal.enter("[true] whileTrue");
        await new Promise((resolve) => setTimeout(resolve, 500));
        terminal.press("C-c");
        await terminal.waitFor(/Interrupted[\s\S]*\nst> ?$/);
        terminal.enter("6 * 7");
        await terminal.waitFor(/\n42\nst> ?$/);
        terminal.press("C-d");
        await terminal.waitFor(/\nstatus 0\nicanon/);
      } finally {
        terminal.stop();
      }
    },
  );

  test.skipIf(!hasTmux)("in a terminal: Ctrl-] ends a guest that hears nothing else", async () => {
    const terminal = new Terminal(["sh", bootScript]);
    terminal.start();
    try {
      await terminal.waitFor(/st> ?$/);
      terminal.press("C-]");
      await terminal.waitFor(/\nstatus 1\nicanon/);
    } finally {
      terminal.stop();
    }
  });
});

describe("gondola boot without a hypervisor", () => {
  test.skipIf(obstacle).each([
    ["qemu", "qemu-system-x86_64 is missing: install the package qemu-system-x86."],
    ["xen", "xl is missing: install the package xen-utils."],
    ["firecracker", "firecracker is missing: install the package firecracker."],
    ["cloud-hypervisor", "cloud-hypervisor is missing: install the package cloud-hypervisor."],
  ])("says which is missing: %s", async (name, sentence) => {
    const { errors, status } = await gondola(["boot", "--on", name], { env: EMPTY_PATH });
    expect(errors).toContain(`gondola: ${sentence}\n`);
    expect(status).toBe(1);
  });

  test("knows only some", async () => {
    const { errors, status } = await gondola(["boot", "--on", "vmware"]);
    expect(errors).toContain("there are qemu, qemu-q35, xen, firecracker, cloud-hypervisor");
    expect(status).toBe(2);
  });

  test("shows the command with --dry-run", async () => {
    const { output, status } = await gondola([
      "boot",
      "--on",
      "qemu-q35",
      "--memory",
      "3500",
      "--arg=--help",
      "--dry-run",
    ]);
    expect(output).toMatch(/^qemu-system-x86_64 -M q35 -accel (kvm|tcg) .* -m 3500M .* -append --help\n$/);
    expect(status).toBe(0);
  });
});

describe.skipIf(obstacle)(`gondola guest ${obstacle ?? ""}`, () => {
  test("builds the ELF file where it is asked to", async () => {
    const file = join(scratch, "my.elf");
    const { output, status } = await gondola(["guest", "build", "--out", file]);
    expect(output).toBe(`${file}: the guest\n`);
    expect(status).toBe(0);
    expect(readFileSync(file).subarray(0, 4).toString("latin1")).toBe("\x7fELF");
    expect(statSync(file).size).toBeLessThan(600 * 1024);
  });

  test("writes configurations that name the files", async () => {
    const image = await imageOf("hello");
    const write = async (name: string) =>
      (await gondola(["guest", "config", "--on", name, image, "--memory", "48", "--arg", "console=auto"])).output;
    const xl = await write("xen");
    expect(xl).toContain(`ramdisk = ${JSON.stringify(image)}\ncmdline = "console=auto"\nmemory = 48\n`);
    const elf = /kernel = "(.*)"/.exec(xl)?.[1] ?? "";
    expect(existsSync(elf)).toBe(true);
    expect(JSON.parse(await write("firecracker"))).toMatchObject({
      "boot-source": { kernel_image_path: elf, initrd_path: image, boot_args: "console=auto" },
      "machine-config": { vcpu_count: 1, mem_size_mib: 48 },
    });
    const xml = await write("libvirt");
    expect(xml).toContain(
      `<kernel>${elf}</kernel>\n    <initrd>${image}</initrd>\n    <cmdline>console=auto</cmdline>`,
    );
    const { errors, status } = await gondola(["guest", "config", "--on", "vmware"]);
    expect(errors).toContain("guest config needs --on xen, --on libvirt, --on firecracker");
    expect(status).toBe(2);
  });
});
