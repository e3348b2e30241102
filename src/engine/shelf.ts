import type { Facets } from "../boundary/facets.ts";
import type { Rested } from "../conditions/parts/reads.ts";
import { recall, restingOn } from "../conditions/parts/reads.ts";
import type { Values } from "./values.ts";

/**
 * Answers that boundaries share. An answer is kept with the facets it rests on, and is right for every boundary that has the same
 * values there: most containers of a folder differ in a mount or a user, and nearly all answers rest on neither.
 */
export interface Shelf<V> {
  /** Which facets the answers to a question have rested on so far. */
  readonly reads: Map<string, readonly Facets[]>;
  /** By the question and the values of those facets. */
  readonly answers: Map<string, Rested<V>>;
}

/** Most that are kept. A folder with more distinct boundaries than fit asks some questions again. */
const capacity = 100_000;

export function emptyShelf<V>(): Shelf<V> {
  return { reads: new Map(), answers: new Map() };
}

/** The answer to a question about the boundary that has these values: kept, or made and kept. */
export function shared<V>(shelf: Shelf<V>, question: string, values: Values, make: () => V): V {
  return recall(sharedRested(shelf, question, values, make));
}

/** The same, with what the answer rests on. */
export function sharedRested<V>(shelf: Shelf<V>, question: string, values: Values, make: () => V): Rested<V> {
  const known = shelf.reads.get(question);
  if (known) {
    for (const reads of known) {
      const found = shelf.answers.get(question + values.of(reads));
      if (found) {
        recall(found);
        return found;
      }
    }
  }
  const made = restingOn(make);
  if (shelf.answers.size >= capacity) shelf.answers.clear();
  shelf.answers.set(question + values.of(made.reads), made);
  if (!known) shelf.reads.set(question, [made.reads]);
  else if (!known.includes(made.reads)) shelf.reads.set(question, [...known, made.reads]);
  return made;
}
