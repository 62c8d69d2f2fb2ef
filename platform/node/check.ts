// `npm run check`: every check that needs no image. tsc and asc look at types, Biome at style, the tidy test at the
// project's own rules.

import { spawnSync } from "node:child_process";
import { compileEngine, projectRoot } from "./compileEngine.ts";

let failed = 0;

function runTool(title: string, command: string, words: string[]): void {
  const { status } = spawnSync(`node_modules/.bin/${command}`, words, { cwd: projectRoot, stdio: "inherit" });
  report(title, status === 0);
}

function report(title: string, passed: boolean): void {
  process.stdout.write(`${passed ? "ok    " : "FAILED"}  ${title}\n`);
  if (!passed) failed++;
}

runTool("tsc: types", "tsc", []);
try {
  await compileEngine("wasm");
  report("asc: types of the machine", true);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  report("asc: types of the machine", false);
}
runTool("biome: style", "biome", ["check", "--max-diagnostics=30"]);
runTool("tidy: rules of this project", "vitest", [
  "run",
  "--config",
  "tests/vitest.config.ts",
  "--reporter=dot",
  "tests/tidy",
]);
process.exitCode = failed > 0 ? 1 : 0;
