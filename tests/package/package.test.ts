// What users install: the packed package in an empty folder.

import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root, run } from "../support/gondola.ts";

test("npm pack gives a package that works in an empty folder", { timeout: 180_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "gondola-package-"));
  const packed = await run("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: root });
  expect(packed.errors + packed.output).toContain(".tgz");
  const archive = readdirSync(folder).find((name) => name.endsWith(".tgz")) as string;
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  const installed = await run("npm", ["install", "--no-audit", "--no-fund", `./${archive}`], { cwd: folder });
  expect(installed.status, installed.errors).toBe(0);
  expect(readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith("."))).toEqual([
    "gondola",
    "ohm-js",
  ]);

  const evaluated = await run("npx", ["gondola", "eval", "3 + 4"], { cwd: folder });
  expect([evaluated.status, evaluated.output]).toEqual([0, "7\n"]);

  const program =
    'import { Image } from "gondola"; const image = await Image.open();\n' +
    'console.log(await image.evaluate("100 factorial printString size")); image.close();';
  writeFileSync(join(folder, "program.js"), program);
  expect((await run(process.execPath, ["program.js"], { cwd: folder })).output).toBe("158\n");
});
