// Builds dist/: the engines, the command, the library with its types, and the image. Each part is made again only when
// its inputs have changed.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { grammarRecipe } from "../../compiler/grammar.ts";
import { ensureImage } from "../../image/bootstrap/ensureImage.ts";
import { buildGuest, GuestBuildError, missingPackages } from "../guest/build.ts";
import { compiledEngineFile, projectRoot, writeAtomically } from "./compileEngine.ts";
import { builtStatus, inputStatus, stampFile } from "./freshness.js";
import { SOM_FOLDER } from "./somLibrary.ts";
import { TESTS_FOLDER } from "./testSources.ts";

const dist = join(projectRoot, "dist");
const IMAGE_FOLDER = join(projectRoot, "image");

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
    minifySyntax: true, // not the layout: of an uncaught error Node shows the line that threw it
    keepNames: true, // users see the names of the classes
    external: ["ohm-js"],
    define: { GRAMMAR_RECIPE: grammarRecipe() },
    logLevel: "warning",
  });
}

/** Packages that are no part of the image, but that some commands load into it. */
function copyPackages(names: string[], target: string): void {
  for (const name of names) {
    rmSync(join(target, name), { recursive: true, force: true });
    cpSync(join(IMAGE_FOLDER, name), join(target, name), { recursive: true });
  }
}

/** An installed package has no checkout to build a test image from. */
function copyTests(): void {
  const names = readdirSync(IMAGE_FOLDER).filter((name) => name.endsWith("-Tests"));
  copyPackages(names, join(dist, TESTS_FOLDER));
}

function emitTypes(): void {
  const tsc = join(projectRoot, "node_modules/.bin/tsc");
  execFileSync(tsc, ["-p", join(projectRoot, "platform/node/tsconfig.types.json")], { stdio: ["ignore", 2, 2] });
}

/** Nothing else needs the guest: without the tools it is left out, and `gondola boot` says what is missing. */
async function buildGuestIfPossible(): Promise<void> {
  if (missingPackages().length > 0) return;
  try {
    writeAtomically(join(dist, "gondola.elf"), readFileSync(await buildGuest()));
  } catch (error) {
    if (!(error instanceof GuestBuildError)) throw error;
    process.stderr.write(`The guest is left out. ${error.message}\n`);
  }
}

/** `--tests`: with the test image. `--image F`: F becomes a copy of the image (npm run image -- --image F). */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { tests: { type: "boolean" }, image: { type: "string" } } });
  if (values.tests) await ensureImage({ tests: true });
  await buildAll();
  if (values.image !== undefined) writeAtomically(values.image, readFileSync(join(dist, "gondola.image")));
}

async function buildAll(): Promise<void> {
  const status = inputStatus();
  copyTests();
  const isCurrent = builtStatus() === status && existsSync(join(dist, "gondola.image"));
  if (isCurrent) return;
  process.stderr.write("Building Gondola ...\n");
  await buildEngines();
  await buildGuestIfPossible();
  await ensureImage();
  await bundlePrograms();
  copyPackages([SOM_FOLDER], dist);
  emitTypes();
  writeAtomically(stampFile, `${JSON.stringify({ status })}\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`The build failed.\n${(error as Error).message}\n`);
  process.exitCode = 1;
}
