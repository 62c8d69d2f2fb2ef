// The built images are kept in dist/ and are built again only when something that they are made from has changed: class
// library, compiler, machine, or this bootstrap. The check at every start looks at names, sizes and times of the files;
// only when these differ from the last time (a fresh checkout, say) are their contents compared.

import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "../..");
const INPUT_FOLDERS = ["image", "compiler", "vm"];
const INPUT_FILE = /\.(st|ts|ohm)$/;
/** The test packages only matter to the test image. */
const TEST_PACKAGE = /-Tests$/;

export interface EnsureOptions {
  /** The image with the test packages besides. */
  tests?: boolean;
  /** Told before the image is built, which takes seconds. */
  onBuild?(): void;
}

interface Stamp {
  /** Digest of names, sizes and times. */
  status: string;
  /** Digest of names and contents. */
  content: string;
}

export function imagePath(tests = false): string {
  return path.join(ROOT, "dist", tests ? "test.image" : "gondola.image");
}

/** Answers the path of an image that is up to date; builds it when it is not. Throws BuildError when it cannot be. */
export async function ensureImage(options: EnsureOptions = {}): Promise<string> {
  const { tests = false } = options;
  const image = imagePath(tests);
  const files = inputFiles(tests);
  const status = digestOf(files, statusOf);
  const stamp = readStamp(image);
  if (stamp?.status === status) return image;
  const content = digestOf(files, fs.readFileSync);
  if (stamp?.content !== content) {
    options.onBuild?.();
    await build(image, tests);
  }
  fs.writeFileSync(stampPath(image), JSON.stringify({ status, content } satisfies Stamp));
  return image;
}

/** The compiler is loaded only when it is needed. */
async function build(image: string, tests: boolean): Promise<void> {
  const { buildImageFile } = await import("./build.ts");
  fs.mkdirSync(path.dirname(image), { recursive: true });
  await buildImageFile(image, { tests });
}

function inputFiles(tests: boolean): string[] {
  return INPUT_FOLDERS.flatMap((folder) => filesBelow(path.join(ROOT, folder), tests));
}

function filesBelow(folder: string, tests: boolean): string[] {
  const entries = fs.readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) return tests || !TEST_PACKAGE.test(name) ? filesBelow(name, tests) : [];
    return INPUT_FILE.test(name) ? [name] : [];
  });
}

function statusOf(file: string): string {
  const { size, mtimeMs } = fs.statSync(file);
  return `${size} ${mtimeMs}`;
}

function digestOf(files: readonly string[], aspect: (file: string) => string | Uint8Array): string {
  const hash = createHash("sha256");
  for (const file of files) hash.update(path.relative(ROOT, file)).update("\0").update(aspect(file)).update("\0");
  return hash.digest("hex");
}

function stampPath(image: string): string {
  return `${image}.inputs.json`;
}

/** Undefined when there is no image or nobody knows what it was made from. */
function readStamp(image: string): Stamp | undefined {
  try {
    fs.accessSync(image);
    return JSON.parse(fs.readFileSync(stampPath(image), "utf8"));
  } catch {
    return undefined;
  }
}
