// gondola eval 'EXPRESSION' ...

import { originOf } from "../../../compiler/sourceError.ts";
import { FORM_PRINTED, FORM_VALUE } from "../channel.ts";
import { type ParsedCommandLine, UsageError, writeOutput } from "../commandLine.ts";
import { guard, interruptOnSignal, openSession, setProgramArguments } from "../commandSession.ts";

const PRINT_LIMIT = 0x3fffffff;

export async function run(parsed: ParsedCommandLine): Promise<number> {
  const { operands, programArguments } = parsed;
  if (operands.length === 0) throw new UsageError("eval needs an expression");
  const session = openSession(parsed);
  interruptOnSignal(session);
  return guard(session, async () => {
    await session.adoptVariables();
    await setProgramArguments(session, programArguments);
    for (const [index, source] of operands.entries()) {
      const isLast = index === operands.length - 1;
      const origin = originOf(operands.length > 1 ? `expression ${index + 1}` : "expression", source);
      const form = isLast ? FORM_PRINTED : FORM_VALUE;
      const value = await session.evaluate(source, { origin, form, limit: PRINT_LIMIT });
      if (isLast) writeOutput(`${value}\n`);
    }
  });
}
