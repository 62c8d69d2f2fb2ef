// Examples in method comments: `expression >>> result` must hold. Prose may stand before the expression; a comment with
// several examples has each on a line of its own.

const COMMENT_OR_LITERAL = /"((?:[^"]|"")*)"|'(?:[^']|'')*'|\$[\s\S]/g;

export interface Example {
  /** How the example stands in the comment. */
  text: string;
  /** Possible readings of its expression, the longest first: prose before it cannot be told from code by its looks. */
  expressions: string[];
  result: string;
}

export function examplesIn(methodSource: string): Example[] {
  return Array.from(methodSource.matchAll(COMMENT_OR_LITERAL), ([, comment]) => comment)
    .filter((comment) => comment?.includes(">>>"))
    .flatMap((comment) => examplesInComment(comment.replaceAll('""', '"')));
}

function examplesInComment(comment: string): Example[] {
  const parts = comment.split(">>>").length - 1 === 1 ? [comment] : comment.split("\n");
  return parts.filter((part) => part.includes(">>>")).map(readExample);
}

function readExample(text: string): Example {
  const split = text.indexOf(">>>");
  const left = text.slice(0, split);
  const starts = [0, ...Array.from(left.matchAll(/[.:;?!]\s+|\n\s*/g), (match) => match.index + match[0].length)];
  return {
    text: text.trim().replace(/\s+/g, " "),
    expressions: starts.map((start) => left.slice(start).trim()).filter((expression) => expression !== ""),
    result: text.slice(split + 3).trim(),
  };
}
