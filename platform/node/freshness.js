// Whether dist/ was made from the sources as they are now. `npm start` asks at every start, so this looks only at names,
// sizes and times, and is plain JavaScript, which needs no compiler.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));
const FOLDERS = ["vm", "compiler", "image", "platform/node", "platform/guest"];
const SINGLE_FILES = ["package.json", "package-lock.json"];
const INPUT = /\.(ts|js|ohm|st|c|h|S|ld)$/;
const STAMP = `${root}dist/build.json`;

/** @returns {string} digest of the state of all inputs of a build */
export function inputStatus() {
  const hash = createHash("sha256");
  for (const file of [...SINGLE_FILES, ...FOLDERS.flatMap(inputsBelow)]) {
    const { size, mtimeMs } = statSync(root + file);
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest("hex");
}

/** @param {string} folder @returns {string[]} */
function inputsBelow(folder) {
  const entries = readdirSync(root + folder, { withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name.endsWith("-Tests") ? [] : inputsBelow(path);
    return INPUT.test(entry.name) ? [path] : [];
  });
}

/** @returns {string | undefined} the status that dist/ was built from */
export function builtStatus() {
  try {
    return JSON.parse(readFileSync(STAMP, "utf8")).status;
  } catch {
    return undefined;
  }
}

export { STAMP as stampFile };
