// From source text to syntax tree: one Ohm operation, one line or two for each rule of smalltalk.ohm.

import type * as ohm from "ohm-js";
import type { Literal } from "./compiledCode.ts";
import { smalltalkGrammar } from "./grammar.ts";
import { readNumber } from "./numbers.ts";
import { type Origin, originOf, SourceError } from "./sourceError.ts";
import { syntaxDiagnostic } from "./syntaxErrors.ts";
import type {
  BlockNode,
  ExpressionNode,
  LiteralNode,
  MessagePart,
  MethodNode,
  Name,
  PragmaNode,
  Range,
  StatementNode,
} from "./syntaxTree.ts";

/** The selector of what compileExpression makes. */
export const EXPRESSION_SELECTOR = "DoIt";

export function parseMethod(source: string, origin: Origin = originOf("a method", source)): MethodNode {
  return parse(source, "method", origin);
}

/** Parses temporaries and statements, as a method without arguments. */
export function parseSequence(source: string, origin: Origin = originOf("an expression", source)): MethodNode {
  return parse(source, "sequence", origin);
}

function parse(source: string, rule: "method" | "sequence", origin: Origin): MethodNode {
  try {
    const match = smalltalkGrammar().match(source, rule);
    if (match.failed()) throw new SourceError(syntaxDiagnostic(source, match, rule), origin);
    return treeOf(match, origin);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // Ohm and the tree builder recurse: too deep a nesting overflows JavaScript's stack, and nothing else here does.
    const message = "the code is nested too deeply";
    throw new SourceError({ code: "limit", message, start: 0, end: source.length }, origin);
  }
}

/** The origin of the source that is being turned into a tree, for the errors that the grammar cannot see. */
let currentOrigin: Origin;

function treeOf(match: ohm.MatchResult, origin: Origin): MethodNode {
  currentOrigin = origin;
  return treeSemantics()(match).tree();
}

function fail(message: string, range: Range): never {
  throw new SourceError({ code: "syntax", message, start: range.start, end: range.end }, currentOrigin);
}

function rangeOf(node: ohm.Node): Range {
  return { start: node.source.startIdx, end: node.source.endIdx };
}

/** A token's text and range, without the spacing after it. */
function nameOf(text: ohm.Node): Name {
  return { text: text.sourceString, start: text.source.startIdx, end: text.source.endIdx };
}

function trees<T>(nodes: ohm.Node): T[] {
  return nodes.children.map((child) => child.tree());
}

function literalNode(literal: Literal, range: Range): LiteralNode {
  return { kind: "literal", literal, start: range.start, end: range.end };
}

function keywordPart(keywords: Name[], args: ExpressionNode[]): MessagePart {
  return {
    selector: keywords.map((keyword) => keyword.text).join(""),
    arguments: args,
    start: keywords[0].start,
    end: args[args.length - 1].end,
  };
}

function sendTo(receiver: ExpressionNode, message: MessagePart): ExpressionNode {
  return { kind: "message", receiver, message, start: receiver.start, end: message.end };
}

function unquote(text: string): string {
  return text.slice(1, -1).replaceAll("''", "'");
}

function symbolText(text: string): string {
  return text[1] === "'" ? unquote(text.slice(1)) : text.slice(1);
}

function numberNode(text: ohm.Node): LiteralNode {
  const literal = readNumber(text.sourceString);
  if (typeof literal === "string") fail(literal, rangeOf(text));
  return literalNode(literal, rangeOf(text));
}

/** A word in a literal array or pragma: nil, true and false are those objects, anything else is a symbol. */
function wordLiteral(text: string): Literal {
  if (text === "nil" || text === "true" || text === "false") return { kind: text };
  return { kind: "symbol", value: text };
}

function bytesNode(open: ohm.Node, numbers: ohm.Node, close: ohm.Node): LiteralNode {
  const bytes = trees<LiteralNode>(numbers).map((element) => {
    const { literal } = element;
    if (literal.kind === "integer" && literal.value >= 0n && literal.value <= 255n) return Number(literal.value);
    return fail("a byte array holds integers from 0 to 255", element);
  });
  return literalNode({ kind: "byteArray", bytes }, { start: open.source.startIdx, end: close.source.endIdx });
}

function arrayNode(open: ohm.Node, elements: ohm.Node, close: ohm.Node): LiteralNode {
  const literals = trees<LiteralNode>(elements).map((element) => element.literal);
  return literalNode({ kind: "array", elements: literals }, { start: open.source.startIdx, end: close.source.endIdx });
}

function statementsOf(first: ohm.Node, rest: ohm.Node): StatementNode[] {
  const statements = [
    ...trees<StatementNode>(first),
    ...rest.children.flatMap((column) => trees<StatementNode>(column)),
  ];
  const early = statements.findIndex((statement) => statement.kind === "return");
  if (early >= 0 && early < statements.length - 1) {
    fail("a return ends its method or block: this statement would never run", statements[early + 1]);
  }
  return statements;
}

/** Every rule that is not here passes on the tree of its only part. */
const actions: ohm.ActionDict<unknown> = {
  method(_spacing, pattern, headers, statements, _end) {
    const { selector, parameters } = pattern.tree() as { selector: string; parameters: Name[] };
    const parts = trees<PragmaNode | Name[]>(headers);
    const temporaries = parts.filter((part): part is Name[] => Array.isArray(part));
    if (temporaries.length > 1) fail("temporaries are declared twice", temporaries[1][0] ?? rangeOf(headers));
    return {
      kind: "method",
      selector,
      parameters,
      temporaries: temporaries[0] ?? [],
      pragmas: parts.filter((part): part is PragmaNode => !Array.isArray(part)),
      statements: statements.tree(),
      ...rangeOf(this),
    };
  },
  sequence(_spacing, temporaries, statements, _end) {
    return {
      kind: "method",
      selector: EXPRESSION_SELECTOR,
      parameters: [],
      temporaries: trees<Name[]>(temporaries)[0] ?? [],
      pragmas: [],
      statements: statements.tree(),
      ...rangeOf(this),
    };
  },

  pattern_keyword(keywords, parameters) {
    const selector = trees<Name>(keywords).map((keyword) => keyword.text);
    return { selector: selector.join(""), parameters: trees(parameters) };
  },
  pattern_binary(operator, parameter) {
    return { selector: (operator.tree() as Name).text, parameters: [parameter.tree()] };
  },
  pattern_unary(name) {
    return { selector: (name.tree() as Name).text, parameters: [] };
  },
  temporaries(_open, _s1, names, _close, _s2) {
    return trees(names);
  },
  pragma_keyword(open, _s1, keywords, args, close, _s2) {
    const selector = trees<Name>(keywords).map((keyword) => keyword.text);
    const literals = trees<LiteralNode>(args).map((argument) => argument.literal);
    const range = { start: open.source.startIdx, end: close.source.endIdx };
    return { selector: selector.join(""), arguments: literals, ...range };
  },
  pragma_unary(open, _s1, name, close, _s2) {
    const range = { start: open.source.startIdx, end: close.source.endIdx };
    return { selector: (name.tree() as Name).text, arguments: [], ...range };
  },
  pragmaArgument(argument) {
    const tree = argument.tree() as LiteralNode | Name;
    return "text" in tree ? literalNode(wordLiteral(tree.text), tree) : tree;
  },

  statements(_before, first, _periods, rest, _after) {
    return statementsOf(first, rest);
  },
  statement_return(caret, _spacing, expression) {
    const value = expression.tree() as ExpressionNode;
    return { kind: "return", value, start: caret.source.startIdx, end: value.end };
  },
  expression(targets, _assigns, first, keywordMessage, _semicolons, cascade) {
    let value = first.tree() as ExpressionNode;
    for (const message of trees<MessagePart>(keywordMessage)) value = sendTo(value, message);
    if (cascade.numChildren > 0) value = cascadeOf(value, trees<MessagePart>(cascade));
    for (const target of trees<Name>(targets).reverse()) {
      const variable = { kind: "variable", name: target.text, start: target.start, end: target.end } as const;
      value = { kind: "assignment", variable, value, start: target.start, end: value.end };
    }
    return value;
  },
  binaryExpression(first, operators, operands) {
    let value = first.tree() as ExpressionNode;
    for (let index = 0; index < operators.numChildren; index++) {
      const operator = operators.child(index).tree() as Name;
      const argument = operands.child(index).tree() as ExpressionNode;
      const message = { selector: operator.text, arguments: [argument], start: operator.start, end: argument.end };
      value = sendTo(value, message);
    }
    return value;
  },
  unaryExpression(primary, selectors) {
    let value = primary.tree() as ExpressionNode;
    for (const { text, start, end } of trees<Name>(selectors)) {
      value = sendTo(value, { selector: text, arguments: [], start, end });
    }
    return value;
  },
  keywordMessage(keywords, args) {
    return keywordPart(trees<Name>(keywords), trees<ExpressionNode>(args));
  },
  cascadeMessage_binary(operator, operand) {
    const name = operator.tree() as Name;
    const argument = operand.tree() as ExpressionNode;
    return { selector: name.text, arguments: [argument], start: name.start, end: argument.end };
  },
  cascadeMessage_unary(name) {
    const { text, start, end } = name.tree() as Name;
    return { selector: text, arguments: [], start, end };
  },

  variable(_here, _namespaces, name) {
    return name.tree();
  },
  primary_variable(name) {
    const { text, start, end } = name.tree() as Name;
    return { kind: "variable", name: text, start, end };
  },
  parenthesized(open, _s1, expression, close, _s2) {
    const tree = expression.tree() as ExpressionNode;
    return { ...tree, start: open.source.startIdx, end: close.source.endIdx };
  },
  brace(open, _s1, statements, close, _s2) {
    const elements = statements.tree() as StatementNode[];
    const last = elements[elements.length - 1];
    if (last?.kind === "return") fail("a return cannot be an element of an array", last);
    return { kind: "brace", elements, start: open.source.startIdx, end: close.source.endIdx };
  },
  block(open, _s1, parameters, temporaries, statements, close, _s2): BlockNode {
    return {
      kind: "block",
      parameters: trees<Name[]>(parameters)[0] ?? [],
      temporaries: trees<Name[]>(temporaries)[0] ?? [],
      statements: statements.tree(),
      start: open.source.startIdx,
      end: close.source.endIdx,
    };
  },
  blockParameters_bar(_colons, names, _bar, _spacing) {
    return trees(names);
  },
  blockParameters_only(_colons, names, _bracket) {
    return trees(names);
  },

  literalArray(open, _s1, elements, close, _s2) {
    return arrayNode(open, elements, close);
  },
  byteArray(open, _s1, numbers, close, _s2) {
    return bytesNode(open, numbers, close);
  },
  arrayElement_array(open, _s1, elements, close, _s2) {
    return arrayNode(open, elements, close);
  },
  arrayElement_bytes(open, _s1, numbers, close, _s2) {
    return bytesNode(open, numbers, close);
  },
  arrayElement_operator(operator) {
    const name = operator.tree() as Name;
    return literalNode({ kind: "symbol", value: name.text }, name);
  },

  identifier(text, _spacing) {
    return nameOf(text);
  },
  keyword(text, _spacing) {
    return nameOf(text);
  },
  operator(text, _spacing) {
    return nameOf(text);
  },
  word(text, _spacing) {
    return literalNode(wordLiteral(text.sourceString), rangeOf(text));
  },
  number(text, _spacing) {
    return numberNode(text);
  },
  string(text, _spacing) {
    return literalNode({ kind: "string", value: unquote(text.sourceString) }, rangeOf(text));
  },
  character(text, _spacing) {
    return literalNode({ kind: "character", codePoint: text.sourceString.codePointAt(1) as number }, rangeOf(text));
  },
  symbol(text, _spacing) {
    return literalNode({ kind: "symbol", value: symbolText(text.sourceString) }, rangeOf(text));
  },
};

/** `value` was parsed as a message; the cascade's messages go to that message's receiver. */
function cascadeOf(value: ExpressionNode, messages: MessagePart[]): ExpressionNode {
  if (value.kind !== "message" || value.end !== value.message.end) {
    return fail("a cascade needs a message before its semicolon", messages[0]);
  }
  const end = messages[messages.length - 1].end;
  return { kind: "cascade", receiver: value.receiver, messages: [value.message, ...messages], start: value.start, end };
}

let semantics: ohm.Semantics | undefined;

function treeSemantics(): ohm.Semantics {
  semantics ??= smalltalkGrammar().createSemantics().addOperation("tree", actions);
  return semantics;
}
