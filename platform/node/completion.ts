// What Tab offers in the workspace: globals and variables for a word that begins a name, selectors after a receiver.

import type { Session } from "./session.ts";

const LAST_WORD = /([\p{L}_][\p{L}\p{N}_:]*)$/u;
const COMMANDS = [
  ":help",
  ":save ",
  ":load ",
  ":quit",
  ":browse ",
  ":senders ",
  ":implementors ",
  ":inspect ",
  ":processes",
];

/** Answers the completions of the line's last word, and that word: the interface of node:readline. */
export function complete(session: Session, line: string): [string[], string] {
  if (/^:\w*$/.test(line)) return [COMMANDS.filter((command) => command.startsWith(line)), line];
  const word = LAST_WORD.exec(line)?.[1] ?? "";
  if (word === "") return [[], ""];
  const candidates = new Set<string>();
  for (const name of session.environment.globalNames()) candidates.add(name);
  if (!/^\p{Lu}/u.test(word)) for (const selector of session.reader.allSelectors()) candidates.add(selector);
  const found = [...candidates].filter((name) => name.startsWith(word) && name !== word).sort();
  return [found, word];
}
