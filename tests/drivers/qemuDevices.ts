// QEMU's models of devices without a guest: its processor halts at once, and a test takes the processor's place over the
// qtest protocol (docs/devel/qtest.rst): one line a command, one an answer, and lines that tell of interrupts between.

import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { constants, mkdtempSync, openSync, readSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const QEMU = "qemu-system-x86_64";
const FIRMWARE_SIZE = 0x10000;
/** Where an x86 processor begins, below the end of the firmware. */
const RESET_VECTOR = 0xfff0;
/** cli; hlt; jmp back to the hlt */
const HALT = Uint8Array.of(0xfa, 0xf4, 0xeb, 0xfd);
const LONGEST_ANSWER_MS = 60_000;

export const hasQemu = spawnSync(QEMU, ["--version"]).status === 0;

export class QemuDevices {
  /** Lines of the I/O APIC that are high now. */
  readonly raised = new Set<number>();
  /** Called at each rising edge. */
  onRaise: (line: number) => void = () => {};
  private readonly folder = mkdtempSync(join(tmpdir(), "gondola-devices-"));
  private readonly process: ChildProcess;
  private readonly commands: number;
  private readonly answers: number;
  private received = "";
  private errors = "";

  /** `options` are those of the command line; `pipe:NAME` chardevs belong to `folder` (see `pipe`). */
  constructor(options: (pipe: (name: string) => string) => string[]) {
    const firmware = join(this.folder, "halt.bin");
    const image = new Uint8Array(FIRMWARE_SIZE).fill(0xf4);
    image.set(HALT, RESET_VECTOR);
    writeFileSync(firmware, image);
    const control = this.makePipe("qtest");
    const words = ["-accel", "tcg", "-bios", firmware, "-nodefaults", "-display", "none", "-m", "64"];
    const test = ["-qtest", `pipe:${control}`, "-qtest-log", "none"];
    this.process = spawn(QEMU, [...words, ...options((name) => this.makePipe(name)), ...test]);
    this.process.stderr?.setEncoding("utf8").on("data", (text) => {
      this.errors += text;
    });
    this.commands = this.openPipe("qtest.in");
    this.answers = this.openPipe("qtest.out");
    this.command("irq_intercept_in ioapic");
  }

  close(): void {
    this.process.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private makePipe(name: string): string {
    const path = join(this.folder, name);
    execFileSync("mkfifo", [`${path}.in`, `${path}.out`]);
    return path;
  }

  /** Opened for both directions a FIFO never makes its opener wait, and never ends. */
  openPipe(name: string): number {
    return openSync(join(this.folder, name), constants.O_RDWR | constants.O_NONBLOCK);
  }

  // --- Accesses ---

  readPort(port: number, width: number): number {
    return Number(this.command(`in${letter(width)} ${hex(port)}`));
  }

  writePort(port: number, width: number, value: number): void {
    this.command(`out${letter(width)} ${hex(port)} ${hex(value)}`);
  }

  load(address: number, width: number): number {
    return Number(this.command(`read${letter(width)} ${hex(address)}`));
  }

  store(address: number, width: number, value: number): void {
    this.command(`write${letter(width)} ${hex(address)} ${hex(value)}`);
  }

  read(address: number, count: number): Uint8Array {
    return Buffer.from(this.command(`read ${hex(address)} ${hex(count)}`).slice(2), "hex");
  }

  write(address: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.command(`write ${hex(address)} ${hex(bytes.length)} 0x${Buffer.from(bytes).toString("hex")}`);
  }

  // --- The protocol ---

  /** Sends a command and answers what follows OK, after all interrupts that came before. */
  private command(text: string): string {
    writeAll(this.commands, `${text}\n`);
    for (;;) {
      const line = this.nextLine();
      if (line === undefined) throw new Error(`QEMU did not answer "${text}". ${this.errors}`);
      if (this.takeInterrupt(line)) continue;
      if (!line.startsWith("OK")) throw new Error(`QEMU answered "${line}" to "${text}".`);
      return line.slice(3);
    }
  }

  /** Takes note of interrupts that came since the last command. */
  poll(): void {
    for (;;) {
      if (!this.received.includes("\n") && !this.receive()) return;
      const end = this.received.indexOf("\n");
      if (end < 0) return;
      this.takeInterrupt(this.received.slice(0, end));
      this.received = this.received.slice(end + 1);
    }
  }

  private takeInterrupt(line: string): boolean {
    const [, verb, number] = /^IRQ (raise|lower) (\d+)$/.exec(line) ?? [];
    if (verb === undefined) return false;
    if (verb === "lower") this.raised.delete(Number(number));
    else {
      this.raised.add(Number(number));
      this.onRaise(Number(number));
    }
    return true;
  }

  private nextLine(): string | undefined {
    const deadline = performance.now() + LONGEST_ANSWER_MS;
    while (!this.received.includes("\n")) {
      if (!this.receive() && performance.now() > deadline) return undefined;
    }
    const end = this.received.indexOf("\n");
    const line = this.received.slice(0, end);
    this.received = this.received.slice(end + 1);
    return line;
  }

  private receive(): boolean {
    const bytes = readAvailable(this.answers);
    this.received += bytes.toString("latin1");
    return bytes.length > 0;
  }
}

const letter = (width: number) => (width === 1 ? "b" : width === 2 ? "w" : "l");
const hex = (value: number) => `0x${value.toString(16)}`;

/** What a pipe holds now; nothing when it is empty. */
export function readAvailable(descriptor: number): Buffer {
  const buffer = Buffer.alloc(0x10000);
  try {
    return buffer.subarray(0, readSync(descriptor, buffer));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return buffer.subarray(0, 0);
    throw error;
  }
}

/** Writes as much as a pipe takes now; answers how many bytes. */
export function writeAvailable(descriptor: number, bytes: Uint8Array): number {
  try {
    return bytes.length === 0 ? 0 : writeSync(descriptor, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return 0;
    throw error;
  }
}

function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text, "latin1");
  for (let done = 0; done < bytes.length; ) done += writeAvailable(descriptor, bytes.subarray(done));
}
