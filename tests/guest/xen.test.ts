// The guest as a PVH domain of the real Xen hypervisor, which a rig boots in QEMU: XEN_RIG names it, or it is on the path as
// xen-rig. Its options are those of xl and of the dom0 commands that play the administrator.

import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { buildGuest } from "../../platform/guest/build.ts";
import { scratch } from "../support/gondola.ts";
import { defaultImage, obstacle as guestObstacle, imageOf } from "./guestMachine.ts";

const RIG = process.env.XEN_RIG || "xen-rig";
/** The first run downloads Xen and a dom0 from Debian. */
const LIMIT_MS = 300_000;

const obstacle =
  guestObstacle ??
  (spawnSync(RIG, ["--help"]).status === 0 ? undefined : "skipped, for want of a Xen: XEN_RIG names no rig");

interface Outcome {
  status: number | null;
  /** The guest's console, with what the dom0 commands wrote. */
  output: string;
  errors: string;
}

async function domain(image: string, options: string, words: string[]): Promise<Outcome> {
  const guest = ["--kernel", await buildGuest(), "--ramdisk", image, "--memory", "64", "--cmdline", options];
  return new Promise((resolve, reject) => {
    const rig = spawn(RIG, [...guest, "--wait-exit", ...words]);
    let [output, errors] = ["", ""];
    rig.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
    rig.stderr.setEncoding("utf8").on("data", (text) => {
      errors += text;
    });
    rig.on("error", reject);
    rig.on("close", (status) => resolve({ status, output: output.replace(/\r\n/g, "\n"), errors }));
  });
}

describe.skipIf(obstacle)(`a domain of Xen ${obstacle ?? ""}`, { timeout: LIMIT_MS }, () => {
  test("uses console, xenstore, clock and collector, and obeys `xl shutdown`", async () => {
    const orders = "xenstore-write /local/domain/$DOMID/data/order lunch; xenstore-ls /local/domain/$DOMID/data";
    const { status, output, errors } = await domain(await imageOf("xenstore"), "start=GuestBehavior", [
      ...["--run-after", "working", "--dom0-run", orders, "--dom0-run", "sleep 1; xl shutdown $DOMID"],
    ]);
    expect(status, output + errors).toBe(0);
    for (const line of [
      ...["Xen XenConsole", "name guest", "missing nil", "long 1900", "transaction 5", "refused EACCES"],
      ...["console granted true", "entry 5 revoked true 0"],
      ...["Xen \\d+\\.\\d+ with feature 8: 1", "port again: true"],
      ...["kept 200, heap sound: true", "time passed: true", "working", "ordered lunch"],
      ...["The host switches this machine off.", "stopped in order"],
    ]) {
      expect(output).toMatch(new RegExp(`^${line}$`, "m"));
    }
    expect(output).toContain('greeting = "hello from Smalltalk"');
    const seconds = Number(/utc (\d+)/.exec(output)?.[1]);
    expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(3600);
  });

  test("starts anew when `xl reboot` wants it", async () => {
    const { status, output, errors } = await domain(await imageOf("xenstore"), "start=GuestBehavior", [
      ...["--exit-reason", "reboot", "--run-after", "working", "--dom0-run", "xl reboot $DOMID"],
    ]);
    expect(status, output + errors).toBe(0);
    expect(output).toMatch(/^The host starts this machine anew\.\nstopped in order$/m);
  });

  test("answers at its prompt, and Ctrl-D ends it", async () => {
    const typed = join(scratch, "typed.txt");
    writeFileSync(typed, "3 + 4\r\x04");
    const { status, output, errors } = await domain(defaultImage, "", ["--input", typed, "--input-after", "st> "]);
    expect(status, output + errors).toBe(0);
    expect(output).toMatch(/^7$/m);
  });

  test("writes a million bytes, more than its ring holds, in order", async () => {
    const { status, output, errors } = await domain(await imageOf("flood"), "start=GuestBehavior", []);
    expect(status, output.slice(-200) + errors).toBe(0);
    const flood = Array.from({ length: 1_000_000 }, (_, index) =>
      String.fromCharCode((((index % 100_000) + 1) % 64) + 33),
    );
    expect(output.includes(`${flood.join("")}\nwritten\n`)).toBe(true);
  });
});
