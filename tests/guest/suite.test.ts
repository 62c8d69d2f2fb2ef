// The tests of the class library, run inside a guest: each comes to the same as on Node.

import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { gondola, root } from "../support/gondola.ts";
import { boot, fastest, imageOf, obstacle } from "./guestMachine.ts";

const testImage = join(root, "dist/test.image");
const LIMIT_MS = 240_000;

function outcomes(output: string): string[] {
  return output.split("\n").filter((line) => line.startsWith("test "));
}

describe.skipIf(obstacle)(`the suite of the class library ${obstacle ?? ""}`, () => {
  test(
    `has the same results on ${fastest.name} as on Node, test by test`,
    async () => {
      const image = await imageOf("suite", testImage);
      const onNode = await gondola(["eval", "--image", image, "GuestBehavior start"]);
      const onGuest = await boot(fastest, { image, memoryMiB: 256, limitMs: LIMIT_MS - 20_000 });
      expect(onGuest.output).toContain("end of the suite\n");
      expect(outcomes(onGuest.output)).toEqual(outcomes(onNode.output));
      expect(outcomes(onNode.output).length).toBeGreaterThan(300);
    },
    LIMIT_MS,
  );
});
