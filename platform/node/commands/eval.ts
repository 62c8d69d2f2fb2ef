// gondola eval 'EXPRESSION' ...

import { originOf } from "../../../compiler/sourceError.ts";
import { FORM_PRINTED, FORM_VALUE } from "../channel.ts";
import { endOpenLine, type ParsedCommandLine, UsageError, writeError, writeOutput } from "../commandLine.ts";
import { guard, interruptOnSignal, openSession, setProgramArguments } from "../commandSession.ts";

/** A pipe gets all of the value; a person gets so much of it as can be looked through, and is told. */
const PIPE_PRINT_LIMIT = 0x3fffffff;
const TERMINAL_PRINT_LIMIT = 10_000;

export async function run(parsed: ParsedCommandLine): Promise<number> {
  const { operands, programArguments } = parsed;
  if (operands.length === 0) throw new UsageError("eval needs an expression");
  const session = openSession(parsed);
  interruptOnSignal(session);
  return guard(session, async () => {
    await setProgramArguments(session, programArguments);
    for (const [index, source] of operands.entries()) {
      const isLast = index === operands.length - 1;
      const origin = originOf(operands.length > 1 ? `expression ${index + 1}` : "expression", source);
      const form = isLast ? FORM_PRINTED : FORM_VALUE;
      const limit = process.stdout.isTTY ? TERMINAL_PRINT_LIMIT : PIPE_PRINT_LIMIT;
      const value = await session.evaluate(source, { origin, form, limit });
      if (isLast) showValue(String(value), limit);
    }
  });
}

function showValue(text: string, limit: number): void {
  endOpenLine();
  writeOutput(`${text}\n`);
  if (text.length > limit)
    writeError(`These are the first ${limit} characters. A pipe gets all: gondola eval ... | less`);
}
