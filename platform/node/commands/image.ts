// gondola image build|info|verify F

import { describeImage } from "../../../image/describe.ts";
import { IMAGE_IS_STRIPPED, readImageFile, readOwnImageFile, saveImageFile } from "../../../image/file.ts";
import { CommandError, EXIT_BAD_FILE, type ParsedCommandLine, UsageError, writeOutput } from "../commandLine.ts";
import { openSession } from "../commandSession.ts";
import { defaultImageFile } from "../distribution.ts";
import { GlobalName } from "../wire.ts";

const CLASSES_SHOWN = 20;

export async function run(parsed: ParsedCommandLine): Promise<number> {
  const [action, file, ...rest] = parsed.operands;
  if (!["build", "info", "verify"].includes(action)) throw new UsageError("image needs build, info or verify");
  if (file === undefined || rest.length > 0) throw new UsageError(`image ${action} needs one file`);
  if (parsed.strip && action !== "build") throw new UsageError(`image ${action} does not take --strip`);
  if (parsed.image !== undefined && action !== "build") throw new UsageError(`image ${action} does not take --image`);
  if (action === "build") await build(file, parsed);
  else if (action === "info") writeOutput(describe(file));
  else await verify(file, parsed);
  return 0;
}

/** The build put a fresh image of the class library into dist/; every other one is its copy, or made of another image. */
async function build(file: string, parsed: ParsedCommandLine): Promise<void> {
  const base = parsed.image;
  if (parsed.strip) await strip(file, parsed);
  else saveImageFile(file, base === undefined ? readOwnImageFile(defaultImageFile) : readImageFile(base));
  const what = base === undefined ? "a fresh image of the class library" : `a copy of ${base}`;
  writeOutput(`${file}: ${what}${parsed.strip ? " without sources" : ""}\n`);
}

/** Only the image itself knows where all of it is. */
async function strip(file: string, parsed: ParsedCommandLine): Promise<void> {
  const session = openSession(parsed);
  try {
    await session.send(new GlobalName("Smalltalk"), "stripSources", []);
    await session.save(file, IMAGE_IS_STRIPPED);
  } finally {
    session.close();
  }
}

function describe(file: string): string {
  const { header, classCount, methodCount, objectCount, classes } = describeImage(readImageFile(file));
  const facts: [string, string][] = [
    ...header,
    ["classes", String(classCount)],
    ["methods", String(methodCount)],
    ["objects", String(objectCount)],
  ];
  const lines = facts.map(([name, value]) => `${name.padEnd(10)} ${value}`);
  const uses = classes
    .slice(0, CLASSES_SHOWN)
    .map(
      ({ className, count, sizeInBytes }) =>
        `${String(sizeInBytes).padStart(10)} bytes ${String(count).padStart(8)}  ${className}`,
    );
  return `${[...lines, "", ...uses].join("\n")}\n`;
}

/** Checksums first; then the machine loads it and looks at every reference of every object. */
async function verify(file: string, parsed: ParsedCommandLine): Promise<void> {
  readImageFile(file);
  const session = openSession({ ...parsed, image: file });
  try {
    const isSound = await session.send(new GlobalName("HostTools"), "verifyHeap", [], { timeoutMs: 60_000 });
    if (isSound !== true) throw new CommandError(`${file} is damaged: an object refers to none.`, EXIT_BAD_FILE);
  } finally {
    session.close();
  }
  writeOutput(`${file}: sound\n`);
}
