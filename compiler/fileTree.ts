// FileTree: the format in which Smalltalks kept packages in git before Tonel, a file for each method
// (https://github.com/CampSmalltalk/Cypress).
//
//     Bank.package/Account.class/properties.json       name, superclass, variables, category
//     Bank.package/Account.class/README.md             the class comment
//     Bank.package/Account.class/instance/deposit..st  first the protocol, then from the next line on the method
//     Bank.package/Account.class/class/opened.st
//     Bank.package/Integer.extension/instance/cents.st
//
// What a file is, and of which class, stands in its path alone.

import {
  type ClassDefinition,
  DEFAULT_PROTOCOL,
  initializations,
  type MethodDefinition,
  type SourceItem,
} from "./definitions.ts";
import { originOf, SourceError } from "./sourceError.ts";

const CLASS_FOLDER = "(?:^|/)([^/]+)\\.(class|trait|extension)/";
const METHOD = new RegExp(`${CLASS_FOLDER}(instance|class)/[^/]+\\.st$`);
const PROPERTIES = new RegExp(`${CLASS_FOLDER}properties\\.json$`);
const COMMENT = new RegExp(`${CLASS_FOLDER}README\\.md$`);

export function isFileTreeFile(file: string): boolean {
  return [METHOD, PROPERTIES, COMMENT].some((pattern) => pattern.test(file));
}

export function fileTreeItems(text: string, file: string): SourceItem[] {
  const method = METHOD.exec(file);
  if (method !== null) {
    const definition = methodIn(text, file, method[1], method[3] === "class");
    const others = method[2] === "trait" ? [] : initializations([definition]);
    return [{ kind: "method", method: definition }, ...others];
  }
  const comment = COMMENT.exec(file);
  if (comment !== null) return [{ kind: "comment", className: comment[1], comment: text }];
  return /\.extension\/[^/]*$/.test(file) ? [] : [classItem(text, file)];
}

function methodIn(text: string, file: string, className: string, meta: boolean): MethodDefinition {
  const [firstLine] = text.match(/^.*(?:\r\n?|\n|$)/) as RegExpMatchArray;
  const protocol = firstLine.trim() || DEFAULT_PROTOCOL;
  const origin = originOf(file, text, firstLine.length);
  return { className, meta, protocol, source: text.slice(firstLine.length), origin };
}

function classItem(text: string, file: string): SourceItem {
  const properties = parseProperties(text, file);
  const word = (key: string, fallback: string) => (typeof properties[key] === "string" ? properties[key] : fallback);
  const words = (key: string) => (Array.isArray(properties[key]) ? properties[key].map(String) : []);
  const traits = (key: string) => word(key, "").replace(/^\{\s*\}$/, "");
  const isTrait = /\.trait\/[^/]*$/.test(file);
  const definition: ClassDefinition = {
    name: word("name", ""),
    superclassName: isTrait ? "Trait" : word("super", "Object"),
    type: word("type", "normal"),
    instanceVariables: words("instvars"),
    classVariables: words("classvars"),
    classInstanceVariables: words("classinstvars"),
    sharedPools: words("pools"),
    packageName: word("category", ""),
    traits: traits("traitcomposition"),
    classTraits: traits("classtraitcomposition"),
    comment: "",
  };
  return { kind: "class", definition, origin: originOf(file, text) };
}

function parseProperties(text: string, file: string): Record<string, unknown> {
  try {
    const properties = JSON.parse(text);
    if (typeof properties?.name === "string" && properties.name !== "") return properties;
  } catch {
    // the same message
  }
  const message = "expected the properties of a class, its name among them, in JSON";
  throw new SourceError({ code: "format", message, start: 0, end: 1 }, originOf(file, text));
}
