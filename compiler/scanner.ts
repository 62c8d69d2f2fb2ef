// A coarse scanner: it knows just enough of Smalltalk's tokens to find brackets that are not inside strings, comments,
// characters or symbols. The source formats cut methods out of files with it, error messages look around with it.

const EXPONENT = "(?:[edq]-?[0-9]+)?";
/** Text of a regular expression: a number without its sign. The period in it ends no statement. */
export const NUMBER =
  `(?:[0-9]+r-?[0-9A-Z]+(?:\\.[0-9A-Z]+)?${EXPONENT}` + `|[0-9]+(?:\\.[0-9]+)?${EXPONENT}(?:s[0-9]*(?![\\p{L}_0-9]))?)`;

const TOKEN = new RegExp(
  [
    /"[^"]*(?:"|$)|'(?:[^']+|'')*(?:'|$)|\$(?:[\s\S]|$)/, // comment, string, character
    new RegExp(`[\\p{L}_][\\p{L}_0-9]*(?::(?!=))?|${NUMBER}`, "u"), // name, keyword, number
    /:=|[-+*/\\~<>=@,%&?!]+|\s+|[\s\S]/, // assignment, operator, spacing, anything else
  ]
    .map((part) => part.source)
    .join("|"),
  "uy",
);

/** In code units. */
export interface Token {
  text: string;
  start: number;
  end: number;
}

/** The tokens from `start` on, spacing left out; a comment is one token. */
export function* tokensOf(source: string, start = 0): Generator<Token> {
  let position = start;
  while (position < source.length) {
    TOKEN.lastIndex = position;
    const text = TOKEN.exec(source)?.[0] ?? source[position];
    const end = position + text.length;
    if (!/^\s/.test(text)) yield { text, start: position, end };
    position = end;
  }
}

export function isComment(token: Token): boolean {
  return token.text[0] === '"';
}

/** A string or comment that has no closing quote. */
export function isUnterminated(token: Token): boolean {
  const quote = token.text[0];
  if (quote === "$") return token.text.length === 1;
  return (quote === '"' || quote === "'") && token.text.split(quote).length % 2 === 0;
}

const BRACKET = /"[^"]*(?:"|$)|'[^']*(?:'|$)|\$[\s\S]|[()[\]{}]/g;
const CLOSING: Record<string, string> = { "(": ")", "[": "]", "{": "}" };

export function closingBracket(open: string): string {
  return CLOSING[open];
}

/**
 * The offset of the bracket that closes the one at `open`, or -1 when there is none or the brackets in between do not
 * match. Fast: it runs over every byte of the class library.
 */
export function findClosingBracket(source: string, open: number): number {
  const expected: string[] = [];
  BRACKET.lastIndex = open;
  for (let match = BRACKET.exec(source); match !== null; match = BRACKET.exec(source)) {
    const text = match[0];
    if (text.length > 1) continue;
    if (text in CLOSING) expected.push(CLOSING[text]);
    else if (text === ")" || text === "]" || text === "}") {
      if (expected.pop() !== text) return -1;
      if (expected.length === 0) return match.index;
    }
  }
  return -1;
}
