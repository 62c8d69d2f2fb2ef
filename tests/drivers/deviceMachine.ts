// A machine whose hardware is QEMU's: the host functions of a guest, on Node, with qtest commands for accesses. It plays the
// interrupt controller as the guest's does: an edge on a masked line is lost, a level that stays high interrupts again.

import type { ImageContent } from "../../image/file.ts";
import { type EngineCode, type HostFunctions, instantiate, type Machine } from "../../platform/node/engine.ts";
import { monotonicMicroseconds } from "../../platform/node/host.ts";
import { OLD_SPACE_START } from "../../vm/layout.ts";
import { STOP_FATAL, STOP_HALTED, STOP_IDLE, STOP_SNAPSHOT } from "../../vm/stop.ts";
import type { QemuDevices } from "./qemuDevices.ts";

const MEMORY_LIMIT = 0x8000000;
const BUDGET = 20_000;
/** Lines below this are edge-triggered, as those of ISA devices are. */
const FIRST_LEVEL_LINE = 16;

/** Guest memory that devices can reach, and where a message-signalled interrupt writes. */
export const DMA = { start: 0x100000, end: 0x200000 };
const MESSAGE_ADDRESS = 0x300000;
const FIRST_MESSAGE_LINE = 256;
const MESSAGE_LINES = 16;

export type Heap = Pick<ImageContent, "heap" | "specialObjectsOop" | "hashSeed">;

export class DeviceMachine {
  /** What came to the early console. */
  early = "";
  /** What drivers gave to the machine's entropy. */
  readonly entropy: Uint8Array[] = [];
  /** What the image saved last. */
  saved: Heap | undefined;
  private readonly machine: Machine;
  /** Line to index of the semaphore. */
  private readonly connected = new Map<number, number>();
  private readonly masked = new Set<number>();
  private readonly pending = new Set<number>();

  constructor(
    code: EngineCode,
    image: Heap,
    private readonly devices: QemuDevices,
    private readonly commandLine: string,
  ) {
    this.machine = instantiate(code, (memory) => this.functions(memory), MEMORY_LIMIT);
    this.machine.initialize(MEMORY_LIMIT);
    this.machine.reserveHeap(image.heap.length);
    this.machine.memory().set(image.heap, OLD_SPACE_START);
    this.machine.loadHeap(image.heap.length, image.specialObjectsOop, image.hashSeed);
    devices.onRaise = (line) => this.interrupt(line);
  }

  /** Runs until the image quits, and calls `meanwhile` between two slices. Answers its exit status. */
  run(meanwhile: (isIdle: boolean) => void = () => {}, limitMs = 120_000): number {
    const deadline = performance.now() + limitMs;
    for (;;) {
      this.devices.poll();
      this.noteMessages();
      for (const line of this.pending) this.machine.signal(this.connected.get(line) ?? 0);
      this.pending.clear();
      const reason = this.machine.interpret(BUDGET);
      if (reason === STOP_HALTED) return this.machine.getExitStatus();
      if (reason === STOP_SNAPSHOT) this.takeSnapshot();
      if (reason === STOP_FATAL) throw new Error(`The machine failed. ${this.early}`);
      meanwhile(reason === STOP_IDLE);
      if (performance.now() > deadline) throw new Error(`The image did not quit. ${this.early}`);
    }
  }

  private takeSnapshot(): void {
    const { machine } = this;
    machine.prepareSnapshot();
    this.saved = {
      heap: machine.memory().slice(OLD_SPACE_START, machine.getHeapEnd()),
      specialObjectsOop: machine.getSpecialObjects(),
      hashSeed: machine.getHashSeed(),
    };
    machine.finishSnapshot(1);
  }

  private interrupt(line: number): void {
    if (!this.connected.has(line) || this.masked.has(line)) return;
    this.masked.add(line);
    this.pending.add(line);
  }

  /** A message does not say which line it was for when another came after it: all that are connected are told. */
  private noteMessages(): void {
    if (this.devices.load(MESSAGE_ADDRESS, 4) === 0) return;
    this.devices.store(MESSAGE_ADDRESS, 4, 0);
    for (const line of this.connected.keys()) if (line >= FIRST_MESSAGE_LINE) this.pending.add(line);
  }

  private unmask(line: number): void {
    this.masked.delete(line);
    if (line >= FIRST_LEVEL_LINE && this.devices.raised.has(line)) this.interrupt(line);
  }

  private facts(): string {
    return [
      "platform=guest",
      "hypervisor=tcg",
      `command-line=${this.commandLine}`,
      `dma=${DMA.start.toString(16)}-${DMA.end.toString(16)}`,
      `msi-address=${MESSAGE_ADDRESS.toString(16)}`,
      `msi-first-line=${FIRST_MESSAGE_LINE}`,
      "msi-first-vector=80",
      `msi-count=${MESSAGE_LINES}`,
    ].join("\n");
  }

  private functions(memory: () => Uint8Array): HostFunctions {
    const { devices } = this;
    const done = (action: () => void) => {
      action();
      return true;
    };
    return {
      hostUtcMicroseconds: () => Date.now() * 1000,
      hostMonotonicMicroseconds: monotonicMicroseconds,
      hostTimeZoneMinutes: () => 0,
      hostRandomBytes: (address, count) => void memory().fill(7, address, address + count),
      hostWrite: (stream, address, count) => {
        if (stream === 3) return -1;
        this.early += Buffer.from(memory().subarray(address, address + count)).toString("utf8");
        return count;
      },
      hostRead: () => -1,
      hostFatal: (reason, detail) => {
        throw new Error(`fatal ${reason} ${detail}`);
      },
      hostPlatformText: (address, capacity) => {
        const text = new TextEncoder().encode(this.facts());
        memory().set(text.subarray(0, capacity), address);
        return text.length;
      },
      hostReadPort: (port, width) => devices.readPort(port, width),
      hostWritePort: (port, width, value) => done(() => devices.writePort(port, width, value >>> 0)),
      hostWritePortBytes: (port, address, count) =>
        done(() => {
          for (const byte of memory().slice(address, address + count)) devices.writePort(port, 1, byte);
        }),
      hostLoadPhysical: (address, width) => devices.load(address, width),
      hostStorePhysical: (address, width, value) => done(() => devices.store(address, width, value >>> 0)),
      hostReadPhysical: (physical, address, count) =>
        done(() => memory().set(count === 0 ? [] : devices.read(physical, count), address)),
      hostWritePhysical: (physical, address, count) =>
        done(() => devices.write(physical, memory().slice(address, address + count))),
      hostBarrier: () => true,
      hostConnectInterrupt: (line, signalIndex) =>
        done(() => {
          if (signalIndex === 0) this.connected.delete(line);
          else this.connected.set(line, signalIndex);
          this.masked.delete(line);
          if (devices.raised.has(line)) this.interrupt(line);
        }),
      hostFinishInterrupt: (line) => done(() => this.unmask(line)),
      hostAddEntropy: (address, count) => done(() => this.entropy.push(memory().slice(address, address + count))),
    };
  }
}
