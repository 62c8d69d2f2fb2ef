// gondola --help, gondola COMMAND --help, gondola --version

import { EXIT_GOOD, type ParsedCommandLine, UsageError, writeOutput } from "../commandLine.ts";
import { version } from "../distribution.ts";

const GENERAL = `Usage: gondola [COMMAND] [OPTION ...]

  gondola [repl] [IMAGE]            work in an image: a prompt for Smalltalk
  gondola eval 'EXPRESSION' ...     evaluate, print the last value
  gondola run FILE.st ... [WORD ...] run scripts, with arguments
  gondola load PATH ... --save F    load code into an image and save it
  gondola test [PATTERN]            run the SUnit tests of an image
  gondola serve --workspace PORT    workspaces for everybody who connects and knows the token
  gondola image build|info|verify F
  gondola boot [IMAGE]              run an image on a hypervisor, with nothing under it
  gondola guest build|config        make the guest, or a hypervisor's configuration
  gondola bench [NAME ...]          measure

  --engine wasm|ts   the form of the machine: wasm (default) or ts (its source, for debugging)
  --translate-after N  activations after which a method is translated to WebAssembly (300); 0: never, all is interpreted
  --compiler ohm     compile with the compiler outside the image, not with the image's own
  --image F          the image to begin with; a fresh one of the class library otherwise
  --memory N         the most memory that the image may use, in MiB
  --strict           an undeclared variable is an error
  --warnings         tell of variables that are never read, or hide others, too
  --help, --version

Exit status: 0 good, 1 an error that nobody handled or a failed test, 2 wrong usage, 3 a file is not what it should be.
`;

const COMMANDS: Record<string, string> = {
  repl: `Usage: gondola [repl] [IMAGE] [--engine E] [--memory N] [--strict]

Opens a workspace in an image, or in a fresh one. Type an expression to see its value; :help lists the other commands.
Definitions work too:  Object subclass: #Account ...   and   Account >> deposit: x [ ... ]
`,
  eval: `Usage: gondola eval 'EXPRESSION' ... [--image F] [--compiler C] [--engine E] [--memory N] [--strict] [--warnings]

Evaluates the expressions one after the other and prints the value of the last one. They share their variables.
`,
  run: `Usage: gondola run FILE.st ... [--image F] [--compiler C] [--engine E] [--memory N] [--strict] [--warnings] [ARGUMENT ...]
       gondola run [-cp FOLDER:FOLDER ...] CLASS.som [ARGUMENT ...]

Runs scripts: statements, class definitions, and methods as  Account >> deposit: x [ ... ]  or in GNU Smalltalk's brackets.
Files of other formats (Tonel, chunk) are loaded. The file  -  is the standard input. A script finds its arguments in
Smalltalk arguments:  the words behind the files, where  --  must stand before one that begins with - or ends in .st.
It reads  Stdio stdin  and files:  'notes.txt' asFileReference contents.
The first line of a script may be  #!/usr/bin/env -S gondola run --  : behind  --  the first word is the file, and all
others are its arguments.

A SOM program is a class file whose instances understand run or run:. Other classes come from the folders of -cp
(--classpath), else from the file's own folder and those in it; so the programs of Are We Fast Yet run as
  gondola run benchmarks/SOM/Harness.som Richards 10 1
`,
  load: `Usage: gondola load PATH ... --save F [--image F] [--compiler C] [--engine E] [--memory N] [--strict] [--warnings]

Loads source files, or all those in folders, into an image and saves it as F: Tonel, FileTree, packages of Monticello,
scripts, file-outs, SOM classes.
`,
  test: `Usage: gondola test [PATTERN] [--image F] [--engine E] [--memory N]

Runs the SUnit tests whose "Class" or "Class>>selector" contains PATTERN, and the examples in method comments
(expression >>> result). Without --image: those of the class library.
`,
  serve: `Usage: gondola serve --workspace PORT [IMAGE] [--host ADDRESS] [--token T | --token-file F] [--engine E] [--memory N]

Opens an image and gives a workspace of its own to everybody who connects to the port and types the token: several people
can work in the image at once, each with variables of their own. Without --host only this machine can connect; what is
sent is not encrypted. Port 0 means any that is free.

The token comes from --token-file, from the environment (GONDOLA_TOKEN) or from --token, which others on this machine can
see; without any of them one is made and printed. Clients: telnet ADDRESS PORT; nc ADDRESS PORT, without line editing; or,
with all keys, socat -,raw,echo=0 TCP:ADDRESS:PORT.
`,
  image: `Usage: gondola image build F [--strip] [--image F0] | info F | verify F

build: writes a fresh image of the class library, or a copy of F0; --strip leaves out sources and comments. info: shows what is in an image. verify: checks all of it.
`,
  boot: `Usage: gondola boot [IMAGE] [--on qemu|qemu-q35|xen|firecracker|cloud-hypervisor] [--memory N] [--arg WORD ...] [--dry-run]

Starts an image, or a fresh one, as a guest of a hypervisor (QEMU's microvm unless --on says otherwise) and joins its console
to the terminal. QEMU runs it with KVM where that may be used, else in software emulation. Ctrl-C goes to the guest, Ctrl-D
ends its prompt, Ctrl-] ends the guest. The exit status is the guest's.
  --memory N   memory of the guest in MiB (64)
  --arg WORD   a boot option of the guest; --arg=--help has it list them
  --dry-run    prints the command instead of running it
`,
  guest: `Usage: gondola guest build [--out F]
       gondola guest config --on xen|libvirt|firecracker [IMAGE] [--memory N] [--arg WORD ...]

build: makes the guest's ELF file from the machine; needs gcc and wabt. config: writes the hypervisor's configuration for an
image: a file for xl, XML for libvirt, JSON for Firecracker.
`,
  bench: `Usage: gondola bench [NAME ...] [--json F] [--iterations N] [--engine E]

Runs the benchmarks, or those named, checks their results and prints a table.
`,
  help: GENERAL,
};

export async function run({ operands, version: asksVersion }: ParsedCommandLine): Promise<number> {
  if (asksVersion) writeOutput(`gondola ${version}\n`);
  else {
    const [command] = operands;
    if (command !== undefined && !COMMANDS[command]) throw new UsageError(`there is no command ${command}`);
    writeOutput(command === undefined ? GENERAL : COMMANDS[command]);
  }
  return EXIT_GOOD;
}
