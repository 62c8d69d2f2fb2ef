// Workspaces over TCP: the real command, real sockets.

import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { command, gondola, scratch, writeScratch } from "../support/gondola.ts";
import { hasTmux, Terminal } from "../support/terminal.ts";

const TOKEN = "a token with spaces";
const LIMIT_MS = 15_000;
const SIZE_QUESTION = "\x1b[6n";
const has = (program: string) => spawnSync("which", [program]).status === 0;

class Client {
  readonly socket: Socket;
  text = "";
  isClosed = false;

  constructor(port: number) {
    this.socket = connect(port, "127.0.0.1");
    this.socket.setEncoding("utf8");
    this.socket.on("data", (text: string) => {
      this.text += text;
    });
    this.socket.on("error", () => {});
    this.socket.on("close", () => {
      this.isClosed = true;
    });
  }

  send(text: string | Uint8Array): void {
    this.socket.write(text);
  }

  async waitFor(pattern: RegExp): Promise<string> {
    await until(
      () => pattern.test(this.text),
      () => `${pattern} did not come: ${JSON.stringify(this.text.slice(-2000))}`,
    );
    return this.text;
  }

  /** Sends and waits for what comes from then on. */
  async ask(text: string, pattern: RegExp): Promise<string> {
    this.text = "";
    this.send(text);
    return this.waitFor(pattern);
  }
}

async function until(condition: () => boolean, describe: () => string): Promise<void> {
  const end = Date.now() + LIMIT_MS;
  while (!condition()) {
    if (Date.now() > end) throw new Error(describe());
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

let server: ChildProcess;
let port = 0;

beforeAll(async () => {
  let output = "";
  const env = { ...process.env, XDG_STATE_HOME: scratch, GONDOLA_TOKEN: TOKEN };
  server = spawn(process.execPath, [command, "serve", "--workspace", "0"], { env });
  server.stdout?.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  await until(
    () => /port (\d+)/.test(output),
    () => `no port: ${output}`,
  );
  port = Number(/port (\d+)/.exec(output)?.[1]);
  expect(output).not.toContain(TOKEN);
});
afterAll(() => server?.kill());

/** Starts the client in a terminal and answers its question for the token. */
async function admit(terminal: Terminal): Promise<void> {
  terminal.start();
  await terminal.waitFor(/Token: ?$/);
  terminal.enter(TOKEN);
  await terminal.waitFor(/\nst> ?$/);
}

/** As nc is: sends lines, echoes them itself. */
async function lineClient(): Promise<Client> {
  const client = new Client(port);
  await client.waitFor(/^Token: $/);
  await client.ask(`${TOKEN}\n`, /st> $/);
  return client;
}

/** As socat in raw mode is: sends keys, answers questions of escape sequences. */
async function keyClient(): Promise<Client> {
  const client = new Client(port);
  await client.waitFor(/^Token: $/);
  for (const key of TOKEN) client.send(key);
  client.send("\r");
  await until(
    () => client.text.includes(SIZE_QUESTION),
    () => "no question",
  );
  await client.ask("\x1b[30;60R", /st> /);
  return client;
}

describe("a workspace over TCP", () => {
  test("a wrong token gets one sentence and the end", async () => {
    for (const token of ["wrong", "", `${TOKEN}x`, TOKEN.slice(1), "x".repeat(300), "\xff\xfe"]) {
      const client = new Client(port);
      await client.waitFor(/^Token: $/);
      client.send(`${token}\n`);
      await client.waitFor(/That is not the token\.\r?\n$/);
      await until(
        () => client.isClosed,
        () => "still open",
      );
    }
  });

  test("lines are evaluated; an error waits and can go on", async () => {
    const client = await lineClient();
    await client.ask("3 + 4\n", /^7\nst> $/);
    await client.ask("#(1 2)\r\n", /^#\(1 2\)\nst> $/);
    await client.ask("(1\n", /^ {2}> $/);
    await client.ask("+ 2)\n", /^3\nst> $/);
    await client.ask("1/0\n", /ZeroDivide[\s\S]*st 1> $/);
    await client.ask(":return 5\n", /^5\nst> $/);
    client.send(":quit\n");
    await until(
      () => client.isClosed,
      () => "still open",
    );
  });

  test("keys are edited, the size is that of the other end", async () => {
    const client = await keyClient();
    await client.ask("3 + 5\x7f4\r", /\r\n7\r\n.*st> /);
    await client.ask("x := 'abc\x1b[D\x1b[D\x1b[D12\x05' size\r", /\r\n5\r\n/);
    const wrapped = await client.ask(
      "'0123456789012345678901234567890123456789012345678901234567890' size\r",
      /\r\n61\r\n/,
    );
    expect(wrapped).toMatch(/45678901234\r\n567890' size/);
    client.socket.destroy();
  });

  test("two people work at the same time, each with variables of their own, in one image", async () => {
    const [anna, ben] = [await lineClient(), await keyClient()];
    await anna.ask("x := 1\n", /^1\nst> $/);
    await ben.ask("x := 2\r", /\r\n2\r\n/);
    await anna.ask("Smalltalk at: #Shared put: 30\n", /^30\nst> $/);
    await ben.ask("Shared + x\r", /\r\n32\r\n/);
    await anna.ask("x\n", /^1\nst> $/);
    ben.send("[true] whileTrue\r");
    await anna.ask("1000 factorial / 998 factorial\n", /^999000\nst> $/);
    await anna.ask("Transcript show: 'only anna'; lf\n", /^only anna\n[\s\S]*st> $/);
    await ben.ask("\x03", /Interrupted\..*\r\n[\s\S]*st> /);
    expect(ben.text).not.toContain("only anna");
    await anna.ask("1/0\n", /ZeroDivide[\s\S]*st 1> $/);
    await ben.ask("3 + 4\r", /\r\n7\r\n.*st> /);
    for (const client of [anna, ben]) client.socket.destroy();
  });

  test("a cut connection ends its workspace and its processes, and no other", async () => {
    const watcher = await lineClient();
    const others =
      "(Process allSubInstances count: [:each | each isTerminated not and: [each name beginsWith: 'victim']])";
    const victim = await keyClient();
    await victim.ask("[(Delay forSeconds: 100) wait] fork name: 'victim fork'\r", /\r\n.*victim.*\r\n/);
    victim.send("Processor activeProcess name: 'victim'. [true] whileTrue\r");
    await until(
      () => true,
      () => "",
    );
    let seen = "";
    for (let attempt = 0; attempt < 50 && seen !== "2"; attempt++) {
      seen = (await watcher.ask(`${others}\n`, /^\d+\nst> $/)).split("\n")[0];
    }
    expect(seen).toBe("2");
    victim.socket.destroy();
    for (let attempt = 0; attempt < 200 && seen !== "0"; attempt++) {
      seen = (await watcher.ask(`${others}\n`, /^\d+\nst> $/)).split("\n")[0];
    }
    expect(seen).toBe("0");
    await watcher.ask("3 + 4\n", /^7\nst> $/);
    watcher.socket.destroy();
  });

  test("connections that say nothing, noise, and ends at any moment leave the image whole", async () => {
    let seed = Number(process.env.SEED ?? (Date.now() & 0x7fffffff) | 1);
    const name = `SEED=${seed}`;
    const random = (limit: number) => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return (seed >> 8) % limit;
    };
    for (let round = 0; round < 12; round++) {
      const client = round % 3 === 0 ? new Client(port) : await keyClient();
      const noise = Uint8Array.from({ length: random(400) }, () => random(256));
      client.send(noise);
      client.send("\r[true] whileTrue\r");
      await new Promise((resolve) => setTimeout(resolve, random(60)));
      if (round % 2 === 0) client.send("\x03");
      client.socket.destroy();
    }
    const client = await lineClient();
    await client.ask("3 + 4\n", /^7\nst> $/).catch((error) => {
      throw new Error(`${name}: ${error.message}`);
    });
    client.socket.destroy();
  });

  test("a megabyte pasted at once is taken, a line without end is refused with one sentence", async () => {
    const client = await keyClient();
    await client.ask(`\x1b[200~'${"text of many lines\n".repeat(55_000)}' size\x1b[201~\r`, /\r\n1045000\r\n/);
    client.socket.destroy();
    const lines = await lineClient();
    lines.text = "";
    for (let index = 0; index < 5; index++) lines.send("x".repeat(1 << 20));
    await lines.ask("\n", /^An input of more than 4194304 characters is not taken; :load reads files\.\nst> $/);
    await lines.ask("3 + 4\n", /^7\nst> $/);
    lines.socket.destroy();
  });

  test.skipIf(!hasTmux || !has("telnet"))("telnet sends keys and the size of its window", async () => {
    const terminal = new Terminal(["telnet", "127.0.0.1", `${port}`], { columns: 50, rows: 20 });
    try {
      await admit(terminal);
      terminal.type("OrderedColl");
      terminal.press("Tab");
      await terminal.waitFor(/st> OrderedCollection$/);
      terminal.press("C-u");
      terminal.enter(`'${"0123456789".repeat(6)}' size`);
      await terminal.waitFor(/st> '.{45}\n.*\n60\nst> ?$/);
      terminal.enter("[true] whileTrue");
      await new Promise((resolve) => setTimeout(resolve, 300));
      terminal.press("C-c");
      await terminal.waitFor(/Interrupted\.\n.*DoIt.*\nst> ?$/);
      terminal.press("C-d");
      await terminal.waitFor(/STATUS/);
    } finally {
      terminal.stop();
    }
  });

  test.skipIf(!hasTmux || !has("socat"))("socat in raw mode is a terminal with all keys", async () => {
    const terminal = new Terminal(["socat", "-,raw,echo=0", `TCP:127.0.0.1:${port}`], { columns: 50, rows: 20 });
    try {
      await admit(terminal);
      terminal.type("3 + 5");
      terminal.press("Left", "Left", "Left", "Left", "Delete");
      terminal.type("-");
      terminal.press("Enter");
      await terminal.waitFor(/st> 3-\+ 5\n[\s\S]*st 1> ?$/);
      expect(terminal.screen(true)).toContain("\x1b[1mst> ");
    } finally {
      terminal.stop();
    }
  });
});

test("wrong usage is told in a line", async () => {
  const cases: [string[], RegExp, number][] = [
    [["serve"], /serve needs --workspace and a port/, 2],
    [["serve", "--workspace", "zork"], /--workspace takes a port/, 2],
    [["serve", "--workspace", "0", "--token", ""], /a token is one line/, 2],
    [["serve", "--workspace", "0", "--token", "a", "--token-file", "b"], /name the token once/, 2],
    [["serve", "--workspace", "0", "--token-file", "/missing"], /\/missing cannot be read\./, 3],
    [["serve", "--workspace", `${port}`], /127\.0\.0\.1:\d+ is in use\./, 1],
    [["serve", "--workspace", "0", "/missing.image"], /\/missing\.image/, 3],
  ];
  for (const [words, message, status] of cases) {
    const outcome = await gondola(words);
    expect(outcome.errors).toMatch(message);
    expect(outcome.status).toBe(status);
  }
});

test("without a token one is made and printed; a file keeps one", async () => {
  const file = writeScratch("token", "from a file\n");
  const made = await startAndStop([]);
  expect(made).toMatch(/\nToken: [0-9a-f]{32}\n$/);
  expect(await startAndStop(["--token-file", file])).not.toMatch(/Token|from a file/);
});

async function startAndStop(words: string[]): Promise<string> {
  const script = `"$@" & sleep 2; kill $!; wait $!`;
  const env = { ...process.env, GONDOLA_TOKEN: undefined };
  const all = ["-c", script, "sh", process.execPath, command, "serve", "--workspace", "0", ...words];
  return execFileSync("sh", all, { encoding: "utf8", env });
}
