// Builds dist/: the engines, the command, the library with its types, and the image. Each part is made again only when
// its inputs have changed.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { grammarRecipe } from "../../compiler/grammar.ts";
import { ensureImage } from "../../image/bootstrap/ensureImage.ts";
import { buildGuest, missingPackages } from "../guest/build.ts";
import { compiledEngineFile, projectRoot, writeAtomically } from "./compileEngine.ts";
import { builtStatus, inputStatus, stampFile } from "./freshness.js";
import { SOM_FOLDER } from "./somLibrary.ts";

const dist = join(projectRoot, "dist");

async function buildEngines(): Promise<void> {
  for (const [engine, name] of [
    ["wasm", "vm.wasm"],
    ["ts", "vm.js"],
  ] as const) {
    writeAtomically(join(dist, name), readFileSync(await compiledEngineFile(engine)));
  }
}

/** The command and the library share most of their code, and what few commands need is loaded when they need it. */
async function bundlePrograms(): Promise<void> {
  for (const old of existsSync(dist) ? readdirSync(dist) : []) {
    if (/^chunk-.*\.js$/.test(old)) rmSync(join(dist, old));
  }
  await build({
    entryPoints: {
      gondola: join(projectRoot, "platform/node/gondola.ts"),
      index: join(projectRoot, "platform/node/index.ts"),
    },
    outdir: dist,
    bundle: true,
    splitting: true,
    chunkNames: "chunk-[hash]",
    format: "esm",
    platform: "node",
    target: "node20",
    minify: true,
    keepNames: true, // users see the names of the classes
    external: ["ohm-js"],
    define: { GRAMMAR_RECIPE: grammarRecipe() },
    logLevel: "warning",
  });
}

/** Loaded into an image only with SOM sources, so not a part of it. */
function copySomLibrary(): void {
  const target = join(dist, SOM_FOLDER);
  rmSync(target, { recursive: true, force: true });
  cpSync(join(projectRoot, "image", SOM_FOLDER), target, { recursive: true });
}

function emitTypes(): void {
  const tsc = join(projectRoot, "node_modules/.bin/tsc");
  execFileSync(tsc, ["-p", join(projectRoot, "platform/node/tsconfig.types.json")], { stdio: ["ignore", 2, 2] });
}

/** Only where the tools are there: nothing else needs the guest, and `gondola boot` says what is missing. */
async function buildGuestIfPossible(): Promise<void> {
  if (missingPackages().length > 0) return;
  writeAtomically(join(dist, "gondola.elf"), readFileSync(await buildGuest()));
}

async function main(): Promise<void> {
  const status = inputStatus();
  if (process.argv.includes("--tests")) await ensureImage({ tests: true });
  const isCurrent = builtStatus() === status && existsSync(join(dist, "gondola.image"));
  if (isCurrent) return;
  process.stderr.write("Building Gondola ...\n");
  await buildEngines();
  await buildGuestIfPossible();
  await ensureImage();
  await bundlePrograms();
  copySomLibrary();
  emitTypes();
  writeAtomically(stampFile, `${JSON.stringify({ status })}\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`The build failed.\n${(error as Error).message}\n`);
  process.exitCode = 1;
}
