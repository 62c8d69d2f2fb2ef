// What a workspace in the image asks of this program: files and the history (image/Host/HostServices is the other side).

import { homedir } from "node:os";
import { renderDiagnostic } from "../../compiler/sourceError.ts";
import { describeFailure } from "./commandSession.ts";
import { registerFiles } from "./fileServices.ts";
import type { Session } from "./session.ts";
import { GlobalName } from "./wire.ts";
import { addHistory, readHistory } from "./workspaceHistory.ts";

/** `onInterrupt` is called when the image has noticed an interrupt signal. */
export function registerServices(session: Session, onInterrupt: () => void = () => {}): void {
  registerFiles(session);
  const loads = new Map<unknown, AbortController>();
  session.channel.register("workspace.load", async (path, workspace) => {
    const controller = new AbortController();
    loads.set(workspace, controller);
    try {
      return await load(session, withHome(path as string), controller.signal);
    } finally {
      loads.delete(workspace);
    }
  });
  session.channel.register("workspace.interruptLoad", (workspace) => loads.get(workspace)?.abort());
  session.channel.register("workspace.save", (file) => session.save(withHome(file as string)));
  session.channel.register("workspace.readHistory", () => readHistory());
  session.channel.register("workspace.addHistory", (entry) => addHistory(entry as string));
  session.channel.register("workspace.interrupted", () => onInterrupt());
  session.channel.register("stream.close", (stream) => session.connections.close(stream as number));
}

/** The home folder as shells write it, since no shell has seen what was typed at the prompt. */
function withHome(path: string): string {
  return path.replace(/^~(?=$|\/)/, () => homedir());
}

/** The source formats are read here, by modules that most runs do not need. */
async function load(session: Session, path: string, signal: AbortSignal): Promise<string> {
  const { loadLibrary } = await import("./loader.ts");
  const { readAllSources, sourceFilesAt } = await import("./sourceFiles.ts");
  const names = (await session.send(new GlobalName("HostTools"), "workspaceVariables", [])) as string[];
  for (const name of names) session.environment.declare(name);
  const files = sourceFilesAt(path);
  const said: string[] = [];
  try {
    await loadLibrary(session, readAllSources(files), {
      warn: (diagnostic, origin) => said.push(renderDiagnostic(diagnostic, origin, "warning")),
      signal,
    });
  } catch (error) {
    throw new Error([...said, describeFailure(error)].join("\n"));
  }
  return [...said, `Loaded ${files.length === 1 ? files[0] : `${files.length} files`}.`].join("\n");
}
