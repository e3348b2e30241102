import type { Facets } from "../boundary/facets.ts";
import type { Rested } from "../conditions/parts/reads.ts";
import { recall, restingOn } from "../conditions/parts/reads.ts";
import type { Values } from "./values.ts";

/**
 * Answers that boundaries share. An answer is kept with the facets it rests on, and is right for every boundary that has the same
 * values there: most containers of a folder differ in a mount or a user, and nearly all answers rest on neither.
 */
export interface Shelf<V> {
  readonly questions: Map<string, Answers<V>[]>;
  /** How many answers are kept. */
  size: number;
}

/** The answers to a question that rest on the same facets, by the values of these. */
interface Answers<V> {
  readonly reads: Facets;
  readonly byValues: Map<string, Rested<V>>;
}

/** Most that are kept. A folder with more distinct boundaries than fit asks some questions again. */
const capacity = 100_000;

export function emptyShelf<V>(): Shelf<V> {
  return { questions: new Map(), size: 0 };
}

/** The answer to a question about the boundary that has these values: kept, or made and kept. */
export function shared<V>(shelf: Shelf<V>, question: string, values: Values, make: () => V): V {
  return recall(sharedRested(shelf, question, values, make));
}

/** The same, with what the answer rests on. */
export function sharedRested<V>(shelf: Shelf<V>, question: string, values: Values, make: () => V): Rested<V> {
  const known = shelf.questions.get(question);
  if (known) {
    for (const { reads, byValues } of known) {
      const found = byValues.get(values.of(reads));
      if (found) return found;
    }
  }
  const made = restingOn(make);
  keep(shelf, question, values.of(made.reads), made);
  return made;
}

function keep<V>(shelf: Shelf<V>, question: string, values: string, made: Rested<V>): void {
  if (shelf.size >= capacity) {
    shelf.questions.clear();
    shelf.size = 0;
  }
  shelf.size++;
  const list = shelf.questions.get(question);
  const same = list?.find(({ reads }) => reads === made.reads);
  if (same) same.byValues.set(values, made);
  else if (list) list.push({ reads: made.reads, byValues: new Map([[values, made]]) });
  else shelf.questions.set(question, [{ reads: made.reads, byValues: new Map([[values, made]]) }]);
}
