// One small image a behaviour, on each machine: what it writes to the serial line, and what it ends with.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { scratch } from "../support/gondola.ts";
import { boot, defaultImage, fastest, imageOf, machines, obstacle, slowMachines } from "./guestMachine.ts";

const BAD_IMAGE = 3;
const FAILURE = 4;
const SLOW_FIRMWARE_MS = 200_000;

describe.skipIf(obstacle).each(slowMachines)(`a guest on $name ${obstacle ?? ""}`, (machine) => {
  test(
    "says hello and ends with its status",
    async () => {
      const { output, status } = await boot(machine, { image: await imageOf("hello"), limitMs: SLOW_FIRMWARE_MS });
      expect(output).toContain("hello from Smalltalk\n");
      expect(status).toBe(7);
    },
    SLOW_FIRMWARE_MS + 20_000,
  );
});

describe.skipIf(obstacle).each(machines)(`a guest on $name ${obstacle ?? ""}`, (machine) => {
  test("says hello and ends with its status", async () => {
    const { output, status } = await boot(machine, { image: await imageOf("hello") });
    expect(output).toContain("hello from Smalltalk\n");
    expect(status).toBe(7);
  });

  test("knows the date, and time goes on", async () => {
    const { output, status } = await boot(machine, { image: await imageOf("clock") });
    const seconds = Number(/utc (\d+)/.exec(output)?.[1]);
    expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(60);
    expect(output).toContain("waited long enough: true\nruns forward: true\n");
    expect(status).toBe(0);
  });

  test("wakes sleepers in the order of their times", async () => {
    const { output } = await boot(machine, { image: await imageOf("delays") });
    expect(output).toContain("woke 100\nwoke 200\nwoke 300\n");
  });

  test("takes interrupts while it computes", async () => {
    const { output, status } = await boot(machine, {
      image: await imageOf("load"),
      input: "gondola\n",
      inputAfter: "ready",
    });
    expect(output).toContain("typed alodnog\nticked\n");
    expect(status).toBe(0);
  });

  test("has other random numbers at each start", async () => {
    const image = await imageOf("entropy");
    const numbers = await Promise.all([boot(machine, { image }), boot(machine, { image })]);
    const [first, second] = numbers.map(({ output }) => /random ([0-9a-f]{32})/i.exec(output)?.[1]);
    expect(first).toBeDefined();
    expect(second).toBeDefined();
    expect(first).not.toBe(second);
  });

  test("handles the end of its memory as an exception", async () => {
    const { output, status } = await boot(machine, { image: await imageOf("memory"), memoryMiB: 32 });
    expect(output).toContain("out of memory, and on it goes\nheap sound: true\n");
    expect(status).toBe(0);
  });

  test("handles endless recursion as an exception", async () => {
    const { output, status } = await boot(machine, { image: await imageOf("recursion"), memoryMiB: 512 });
    expect(output).toContain("too deep, and on it goes\n");
    expect(status).toBe(0);
  });

  test("shows the stack of an error that nobody handles, and ends with status 1", async () => {
    const { output, status } = await boot(machine, { image: await imageOf("unhandled") });
    expect(output).toContain("does not understand #frobnicate");
    expect(output).toContain("GuestBehavior class>>start");
    expect(status).toBe(1);
  });

  test("collects much garbage", async () => {
    const { output, status } = await boot(machine, { image: await imageOf("garbage"), memoryMiB: 32 });
    expect(output).toContain("kept 500, heap sound: true\n");
    expect(status).toBe(0);
  });

  test("goes on with the processes of an image saved on Node", async () => {
    const { output, status } = await boot(machine, { image: await imageOf("resumed") });
    expect(output).toContain("the sum is 5050\n");
    expect(status).toBe(0);
  });

  test("refuses an unknown boot option with a sentence", async () => {
    const { output, status } = await boot(machine, { image: await imageOf("hello"), options: ["colour=blue"] });
    expect(output).toMatch(/^.*colour.*\.$/m);
    expect(output).not.toContain("hello");
    expect(status).toBe(2);
  });

  test("reports a division by zero in native code with registers and the Smalltalk stack", async () => {
    const { output, status } = await boot(machine, {
      image: await imageOf("hello"),
      options: ["start=GuestBehavior", "fault=divide"],
    });
    expect(output).toMatch(/^The machine failed: division error in ring 3/m);
    expect(output).toMatch(/rip [0-9a-f]{16}/);
    expect(output).toContain("The Smalltalk stack of the active process:\n");
    expect(output).toMatch(/^ {4}\S+>>\S+$/m);
    expect(status).toBe(FAILURE);
  });

  test("runs in 16 MiB and in 3.5 GiB", async () => {
    const image = await imageOf("hello");
    for (const memoryMiB of [16, 3584]) {
      const { output, status } = await boot(machine, { image, memoryMiB });
      expect(output, `${memoryMiB} MiB`).toContain("hello from Smalltalk\n");
      expect(status).toBe(7);
    }
  });

  test("answers at its prompt, and Ctrl-D ends it", async () => {
    const { output, status } = await boot(machine, {
      image: defaultImage,
      options: [],
      input: "3 + 4\r\x04",
      inputAfter: "st> ",
    });
    expect(output).toMatch(/^7$/m);
    expect(status).toBe(0);
  });
});

describe.skipIf(obstacle)(`the shim ${obstacle ?? ""}`, () => {
  const faults: [name: string, report: RegExp][] = [
    ["memory", /page fault in ring 3, error code 0+4, address 0+2ffff?\w+/],
    ["null", /page fault in ring 3, error code 0+4, address 0+1fffff000/],
    ["stack", /page fault in ring 3, error code 0+6/],
    ["code", /page fault in ring 3, error code 0+7/],
    ["shim", /page fault in ring 3, error code 0+5, address 0+100000/],
  ];
  test.each(faults)("stops a machine that touches what it must not: %s", async (name, report) => {
    const { output, status } = await boot(fastest, { image: await imageOf("hello"), options: [`fault=${name}`] });
    expect(output).toMatch(report);
    expect(output).toContain("The machine is switched off.\n");
    expect(status).toBe(FAILURE);
  });

  test("refuses to make up random numbers when there is no source of any", async () => {
    const emulated = machines[0];
    if (!emulated) return;
    const { output, status } = await boot(emulated, { image: await imageOf("entropy"), replace: [["max", "qemu64"]] });
    expect(output).toContain("There is no entropy: neither the processor nor a device gives random numbers.");
    expect(output).not.toMatch(/random [0-9a-f]/i);
    expect(status).toBe(FAILURE);
  });

  test("says in one sentence what is wrong with its module", async () => {
    const good = readFileSync(await imageOf("hello"));
    const cases: [name: string, sentence: string, change: (bytes: Buffer) => Buffer | undefined][] = [
      [
        "missing",
        "There is no image: start the guest with one as its boot module (QEMU: -initrd FILE).",
        () => undefined,
      ],
      ["foreign", "The boot module is not a Gondola image.", () => Buffer.from("#!/bin/sh\necho no image\n")],
      ["cut in its header", "The image is truncated: its header is not complete.", (bytes) => bytes.subarray(0, 1000)],
      [
        "cut",
        "The image is truncated: bytes are missing at its end.",
        (bytes) => bytes.subarray(0, bytes.length - 9000),
      ],
      [
        "spoilt in its header",
        "The image is damaged: the checksum of its header is wrong.",
        (bytes) => flip(bytes, 21),
      ],
      ["spoilt", "The image is damaged: the checksum of its objects is wrong.", (bytes) => flip(bytes, 500_000)],
    ];
    for (const [name, sentence, change] of cases) {
      const bytes = change(Buffer.from(good));
      const image = bytes && join(scratch, "bad.image");
      if (image) writeFileSync(image, bytes);
      const { output, status } = await boot(fastest, { image });
      expect(output, name).toBe(`${sentence}\n`);
      expect(status, name).toBe(BAD_IMAGE);
    }
  });

  test("says so when there is too little memory", async () => {
    const { output, status } = await boot(fastest, { image: await imageOf("hello"), memoryMiB: 8 });
    expect(output).toBe("There is too little memory: the guest needs at least 12 MiB.\n");
    expect(status).toBe(FAILURE);
  });
});

function flip(bytes: Buffer, index: number): Buffer {
  bytes[index] = (bytes[index] as number) ^ 0x10;
  return bytes;
}
