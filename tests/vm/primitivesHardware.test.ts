// The primitives for drivers, on a host whose hardware is a few bytes: who may call them, and what reaches the host.

import { describe, expect, test } from "vitest";
import type { HostFunctions } from "../../platform/node/engine.ts";
import * as L from "../../vm/layout.ts";
import * as P from "../../vm/primitiveNumbers.ts";
import { ClassAt, createPrimitiveMachine, FAILED, Oop, type PrimitiveMachine } from "./primitivesMachine.ts";

const DEVICE = 0xfeb00000;

/** Physical memory from DEVICE on, ports that remember, and a list of all else. */
class Board {
  readonly bytes = new Uint8Array(0x20000);
  readonly ports = new Map<number, number>();
  readonly calls: unknown[] = [];

  functions(memory: () => Uint8Array): Partial<HostFunctions> {
    const view = new DataView(this.bytes.buffer);
    const inside = (address: number, count: number) =>
      address >= DEVICE && address + count <= DEVICE + this.bytes.length;
    const note = (...call: unknown[]) => {
      this.calls.push(call);
      return true;
    };
    return {
      hostReadPort: (port, width) => (this.ports.get(port) ?? 0xffffffff) % 2 ** (8 * width),
      hostWritePort: (port, _width, value) => Boolean(this.ports.set(port, value >>> 0)),
      hostWritePortBytes: (port, address, count) =>
        note("bytes", port, Buffer.from(memory().subarray(address, address + count)).toString()),
      hostLoadPhysical: (address, width) => {
        if (!inside(address, width)) return -1;
        const offset = address - DEVICE;
        return width === 1
          ? view.getUint8(offset)
          : width === 2
            ? view.getUint16(offset, true)
            : view.getUint32(offset, true);
      },
      hostStorePhysical: (address, width, value) => {
        if (!inside(address, width)) return false;
        for (let index = 0; index < width; index++) this.bytes[address - DEVICE + index] = value >>> (8 * index);
        return true;
      },
      hostComparePhysical: (address, width, expected, value) => {
        if (!inside(address, width)) return -1;
        const found = width === 2 ? view.getUint16(address - DEVICE, true) : view.getUint32(address - DEVICE, true);
        if (found === expected >>> 0 && width === 2) view.setUint16(address - DEVICE, value, true);
        if (found === expected >>> 0 && width === 4) view.setUint32(address - DEVICE, value, true);
        return found;
      },
      hostReadPhysical: (address, to, count) => {
        if (!inside(address, count)) return false;
        memory().set(this.bytes.subarray(address - DEVICE, address - DEVICE + count), to);
        return true;
      },
      hostWritePhysical: (address, from, count) => {
        if (!inside(address, count)) return false;
        this.bytes.set(memory().subarray(from, from + count), address - DEVICE);
        return true;
      },
      hostBarrier: () => note("barrier"),
      hostConnectInterrupt: (line, index) => note("connect", line, index),
      hostFinishInterrupt: (line) => note("finish", line),
      hostHypercall: (number, address) => {
        const view = new Float64Array(memory().buffer, address, 5);
        note("hypercall", number, ...view);
        view[0] = number === 99 ? 2 ** 40 : -22;
        return number !== 98;
      },
      hostPowerOff: (status) => note("powerOff", status),
      hostPhysicalAddress: (address) => address + 0x100000000,
      hostAddEntropy: (address, count) => note("entropy", ...memory().subarray(address, address + count)),
    };
  }
}

async function machineWithBoard(
  engine: "wasm" | "ts",
): Promise<{ machine: PrimitiveMachine; board: Board; hardware: Oop }> {
  const board = new Board();
  const machine: PrimitiveMachine = await createPrimitiveMachine(
    engine,
    board.functions(() => machine.vm.memory()),
  );
  const hardware = keep(machine, new ClassAt(50));
  machine.setWord(L.OLD_SPACE_START + 48 + 8 + L.SPECIAL_HARDWARE * 4, hardware.address);
  return { machine, board, hardware };
}

/** An object of the test machine, which collects only when it is asked to. */
function keep(machine: PrimitiveMachine, value: Parameters<PrimitiveMachine["toOop"]>[0]): Oop {
  return new Oop(machine.toOop(value));
}

describe.each(["wasm", "ts"] as const)("hardware on engine %s", (engine) => {
  test("only the object in the special slot may ask, and nil never", async () => {
    const { machine, board, hardware } = await machineWithBoard(engine);
    const other = keep(machine, new ClassAt(51));
    for (const receiver of [other, null, 3]) {
      expect(machine.call(P.READ_PORT, receiver, 0x3f8, 1)).toBe(FAILED);
      expect(machine.call(P.WRITE_PORT, receiver, 0x3f8, 1, 65)).toBe(FAILED);
      expect(machine.call(P.LOAD_PHYSICAL, receiver, DEVICE, 4)).toBe(FAILED);
      expect(machine.call(P.STORE_PHYSICAL, receiver, DEVICE, 4, 1)).toBe(FAILED);
      expect(machine.call(P.READ_PHYSICAL, receiver, DEVICE, new Uint8Array(4), 1, 4)).toBe(FAILED);
      expect(machine.call(P.WRITE_PHYSICAL, receiver, DEVICE, new Uint8Array(4), 1, 4)).toBe(FAILED);
      expect(machine.call(P.BARRIER, receiver)).toBe(FAILED);
      expect(machine.call(P.CONNECT_INTERRUPT, receiver, 4, 20)).toBe(FAILED);
      expect(machine.call(P.FINISH_INTERRUPT, receiver, 4)).toBe(FAILED);
      expect(machine.call(P.HYPERCALL, receiver, 17, [])).toBe(FAILED);
      expect(machine.call(P.POWER_OFF, receiver, 0)).toBe(FAILED);
      expect(machine.call(P.REBOOT, receiver)).toBe(FAILED);
      expect(machine.call(P.PHYSICAL_ADDRESS, receiver, new Uint8Array(4))).toBe(FAILED);
      expect(machine.call(P.ADD_ENTROPY, receiver, new Uint8Array(4))).toBe(FAILED);
      expect(machine.call(P.WRITE_PORT_BYTES, receiver, 0x3f8, new Uint8Array(4), 1, 4)).toBe(FAILED);
      expect(machine.call(P.COMPARE_PHYSICAL, receiver, DEVICE, 4, 0, 1)).toBe(FAILED);
    }
    machine.setWord(L.OLD_SPACE_START + 48 + 8 + L.SPECIAL_HARDWARE * 4, L.NIL);
    expect(machine.call(P.READ_PORT, null, 0x3f8, 1)).toBe(FAILED);
    expect(machine.call(P.READ_PORT, hardware, 0x3f8, 1)).toBe(FAILED);
    expect(board.ports.size + board.calls.length).toBe(0);
  });

  test("ports carry one, two or four bytes", async () => {
    const { machine, board, hardware } = await machineWithBoard(engine);
    expect(machine.call(P.WRITE_PORT, hardware, 0x3f8, 1, 65)).toEqual(hardware);
    expect(machine.call(P.READ_PORT, hardware, 0x3f8, 1)).toBe(65n);
    expect(machine.call(P.WRITE_PORT, hardware, 0xcf8, 4, 0xfedcba98n)).toEqual(hardware);
    expect(board.ports.get(0xcf8)).toBe(0xfedcba98);
    expect(machine.call(P.READ_PORT, hardware, 0xcf8, 4)).toBe(0xfedcba98n);
    for (const [port, width] of [
      [0x10000, 1],
      [-1, 1],
      [0x3f8, 3],
      [0x3f8, 8],
      [0x3f8, 0],
    ] as const) {
      expect(machine.call(P.READ_PORT, hardware, port, width)).toBe(FAILED);
    }
    expect(machine.call(P.WRITE_PORT, hardware, 0x3f8, 1, -1)).toBe(FAILED);
    expect(machine.call(P.WRITE_PORT, hardware, 0x3f8, 4, 2n ** 32n)).toBe(FAILED);
  });

  test("bytes go to a port one after the other", async () => {
    const { machine, board, hardware } = await machineWithBoard(engine);
    expect(machine.call(P.WRITE_PORT_BYTES, hardware, 0x3f8, "gondola", 2, 4)).toEqual(hardware);
    expect(board.calls).toEqual([["bytes", 0x3f8, "ondo"]]);
    expect(machine.call(P.WRITE_PORT_BYTES, hardware, 0x3f8, "gondola", 5, 4)).toBe(FAILED);
    expect(machine.call(P.WRITE_PORT_BYTES, hardware, 0x10000, "gondola", 1, 4)).toBe(FAILED);
    expect(machine.call(P.WRITE_PORT_BYTES, null, 0x3f8, "gondola", 1, 4)).toBe(FAILED);
  });

  test("a value is stored where another one is expected", async () => {
    const { machine, board, hardware } = await machineWithBoard(engine);
    expect(machine.call(P.COMPARE_PHYSICAL, hardware, DEVICE + 4, 4, 0, 0xfedcba98n)).toBe(0n);
    expect(machine.call(P.COMPARE_PHYSICAL, hardware, DEVICE + 4, 4, 0, 7)).toBe(0xfedcba98n);
    expect(machine.call(P.COMPARE_PHYSICAL, hardware, DEVICE + 6, 2, 0xfedc, 1)).toBe(0xfedcn);
    expect([...board.bytes.subarray(4, 8)]).toEqual([0x98, 0xba, 1, 0]);
    expect(machine.call(P.COMPARE_PHYSICAL, hardware, DEVICE + 5, 4, 0, 1)).toBe(FAILED);
    expect(machine.call(P.COMPARE_PHYSICAL, hardware, DEVICE + 4, 1, 0, 1)).toBe(FAILED);
    expect(machine.call(P.COMPARE_PHYSICAL, hardware, DEVICE - 4, 4, 0, 1)).toBe(FAILED);
  });

  test("device registers are read and written in one access, written aligned", async () => {
    const { machine, board, hardware } = await machineWithBoard(engine);
    expect(machine.call(P.STORE_PHYSICAL, hardware, DEVICE + 8, 4, 0x89abcdefn)).toEqual(hardware);
    expect([...board.bytes.subarray(8, 12)]).toEqual([0xef, 0xcd, 0xab, 0x89]);
    expect(machine.call(P.LOAD_PHYSICAL, hardware, DEVICE + 8, 4)).toBe(0x89abcdefn);
    expect(machine.call(P.LOAD_PHYSICAL, hardware, DEVICE + 10, 2)).toBe(0x89abn);
    expect(machine.call(P.LOAD_PHYSICAL, hardware, DEVICE + 11, 1)).toBe(0x89n);
    expect(machine.call(P.LOAD_PHYSICAL, hardware, DEVICE + 9, 4)).toBe(0x0089abcdn);
    expect(machine.call(P.STORE_PHYSICAL, hardware, DEVICE + 9, 2, 1)).toBe(FAILED);
    expect(machine.call(P.LOAD_PHYSICAL, hardware, DEVICE - 4, 4)).toBe(FAILED);
    expect(machine.call(P.LOAD_PHYSICAL, hardware, -4, 4)).toBe(FAILED);
    expect(machine.call(P.LOAD_PHYSICAL, hardware, 2n ** 53n, 4)).toBe(FAILED);
  });

  test("copies of any size go through in pieces, and never past the bytes", async () => {
    const { machine, board, hardware } = await machineWithBoard(engine);
    const contents = Uint8Array.from({ length: 100_000 }, (_, index) => index % 253);
    expect(machine.call(P.WRITE_PHYSICAL, hardware, DEVICE + 3, contents, 1, contents.length)).toEqual(hardware);
    expect(Buffer.compare(board.bytes.subarray(3, 100_003), contents)).toBe(0);
    const back = machine.call(P.READ_PHYSICAL, hardware, DEVICE + 3, new Uint8Array(100_002), 2, 100_000);
    expect(Buffer.compare((back as Uint8Array).subarray(1, 100_001), contents)).toBe(0);
    expect(machine.call(P.READ_PHYSICAL, hardware, DEVICE, new Uint8Array(4), 2, 4)).toBe(FAILED);
    expect(machine.call(P.READ_PHYSICAL, hardware, DEVICE, new Uint8Array(4), 0, 4)).toBe(FAILED);
    expect(machine.call(P.READ_PHYSICAL, hardware, DEVICE - 1, new Uint8Array(4), 1, 4)).toBe(FAILED);
    const constant = keep(machine, new Uint8Array(4));
    machine.setFlags(constant, L.IMMUTABLE_BIT);
    expect(machine.call(P.READ_PHYSICAL, hardware, DEVICE, constant, 1, 4)).toBe(FAILED);
  });

  test("interrupts, barrier and power reach the host", async () => {
    const { machine, board, hardware } = await machineWithBoard(engine);
    machine.call(P.CONNECT_INTERRUPT, hardware, 4, 20);
    machine.call(P.CONNECT_INTERRUPT, hardware, 4, null);
    machine.call(P.FINISH_INTERRUPT, hardware, 4);
    machine.call(P.BARRIER, hardware);
    machine.call(P.POWER_OFF, hardware, 7);
    machine.call(P.REBOOT, hardware);
    expect(machine.call(P.POWER_OFF, hardware, 256)).toBe(FAILED);
    expect(machine.call(P.CONNECT_INTERRUPT, hardware, 4, -1)).toBe(FAILED);
    expect(board.calls).toEqual([
      ["connect", 4, 20],
      ["connect", 4, 0],
      ["finish", 4],
      ["barrier"],
      ["powerOff", 7],
      ["powerOff", -1],
    ]);
  });

  test("a hypercall carries five integers and answers a signed one", async () => {
    const { machine, board, hardware } = await machineWithBoard(engine);
    expect(machine.call(P.HYPERCALL, hardware, 32, [4, 2n ** 50n])).toBe(-22n);
    expect(machine.call(P.HYPERCALL, hardware, 99, [-1, 0, 0, 0, 5])).toBe(2n ** 40n);
    expect(machine.call(P.HYPERCALL, hardware, 98, [])).toBe(FAILED);
    expect(board.calls.slice(0, 2)).toEqual([
      ["hypercall", 32, 4, 2 ** 50, 0, 0, 0],
      ["hypercall", 99, -1, 0, 0, 0, 5],
    ]);
    expect(machine.call(P.HYPERCALL, hardware, 32, [1, 2, 3, 4, 5, 6])).toBe(FAILED);
    expect(machine.call(P.HYPERCALL, hardware, 32, [2n ** 53n])).toBe(FAILED);
    expect(machine.call(P.HYPERCALL, hardware, 32, ["x"])).toBe(FAILED);
    expect(machine.call(P.HYPERCALL, hardware, 32, 5)).toBe(FAILED);
  });

  test("only a pinned object has a physical address", async () => {
    const { machine, hardware } = await machineWithBoard(engine);
    const buffer = keep(machine, new Uint8Array(64));
    expect(machine.call(P.PHYSICAL_ADDRESS, hardware, buffer)).toBe(FAILED);
    machine.setFlags(buffer, L.PINNED_BIT);
    expect(machine.call(P.PHYSICAL_ADDRESS, hardware, buffer)).toBe(BigInt(buffer.address + 8 + 0x100000000));
  });
});

describe.each(["wasm", "ts"] as const)("entropy from devices on engine %s", (engine) => {
  test("reaches the host", async () => {
    const { machine, board, hardware } = await machineWithBoard(engine);
    expect(machine.call(P.ADD_ENTROPY, hardware, Uint8Array.of(3, 1, 4))).toEqual(hardware);
    expect(board.calls).toEqual([["entropy", 3, 1, 4]]);
    expect(machine.call(P.ADD_ENTROPY, hardware, [3, 1, 4])).toBe(FAILED);
  });
});

describe.each(["wasm", "ts"] as const)("the platform's text on engine %s", (engine) => {
  test("is a string that anybody may ask for", async () => {
    const text = "platform=guest\ncommand-line=größe\n";
    const machine: PrimitiveMachine = await createPrimitiveMachine(engine, {
      hostPlatformText: (address, capacity) => {
        const bytes = Buffer.from(text);
        machine.vm.memory().set(bytes.subarray(0, capacity), address);
        return bytes.length;
      },
    });
    expect(machine.call(P.PLATFORM_TEXT, null)).toBe(Buffer.from(text).toString("latin1"));
  });

  test("is empty where the platform says nothing, and there all hardware fails", async () => {
    const machine = await createPrimitiveMachine(engine);
    expect(machine.call(P.PLATFORM_TEXT, null)).toBe("");
    const hardware = keep(machine, new ClassAt(50));
    machine.setWord(L.OLD_SPACE_START + 48 + 8 + L.SPECIAL_HARDWARE * 4, hardware.address);
    expect(machine.call(P.READ_PORT, hardware, 0x3f8, 1)).toBe(FAILED);
    expect(machine.call(P.BARRIER, hardware)).toBe(FAILED);
    expect(machine.call(P.HYPERCALL, hardware, 17, [])).toBe(FAILED);
    expect(machine.call(P.POWER_OFF, hardware, 0)).toBe(FAILED);
  });
});
