// The syntax tree: plain data, made by parser.ts. Every node carries the range of its text, in UTF-16 code units from
// the start of the source, spacing around it left out. scopes.ts fills the fields that are marked "resolved".

import type { Literal, Pragma } from "./compiledCode.ts";
import type { InlinedMessage } from "./inlining.ts";
import type { Reference, Scope } from "./scopes.ts";

export interface Range {
  start: number;
  end: number;
}

export interface Name extends Range {
  text: string;
}

/** What methods and blocks have in common. */
export interface CodeNode extends Range {
  parameters: Name[];
  temporaries: Name[];
  statements: StatementNode[];
  /** Resolved: the variables declared here. */
  scope?: Scope;
}

export interface MethodNode extends CodeNode {
  kind: "method";
  selector: string;
  pragmas: PragmaNode[];
}

export interface PragmaNode extends Range, Pragma {}

export type StatementNode = ReturnNode | ExpressionNode;
export type ExpressionNode =
  | AssignmentNode
  | CascadeNode
  | MessageNode
  | VariableNode
  | LiteralNode
  | BlockNode
  | BraceNode;

export interface ReturnNode extends Range {
  kind: "return";
  value: ExpressionNode;
}

export interface AssignmentNode extends Range {
  kind: "assignment";
  variable: VariableNode;
  value: ExpressionNode;
}

/** One message without its receiver: its range runs from the first part of the selector to the last argument. */
export interface MessagePart extends Range {
  selector: string;
  arguments: ExpressionNode[];
}

export interface MessageNode extends Range {
  kind: "message";
  receiver: ExpressionNode;
  message: MessagePart;
  /** Resolved: how it is compiled without a send, if it is. */
  inlined?: InlinedMessage;
}

export interface CascadeNode extends Range {
  kind: "cascade";
  receiver: ExpressionNode;
  messages: MessagePart[];
}

/** Pseudo-variables (self, super, thisContext, nil, true, false) included. */
export interface VariableNode extends Range {
  kind: "variable";
  name: string;
  /** Resolved. */
  reference?: Reference;
}

export interface LiteralNode extends Range {
  kind: "literal";
  literal: Literal;
}

export interface BlockNode extends CodeNode {
  kind: "block";
}

export interface BraceNode extends Range {
  kind: "brace";
  elements: ExpressionNode[];
}
