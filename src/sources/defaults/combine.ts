import type { Position } from "../../base/location.ts";
import type { Fact, Known, Unknown } from "../../boundary/fact.ts";
import { possibleValues, unknown } from "../../boundary/fact.ts";

const texts = new WeakMap<object, string>();

/** Lists and states that defaults give are the same objects for every subject: each is written out once. */
function key(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const text = texts.get(value) ?? JSON.stringify(value);
  texts.set(value, text);
  return text;
}

function same(left: unknown, right: unknown): boolean {
  return left === right || (typeof left === "object" && key(left) === key(right));
}

function isKnown<T>(fact: Fact<T>): fact is Known<T> {
  return fact.known;
}

/**
 * One fact from the facts that hold in each way things can be: itself where they agree, else unknown by what tells the
 * ways apart, with every value that any of them can have, in the order given (weakest barrier first). When one of them is
 * unknown by itself, its own fact is named: it must be settled too.
 */
export function combine<T>(facts: readonly Fact<T>[], fact: string, reason: string, at?: Position): Fact<T> {
  const [first] = facts;
  if (first === undefined) return unknown(fact, reason, undefined, at);
  if (agree(facts)) return first;
  const own = facts.filter((other): other is Unknown<T> => !other.known);
  const [only] = own;
  const alone = only !== undefined && own.every((other) => other.fact === only.fact) ? only : undefined;
  return unknown(alone?.fact ?? fact, alone?.reason ?? reason, unionOf(facts), at ?? only?.at);
}

function agree<T>(facts: readonly Fact<T>[]): boolean {
  const [first] = facts;
  if (facts.every((other) => other === first)) return true;
  const known = facts.filter(isKnown);
  return known.length === facts.length && known.every((other) => same(other.value, known[0]?.value));
}

function unionOf<T>(facts: readonly Fact<T>[]): readonly T[] | undefined {
  const values = new Map<unknown, T>();
  for (const fact of facts) {
    const possible = possibleValues(fact);
    if (possible === undefined) return undefined;
    for (const value of possible) {
      const name = key(value);
      if (!values.has(name)) values.set(name, value);
    }
  }
  return [...values.values()];
}
