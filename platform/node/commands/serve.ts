// gondola serve --workspace PORT [IMAGE]

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { CommandError, EXIT_FAILED, type ParsedCommandLine, UsageError, writeOutput } from "../commandLine.ts";
import { guard, openSession } from "../commandSession.ts";
import { version } from "../distribution.ts";
import { descriptorSink } from "../host.ts";
import { GlobalName } from "../wire.ts";
import { registerServices } from "../workspaceServices.ts";

const LOOPBACK = "127.0.0.1";
const MOST_CONNECTIONS = 64;
const LONGEST_TOKEN = 256;

export async function run(parsed: ParsedCommandLine): Promise<number> {
  const { operands, workspace, host = LOOPBACK } = parsed;
  if (workspace === undefined) throw new UsageError("serve needs --workspace and a port");
  if (operands.length > 1) throw new UsageError("serve takes one image");
  const given = givenToken(parsed);
  const token = given ?? randomBytes(16).toString("hex");
  const server = createServer({ noDelay: true, keepAlive: true });
  await listen(server, workspace, host);
  const session = openSession({ ...parsed, image: operands[0] ?? parsed.image }, descriptorSink(1));
  registerServices(session);
  const sockets = new SocketQueue(server);
  session.channel.register("workspace.accept", async () => session.connections.add(await sockets.next()));
  for (const name of ["SIGINT", "SIGTERM"]) process.on(name, () => process.exit(0));
  announce(server, given === undefined ? token : undefined);
  return guard(session, async () => {
    const greeting = `Gondola ${version}. :help shows what can be done here.`;
    await session.send(new GlobalName("WorkspaceServer"), "serve:greeting:strict:", [token, greeting, parsed.strict]);
  });
}

/** From the command line, a file or the environment; undefined when one is to be made. */
function givenToken({ token, tokenFile }: ParsedCommandLine): string | undefined {
  if (token !== undefined && tokenFile !== undefined) throw new UsageError("name the token once");
  const text = tokenFile === undefined ? (token ?? process.env.GONDOLA_TOKEN) : readToken(tokenFile);
  if (text === undefined) return undefined;
  if (text === "" || /[\r\n]/.test(text) || Buffer.byteLength(text) > LONGEST_TOKEN) {
    throw new UsageError(`a token is one line of 1 to ${LONGEST_TOKEN} bytes`);
  }
  return text;
}

function readToken(file: string): string {
  try {
    return readFileSync(file, "utf8").replace(/\r?\n$/, "");
  } catch {
    throw new CommandError(`${file} cannot be read.`, 3);
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  server.maxConnections = MOST_CONNECTIONS;
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const reason = error.code === "EADDRINUSE" ? "is in use" : `cannot be listened at (${error.code})`;
      reject(new CommandError(`${host}:${port} ${reason}.`, EXIT_FAILED));
    });
    server.listen(port, host, resolve);
  });
}

function announce(server: Server, madeToken: string | undefined): void {
  const { address, port } = server.address() as { address: string; port: number };
  writeOutput(`Workspaces at ${address} port ${port}, for telnet, nc or socat -,raw,echo=0.\n`);
  if (madeToken !== undefined) writeOutput(`Token: ${madeToken}\n`);
}

/** Connections that the image has not asked for yet. */
class SocketQueue {
  private readonly sockets: Socket[] = [];
  private take: ((socket: Socket) => void) | undefined;

  constructor(server: Server) {
    server.on("connection", (socket) => {
      socket.on("error", () => {}); // the end of the connection tells enough
      this.add(socket);
    });
  }

  private add(socket: Socket): void {
    const take = this.take;
    this.take = undefined;
    if (take) take(socket);
    else this.sockets.push(socket);
  }

  next(): Promise<Socket> {
    const socket = this.sockets.shift();
    if (socket) return Promise.resolve(socket);
    return new Promise((resolve) => {
      this.take = resolve;
    });
  }
}
