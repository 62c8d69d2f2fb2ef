import { describe, expect, test } from "vitest";
import { originOf, renderDiagnostic } from "../../compiler/sourceError.ts";
import { readSource } from "../../compiler/sources.ts";
import { nearestName } from "../../compiler/spelling.ts";
import { errorOf, expressionOf, methodOf, shownFor, warningsOf } from "./support.ts";

/** The message, and the place as line:column. */
function placed(source: string): string {
  const error = errorOf(() => methodOf(source));
  return `${error.line}:${error.column} ${error.message}`;
}

test("the caret stands below the place also behind wide characters and accents", () => {
  const source = "m ^ '日本 é' , )";
  const [, excerpt, caret] = errorOf(() => methodOf(source))
    .render()
    .split("\n");
  expect([excerpt, caret]).toEqual([source, `${" ".repeat(15)}^`]);
});

test("an error is shown with file, line, column, the line and a caret", () => {
  const origin = originOf("bank.st", "deposit\n\tbalance := .");
  expect(errorOf(() => methodOf("deposit\n\tbalance := .", { origin })).render()).toBe(
    "bank.st:2:13: expected an expression after :=\n\tbalance := .\n\t           ^",
  );
});

test("of a long line the part around the place is shown, control characters as dots", () => {
  const source = `foo ^ '${"a".repeat(300)}' , 'b\u001b[0m\tc' + ] , '${"d".repeat(300)}'`;
  const [place, excerpt, caret] = errorOf(() => methodOf(source))
    .render()
    .split("\n");
  expect(place).toBe("a method:1:324: expected an argument after +");
  expect(excerpt).toBe(`\u2026${"a".repeat(64)}' , 'b\u00b7[0m\tc' + ] , '${"d".repeat(75)}\u2026`);
  expect(excerpt.indexOf("]")).toBe(caret.indexOf("^"));
});

test("columns count characters, also those beyond 16 bits", () => {
  expect(placed("foo ^ '😀' + ]")).toBe("1:13 expected an argument after +");
});

describe("syntax", () => {
  test.each([
    ["foo ^ 3 + ]", "1:11 expected an argument after +"],
    ["foo x := 3 max: .", "1:17 expected an argument after max:"],
    ["foo ^ (3 + 4", "1:13 expected ) before the end of the source"],
    ["foo self do: [:x | x foo)", "1:25 expected ] before this )"],
    ["foo ^ 3)", "1:8 nothing is open that this ) could close"],
    ["foo 3 := 4", "1:7 only a variable can stand before :="],
    ["foo ^ a b c {", "1:13 expected a message, the end or ."],
    ["foo a b; + ;", "1:12 expected an argument after +"],
    ["foo a;", "1:7 expected a message after ;, but the source ends here"],
    ["foo ^ #", "1:7 expected an expression after ^"],
    ["foo (a b) ; c", "1:13 a cascade needs a message before its semicolon"],
    ["foo ^ 1. 2", "1:10 a return ends its method or block: this statement would never run"],
    ["foo ^ {1. ^ 2}", "1:11 a return cannot be an element of an array"],
    ["foo: ^ 3", "1:6 expected a parameter's name after foo:"],
    ["3 foo", "1:1 expected a method's name and parameters"],
    ["", "1:1 expected a method's name and parameters, but the source ends here"],
    ["foo [: x] value: [:", "1:20 expected a parameter's name after :, but the source ends here"],
  ])("%s", (source, message) => {
    expect(placed(source)).toBe(message);
  });

  test.each([
    ["foo\n\t^ 'abc\n\n", "2:4 this string is never closed"],
    ['foo\n\t"abc\n\t^ 3', "2:2 this comment is never closed"],
    ["foo ^ #'abc", "1:8 this string is never closed"],
    ["foo 'a' foo: 'b' \"c", "1:18 this comment is never closed"],
    ["foo ^ $", "1:7 a character is missing after $"],
  ])("what is never closed is shown where it began: %s", (source, message) => {
    expect(placed(source)).toBe(message);
  });
});

describe("names", () => {
  test.each([
    ["foo: x x := 3", "1:8 x is a parameter and cannot be assigned to"],
    ["foo [:x | x := 3]", "1:11 x is a parameter and cannot be assigned to"],
    ["foo self := 3", "1:5 self cannot be assigned to"],
    ["foo thisContext := 3", "1:5 thisContext cannot be assigned to"],
    ["foo | a b a | ^ a", "1:11 a is declared twice"],
    ["foo: x bar: x ^ x", "1:13 x is declared twice"],
    ["foo ^ [:x | | x | x]", "1:15 x is declared twice"],
    ["foo | nil |", "1:7 nil cannot be declared as a variable"],
  ])("%s", (source, message) => {
    expect(placed(source)).toBe(message);
  });

  test("an undeclared variable is a warning with the nearest name, once for each name", () => {
    const warnings = warningsOf("foo Trnscript show: balnce. balnce foo. ^ Qqqqq");
    expect(warnings.map(({ message }) => message)).toEqual([
      "Trnscript is not declared; did you mean Transcript?",
      "balnce is not declared; did you mean balance?",
      "Qqqqq is not declared",
    ]);
    expect(renderDiagnostic(warnings[1], originOf("a.st", "foo Trnscript show: balnce"), "warning")).toBe(
      `a.st:1:21: warning: balnce is not declared; did you mean balance?\nfoo Trnscript show: balnce\n${" ".repeat(20)}^`,
    );
  });

  test("it is an error when strict", () => {
    expect(shownFor("foo ^ Trnscript", { strict: true })).toBe(
      "a method:1:7: Trnscript is not declared; did you mean Transcript?\nfoo ^ Trnscript\n      ^",
    );
  });

  test("a workspace declares what is assigned to", () => {
    const declared: string[] = [];
    const { literals } = expressionOf("total := 3. total := total + 1. [other := total]", {
      declare: (name) => declared.push(name),
      strict: true,
    });
    expect(declared).toEqual(["total", "total", "other"]);
    expect(literals[0]).toEqual({ kind: "global", name: "total" });
  });

  test("a suggestion is near: swapped, missing, wrong letters and wrong case", () => {
    const known = ["Transcript", "Object", "balance"];
    expect(nearestName("Transcritp", known)).toBe("Transcript");
    expect(nearestName("object", known)).toBe("Object");
    expect(nearestName("blance", known)).toBe("balance");
    expect(nearestName("x", known)).toBeUndefined();
  });

  test("a variable that hides another is a warning", () => {
    expect(warningsOf("foo: x [:x | x]. ^ [:balance | balance]").map(({ message }) => message)).toEqual([
      "x hides a variable of the same name around it",
      "balance hides the instance variable of the same name",
    ]);
  });
});

describe("limits", () => {
  const repeat = (count: number, piece: (index: number) => string) => Array.from({ length: count }, (_, i) => piece(i));

  test.each([
    ["16 arguments", repeat(16, (i) => `a${i}: b${i}`).join(" "), "more than 15 parameters"],
    ["64 temporaries", `foo | ${repeat(64, (i) => `t${i}`).join(" ")} |`, "more than 63 variables"],
    ["primitive 0", "foo <primitive: 0>", "a primitive's number lies between 1 and 8191"],
    ["primitive 8192", "foo <primitive: 8192>", "a primitive's number lies between 1 and 8191"],
    [
      "130 captured variables",
      `foo | ${repeat(130, (i) => `t${i}`).join(" ")} | [${repeat(130, (i) => `t${i} := 1`).join(". ")}]`,
      "more than 127 captured variables",
    ],
    [
      "70 operands",
      `foo ^ self ${repeat(70, () => "at: (self").join(" ")} x${")".repeat(70)}`,
      "more than 62 variables and intermediate values",
    ],
    [
      "a jump over 35 KB",
      `foo: x x ifTrue: [${repeat(2200, () => "self a: 1000 b: 2000 c: 3000").join(". ")}]`,
      "a jump in the method is too long",
    ],
    ["a nesting of 100,000 parentheses", `foo ^ ${"(".repeat(100000)}`, "the code is nested too deeply"],
    ["a nesting of 20,000 blocks", `foo ^ ${"[".repeat(20000)}${"]".repeat(20000)}`, "the code is nested too deeply"],
  ])("%s are refused with a clear sentence", (_name, source, message) => {
    expect(errorOf(() => methodOf(source)).message).toBe(message);
  });

  test("15 arguments, a brace array of a thousand elements and 35,000 bytes of straight code are fine", () => {
    methodOf(repeat(15, (i) => `a${i}: b${i}`).join(" "));
    methodOf(`foo ^ {${repeat(1000, String).join(". ")}}`);
    methodOf(`foo ${repeat(2200, () => "self a: 1000 b: 2000 c: 3000").join(". ")}`);
  });
});

describe("places in files", () => {
  test("an error in a method of a Tonel file is shown in that file", () => {
    const text = "Class { #name : 'Account' }\n\n{ #category : 'x' }\nAccount >> foo: x [\n\n\t^ x + \n]\n";
    const [, item] = readSource(text, "Account.class.st");
    if (item.kind !== "method") throw new Error("expected a method");
    const { source, origin } = item.method;
    expect(errorOf(() => methodOf(source, { origin })).render()).toBe(
      "Account.class.st:6:7: expected an argument after +, but the source ends here\n\t^ x + \n\t     ^",
    );
  });

  test("an error in the pattern of a bracket method is shown there", () => {
    const text = "3 foo.\nAccount >> foo: x bar: x [ ^ x ]";
    const [, item] = readSource(text, "script.st");
    if (item.kind !== "method") throw new Error("expected a method");
    const error = errorOf(() => methodOf(item.method.source, { origin: item.method.origin }));
    expect([error.line, error.column, error.message]).toEqual([2, 24, "x is declared twice"]);
  });
});
