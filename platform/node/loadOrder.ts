// The order in which what several source files define can be loaded together.

import type { SourceItem } from "../../compiler/definitions.ts";

type ClassItem = SourceItem & { kind: "class" };

const NAME = "[\\p{L}_][\\p{L}_0-9]*";
const CLASS_NAME = /\p{Lu}[\p{L}_0-9]*/gu;
const CLASS_MAKER = new RegExp(`(?:[sS]ubclass:|\\bTrait\\s+named:|<<)\\s*#(${NAME})`, "gu");
const SUPERCLASS = new RegExp(`(${NAME})\\s+(?:\\p{L}*[sS]ubclass:|<<)\\s*#`, "gu");
const POOLS = /(?:poolDictionaries|sharedPools):\s*'([^']*)'/gu;
const TRAITS = /(?:uses|traits):\s*([^:;']*)/gu;

/** Names of classes that are there once the item is loaded, as far as its text tells. */
export function classesMadeBy(item: SourceItem): string[] {
  if (item.kind === "class") return [item.definition.name];
  return item.kind === "expression" ? matchesIn(item.expression.source, CLASS_MAKER) : [];
}

/** Of files in which expressions make classes: each behind those whose classes it builds on. */
export function inFileOrder(files: SourceItem[][]): SourceItem[][] {
  const makers = new Map(files.flatMap((items) => items.flatMap(classesMadeBy).map((name) => [name, items] as const)));
  return inOrderOfNeed(files, (items) => items.flatMap(classesNeededBy).map((name) => makers.get(name)));
}

/** What its expressions build classes on. */
function classesNeededBy(item: SourceItem): string[] {
  if (item.kind !== "expression") return [];
  const { source } = item.expression;
  const lists = [...matchesIn(source, POOLS), ...matchesIn(source, TRAITS)];
  return [...matchesIn(source, SUPERCLASS), ...lists.flatMap((list) => list.match(CLASS_NAME) ?? [])];
}

function matchesIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((found) => found[1]);
}

/** Classes before all else, each after the one that it inherits from; then methods; then classes are initialized, in that order. */
export function inLoadOrder(items: SourceItem[]): SourceItem[] {
  const classes = inOrderOfClasses(items.filter((item) => item.kind === "class"));
  const initialized = items.filter((item) => item.kind === "initialization");
  const others = items.filter((item) => item.kind !== "class" && item.kind !== "initialization");
  const rank = new Map(classes.map(({ definition }, index) => [definition.name, index]));
  const rankOf = ({ className }: { className: string }) => rank.get(className) ?? classes.length;
  return [...behindTheirClasses([...classes, ...others]), ...initialized.sort((a, b) => rankOf(a) - rankOf(b))];
}

/** Methods and comments for classes that expressions make only later wait until all else is loaded. */
function behindTheirClasses(items: SourceItem[]): SourceItem[] {
  const toCome = new Set(items.flatMap(classesMadeBy));
  const waiting: SourceItem[] = [];
  const ready = items.filter((item) => {
    for (const name of classesMadeBy(item)) toCome.delete(name);
    const className = item.kind === "method" ? item.method.className : item.kind === "comment" ? item.className : "";
    if (toCome.has(className)) waiting.push(item);
    return !toCome.has(className);
  });
  return [...ready, ...waiting];
}

function inOrderOfClasses(items: ClassItem[]): ClassItem[] {
  const byName = new Map(items.map((item) => [item.definition.name, item]));
  return inOrderOfNeed(items, ({ definition: { superclassName, sharedPools, traits = "", classTraits = "" } }) => {
    const traitNames = `${traits} ${classTraits}`.match(CLASS_NAME) ?? [];
    return [superclassName, ...sharedPools, ...traitNames].map((name) => byName.get(name));
  });
}

/** Each once, behind those that it needs, otherwise in the order given. */
function inOrderOfNeed<T>(all: T[], needs: (one: T) => (T | undefined)[]): T[] {
  const placed = new Set<T>();
  const ordered: T[] = [];
  const place = (one: T) => {
    if (placed.has(one)) return;
    placed.add(one);
    for (const needed of needs(one)) if (needed !== undefined) place(needed);
    ordered.push(one);
  };
  for (const one of all) place(one);
  return ordered;
}
