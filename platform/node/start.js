// `npm start`: builds what is not up to date, then hands over to the command in dist/.

import { execFileSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { builtStatus, inputStatus, root } from "./freshness.js";

if (builtStatus() !== inputStatus()) {
  try {
    execFileSync(process.execPath, ["--import", "tsx", `${root}platform/node/build.ts`], {
      cwd: root,
      stdio: ["ignore", 2, 2],
    });
  } catch {
    process.exit(1);
  }
}
await import(pathToFileURL(`${root}dist/gondola.js`).href);
