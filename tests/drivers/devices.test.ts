// The drivers of the image against QEMU's models of the devices, on both engines, without a guest around them: what happens
// between driver and device is the real thing, and every access can be counted on.

import { afterEach, describe, expect, test } from "vitest";
import { type ImageContent, readImageFile } from "../../image/file.ts";
import { compileEngine } from "../../platform/node/compileEngine.ts";
import type { EngineName } from "../../platform/node/engine.ts";
import { gondola, scratch, writeScratch } from "../support/gondola.ts";
import { DeviceMachine, type Heap } from "./deviceMachine.ts";
import { hasQemu, QemuDevices, readAvailable, writeAvailable } from "./qemuDevices.ts";

const PROBES = `
Object subclass: #Hello
Hello class >> start [ Transcript show: 'Hello, world'; lf ]
Object subclass: #Echo
Echo class >> start [
	| console bytes count |
	console := Platform current console.
	bytes := ByteArray new: 1000.
	Transcript show: 'ready'; lf.
	[ (count := console readInto: bytes startingAt: 1 count: 1000) = 1 and: [ bytes first = 4 ] ] whileFalse: [
		console write: bytes from: 1 to: count ]
]
Object subclass: #Flood
Flood class >> start [
	| console bytes |
	console := Platform current console.
	bytes := ByteArray new: 10000.
	1 to: bytes size do: [ :index | bytes at: index put: index \\\\ 251 ].
	8 timesRepeat: [ console write: bytes from: 1 to: bytes size ]
]
Object subclass: #Saver
Saver class >> start [
	| reader |
	reader := [ Transcript show: 'read ', (Platform current console readInto: (ByteArray new: 9) startingAt: 1 count: 9) printString , String lf ] fork.
	[ (Delay forMilliseconds: 300) wait. Transcript show: 'slept on ', Platform current console class name , String lf ] fork.
	Transcript show: 'before'; lf.
	(Delay forMilliseconds: 50) wait.
	Smalltalk snapshot ifFalse: [ ^ Transcript show: 'saved'; lf ].
	(Delay forMilliseconds: 600) wait.
	Transcript show: 'after'; lf
]
Object subclass: #Wait
Wait class >> start [ (Delay forSeconds: 1) wait ]
`;

/** A machine with other work to do takes long for a protocol that asks for each byte. */
const LIMIT_MS = 180_000;
/** More than a pipe holds. */
const FLOOD = 80_000;
/** For so many slices in which the image only waits, nobody reads. */
const STALLED_SLICES = 50;
const MICROVM = ["-machine", "microvm,acpi=off,isa-serial=on,auto-kernel-cmdline=off"];

let image: Promise<ImageContent> | undefined;

async function imageWithProbes(): Promise<ImageContent> {
  const file = `${scratch}/probes.image`;
  const outcome = await gondola(["load", writeScratch("probes.st", PROBES), "--save", file]);
  expect(outcome.errors).toBe("");
  return readImageFile(file);
}

let devices: QemuDevices | undefined;
afterEach(() => devices?.close());

interface Place {
  engine: EngineName;
  options: (pipe: (name: string) => string) => string[];
  commandLine: string;
}

async function machineOn({ engine, options, commandLine }: Place): Promise<DeviceMachine> {
  image ??= imageWithProbes();
  devices = new QemuDevices(options);
  return new DeviceMachine(await compileEngine(engine), await image, devices, commandLine);
}

interface ConsolePlace extends Omit<Place, "engine"> {
  prepare?: (devices: QemuDevices) => void;
  /** QEMU's virtio console drops what the other end does not take at once (virtio-console.c, flush_buf); its port waits. */
  readsAtOnce: boolean;
}

/** What a place has for a console: options of QEMU with a pipe at the other end, and what must be done before. */
const PLACES: Record<string, ConsolePlace> = {
  "serial port": {
    options: (pipe) => [...MICROVM, "-chardev", `pipe,id=line,path=${pipe("line")}`, "-serial", "chardev:line"],
    commandLine: "console=serial",
    readsAtOnce: false,
  },
  "virtio-mmio": {
    options: (pipe) => [...MICROVM, ...virtioConsole(pipe, "virtio-serial-device"), "-device", "virtio-rng-device"],
    commandLine: "console=virtio virtio_mmio.device=512@0xfeb00e00:12 virtio_mmio.device=512@0xfeb00c00:11",
    readsAtOnce: true,
  },
  "virtio-pci": {
    options: (pipe) => ["-machine", "q35", ...virtioConsole(pipe, "virtio-serial-pci"), "-device", "virtio-rng-pci"],
    commandLine: "console=virtio",
    readsAtOnce: true,
    prepare: assignRegions,
  },
};

function virtioConsole(pipe: (name: string) => string, device: string): string[] {
  const chardev = ["-chardev", `pipe,id=line,path=${pipe("line")}`, "-global", "virtio-mmio.force-legacy=false"];
  return [...chardev, "-device", device, "-device", "virtconsole,chardev=line"];
}

/** What firmware does: regions 1 and 4 of each virtio function get addresses. */
function assignRegions(devices: QemuDevices): void {
  const at = (device: number, offset: number) => devices.writePort(0xcf8, 4, 0x80000000 + device * 0x800 + offset);
  for (let device = 0; device < 32; device++) {
    at(device, 0);
    if ((devices.readPort(0xcfc, 4) & 0xffff) !== 0x1af4) continue;
    for (const [register, address] of [
      [0x14, 0xfe000000 + device * 0x10000],
      [0x20, 0xfe800000 + device * 0x10000],
      [0x24, 0],
    ]) {
      at(device, register);
      devices.writePort(0xcfc, 4, address);
    }
  }
}

describe.skipIf(!hasQemu).each(["wasm", "ts"] as const)("drivers on engine %s", { timeout: LIMIT_MS }, (engine) => {
  describe.each(Object.entries(PLACES))("console on %s", (_, { options, commandLine, prepare, readsAtOnce }) => {
    async function machineWith(start: string) {
      const machine = await machineOn({ engine, options, commandLine: `start=${start} ${commandLine}` });
      if (devices) prepare?.(devices);
      return { machine, input: devices?.openPipe("line.in") ?? 0, output: devices?.openPipe("line.out") ?? 0 };
    }

    test("writes what a program prints, and the early console nothing", async () => {
      const { machine, output } = await machineWith("Hello");
      expect(machine.run()).toBe(0);
      expect(readAvailable(output).toString()).toBe("Hello, world\r\n");
      expect(machine.early).toBe("");
    });

    test("echoes ten thousand bytes that are typed as fast as they are taken", async () => {
      const { machine, input, output } = await machineWith("Echo");
      const typed = Buffer.from(Array.from({ length: 10_000 }, (_, index) => 32 + (index % 90)));
      const ready = Buffer.from("ready\r\n");
      let written = 0;
      let echoed = Buffer.alloc(0);
      const status = machine.run(() => {
        echoed = Buffer.concat([echoed, readAvailable(output)]);
        if (echoed.length < ready.length) return;
        if (written < typed.length) written += writeAvailable(input, typed.subarray(written, written + 500));
        else if (echoed.length === ready.length + typed.length) writeAvailable(input, Uint8Array.of(4));
      });
      expect(status).toBe(0);
      expect(echoed.equals(Buffer.concat([ready, typed]))).toBe(true);
    });

    test("sends a flood in order", async () => {
      const { machine, output } = await machineWith("Flood");
      let flood = Buffer.alloc(0);
      let idleSlices = 0;
      const status = machine.run((isIdle) => {
        if (isIdle) idleSlices++;
        if (readsAtOnce || idleSlices > STALLED_SLICES) flood = Buffer.concat([flood, readAvailable(output)]);
      });
      flood = Buffer.concat([flood, readAvailable(output)]);
      expect(status).toBe(0);
      expect(flood.length).toBe(FLOOD);
      const expected = Array.from({ length: FLOOD }, (_, index) => ((index % 10_000) + 1) % 251);
      expect(flood.equals(Buffer.from(expected))).toBe(true);
    });
  });

  test("a workspace opens on the serial console and answers; its end is the end of the run", async () => {
    const { options } = PLACES["serial port"];
    const machine = await machineOn({ engine, options, commandLine: "" });
    const [input, output] = [devices?.openPipe("line.in") ?? 0, devices?.openPipe("line.out") ?? 0];
    const typed = [...Buffer.from("3 + 4\r"), 4];
    let screen = "";
    const status = machine.run((isIdle) => {
      screen += readAvailable(output).toString();
      if (isIdle && screen.includes("> ")) writeAvailable(input, Uint8Array.from(typed.splice(0, 1)));
    });
    screen += readAvailable(output).toString();
    expect(status).toBe(0);
    expect(screen).toMatch(/\r\n7\r\n/);
  });

  test.each([
    ["consloe=xen", "There is no boot option consloe; --help lists those that there are."],
    ["start=Nobody", "There is no class Nobody in this image to be started."],
    ["console=xen", "There is no console of the kind xen here."],
    ["console=vga", "The boot option console cannot be vga: it is the console to use: serial, virtio, xen or auto."],
  ])("the boot option %s is refused with one sentence", async (option, sentence) => {
    const machine = await machineOn({ engine, options: PLACES["serial port"].options, commandLine: option });
    const output = devices?.openPipe("line.out") ?? 0;
    expect(machine.run()).toBe(2);
    const told = machine.early + readAvailable(output).toString();
    expect(told.replaceAll("\r\n", "\n")).toBe(`${sentence}\n`);
  });

  test("--help lists the boot options", async () => {
    const machine = await machineOn({ engine, options: PLACES["serial port"].options, commandLine: "--help" });
    expect(machine.run()).toBe(0);
    expect(machine.early).toContain("console=KIND");
  });

  test("an image that was saved at one place goes on at another with the devices of that one", async () => {
    const first = PLACES["serial port"];
    const machine = await machineOn({ engine, ...first, commandLine: "start=Saver" });
    const output = devices?.openPipe("line.out") ?? 0;
    expect(machine.run()).toBe(0);
    expect(readAvailable(output).toString()).toBe("before\r\nsaved\r\n");
    devices?.close();

    const second = PLACES["virtio-mmio"];
    devices = new QemuDevices(second.options);
    const code = await compileEngine(engine);
    const elsewhere = new DeviceMachine(code, machine.saved as Heap, devices, `start=Wait ${second.commandLine}`);
    const told = devices.openPipe("line.out");
    let screen = "";
    const status = elsewhere.run(() => {
      screen += readAvailable(told).toString();
    });
    expect(status).toBe(0);
    expect(elsewhere.early + screen).toBe("read 0\r\nslept on VirtioConsole\r\nafter\r\n");
  });

  test.each([
    ["the command line", PLACES["virtio-mmio"].commandLine],
    ["the fixed slots of microvm", ""],
  ])("bytes of an entropy device that %s names reach the machine", async (_, commandLine) => {
    const { options } = PLACES["virtio-mmio"];
    const machine = await machineOn({ engine, options, commandLine: `start=Hello ${commandLine}` });
    expect(machine.run()).toBe(0);
    expect(machine.entropy.map((bytes) => bytes.length)).toEqual([64]);
    expect(new Set(machine.entropy[0]).size).toBeGreaterThan(20);
  });
});
