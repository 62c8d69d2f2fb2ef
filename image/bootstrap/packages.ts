// The packages of the class library, in the order in which they build on each other, and their files.

import * as fs from "node:fs";
import * as path from "node:path";

/** What every image has. */
export const SYSTEM_PACKAGES = [
  "Kernel",
  "Numbers",
  "Collections",
  "Streams",
  "Regex",
  "Chronology",
  "Announcements",
  "SUnit",
  "Compiler",
  "Traits",
  "Host",
  "Workspace",
  "Platform",
  "Files",
  "Drivers",
  "Xen",
  "Bootstrap",
] as const;

const SOURCE_FILE = /\.(class|extension|trait)\.st$/;

/** The Tonel files of one package's folder, classes before extensions, each in alphabetical order of their paths. */
export function packageFiles(folder: string): string[] {
  const names = fs.readdirSync(folder).filter((name) => SOURCE_FILE.test(name));
  const isExtension = (name: string) => name.endsWith(".extension.st");
  const rank = (name: string) => `${isExtension(name) ? 1 : 0}${name}`;
  return names.sort((a, b) => (rank(a) < rank(b) ? -1 : 1)).map((name) => path.join(folder, name));
}

/** The folder of a package: that of the class library itself unless one of `roots` has it. */
export function packageFolder(name: string, roots: readonly string[]): string | undefined {
  return roots.map((root) => path.join(root, name)).find((folder) => fs.existsSync(folder));
}

/** The packages of an image: those of the system, and with `tests` their test packages, as far as they have any. */
export function imagePackages(tests: boolean, root: string): string[] {
  if (!tests) return [...SYSTEM_PACKAGES];
  const testPackages = SYSTEM_PACKAGES.map((name) => `${name}-Tests`);
  return [...SYSTEM_PACKAGES, ...testPackages.filter((name) => packageFolder(name, [root]) !== undefined)];
}
