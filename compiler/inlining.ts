// Which messages are compiled without a send: control structures whose arguments are literal blocks with the right
// number of parameters. Anything else stays a message, and the class library answers it.

import type { BlockNode, ExpressionNode, MessageNode } from "./syntaxTree.ts";

export type InlinedMessage =
  | { kind: "condition"; whenTrue?: BlockNode; whenFalse?: BlockNode }
  | { kind: "and"; block: BlockNode }
  | { kind: "or"; block: BlockNode }
  /** The body runs while the condition answers `expected`. */
  | { kind: "while"; condition: BlockNode; expected: boolean; body?: BlockNode }
  | { kind: "repeat"; body: BlockNode }
  | { kind: "count"; limit: ExpressionNode; step: bigint; body: BlockNode }
  | { kind: "times"; body: BlockNode }
  /** `whenNotNil` may take the value as its parameter. */
  | { kind: "nil"; whenNil?: BlockNode; whenNotNil?: BlockNode };

function blockWith(node: ExpressionNode, parameterCount: number): BlockNode | undefined {
  return node.kind === "block" && node.parameters.length === parameterCount ? node : undefined;
}

function conditionOf(whenTrue: ExpressionNode | undefined, whenFalse: ExpressionNode | undefined) {
  const trueBlock = whenTrue && blockWith(whenTrue, 0);
  const falseBlock = whenFalse && blockWith(whenFalse, 0);
  if ((whenTrue && !trueBlock) || (whenFalse && !falseBlock)) return undefined;
  return { kind: "condition", whenTrue: trueBlock, whenFalse: falseBlock } as const;
}

function nilTestOf(whenNil: ExpressionNode | undefined, whenNotNil: ExpressionNode | undefined) {
  const nilBlock = whenNil && blockWith(whenNil, 0);
  const otherBlock = whenNotNil && (blockWith(whenNotNil, 0) ?? blockWith(whenNotNil, 1));
  if ((whenNil && !nilBlock) || (whenNotNil && !otherBlock)) return undefined;
  return { kind: "nil", whenNil: nilBlock, whenNotNil: otherBlock } as const;
}

function loopOf(receiver: ExpressionNode, expected: boolean, argument?: ExpressionNode) {
  const condition = blockWith(receiver, 0);
  const body = argument && blockWith(argument, 0);
  if (!condition || (argument && !body)) return undefined;
  return { kind: "while", condition, expected, body } as const;
}

function countOf(limit: ExpressionNode, step: ExpressionNode | undefined, argument: ExpressionNode) {
  const body = blockWith(argument, 1);
  if (!body) return undefined;
  if (step === undefined) return { kind: "count", limit, step: 1n, body } as const;
  if (step.kind !== "literal" || step.literal.kind !== "integer" || step.literal.value === 0n) return undefined;
  return { kind: "count", limit, step: step.literal.value, body } as const;
}

/** How `node` is compiled without a send, if it is. */
export function inliningOf(node: MessageNode): InlinedMessage | undefined {
  const { receiver } = node;
  const { selector, arguments: args } = node.message;
  if (receiver.kind === "variable" && receiver.name === "super") return undefined;
  switch (selector) {
    case "ifTrue:":
      return conditionOf(args[0], undefined);
    case "ifFalse:":
      return conditionOf(undefined, args[0]);
    case "ifTrue:ifFalse:":
      return conditionOf(args[0], args[1]);
    case "ifFalse:ifTrue:":
      return conditionOf(args[1], args[0]);
    case "and:":
    case "or:": {
      const block = blockWith(args[0], 0);
      return block && { kind: selector === "and:" ? "and" : "or", block };
    }
    case "whileTrue:":
    case "whileFalse:":
      return loopOf(receiver, selector === "whileTrue:", args[0]);
    case "whileTrue":
    case "whileFalse":
      return loopOf(receiver, selector === "whileTrue");
    case "repeat": {
      const body = blockWith(receiver, 0);
      return body && { kind: "repeat", body };
    }
    case "to:do:":
      return countOf(args[0], undefined, args[1]);
    case "to:by:do:":
      return countOf(args[0], args[1], args[2]);
    case "timesRepeat:": {
      const body = blockWith(args[0], 0);
      return body && { kind: "times", body };
    }
    case "ifNil:":
      return nilTestOf(args[0], undefined);
    case "ifNotNil:":
      return nilTestOf(undefined, args[0]);
    case "ifNil:ifNotNil:":
      return nilTestOf(args[0], args[1]);
    case "ifNotNil:ifNil:":
      return nilTestOf(args[1], args[0]);
    default:
      return undefined;
  }
}

/** The literal blocks of an inlined message that run again and again: each run has variables of its own. */
export function loopBodiesOf(inlined: InlinedMessage): BlockNode[] {
  switch (inlined.kind) {
    case "while":
      return inlined.body ? [inlined.condition, inlined.body] : [inlined.condition];
    case "repeat":
    case "times":
    case "count":
      return [inlined.body];
    default:
      return [];
  }
}
