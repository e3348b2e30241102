/**
 * Cut sets: which barriers must fail together. A formula over barriers in disjunctive normal form, kept minimal
 * (absorption: a set that contains another one is dropped). See the NIST/NUREG fault tree handbook (NUREG-0492), ch. VII.
 *
 * `open` holds the empty set: nothing needs to fail. `never` holds no set at all: no failure of a barrier opens it.
 */
export type CutSets = readonly (readonly string[])[];

export const open: CutSets = [[]];
export const never: CutSets = [];

/** Sets with more barriers than this are not kept: the order of the search, stated in every report. */
export const searchOrder = 6;

export function isOpen(sets: CutSets): boolean {
  return sets.length === 1 && sets[0]?.length === 0;
}

/** The barriers that must all fail, as one cut set. */
export function together(...barriers: readonly string[]): CutSets {
  return barriers.length === 0 ? open : [[...new Set(barriers)].sort()];
}

/** Both formulas must be opened. */
export function both(left: CutSets, right: CutSets): CutSets {
  if (isOpen(left)) return right;
  if (isOpen(right)) return left;
  const result: (readonly string[])[] = [];
  for (const a of left) {
    for (const b of right) {
      const merged = mergeSorted(a, b);
      if (merged.length <= searchOrder) result.push(merged);
    }
  }
  return minimal(result);
}

/** Either formula may be opened. */
export function either(left: CutSets, right: CutSets): CutSets {
  if (isOpen(left) || right.length === 0) return left;
  if (isOpen(right) || left.length === 0) return right;
  return minimal([...left, ...right]);
}

function mergeSorted(a: readonly string[], b: readonly string[]): readonly string[] {
  const result: string[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const x = a[i];
    const y = b[j];
    if (y === undefined || (x !== undefined && x < y)) {
      if (x !== undefined) result.push(x);
      i++;
    } else if (x === undefined || y < x) {
      result.push(y);
      j++;
    } else {
      result.push(x);
      i++;
      j++;
    }
  }
  return result;
}

/** Drops every set that contains another one (and duplicates); smallest first, then by name. */
export function minimal(sets: CutSets): CutSets {
  if (sets.length < 2) return sets;
  const sorted = [...sets].sort((a, b) => a.length - b.length || compareLists(a, b));
  const kept: (readonly string[])[] = [];
  for (const set of sorted) if (!kept.some((smaller) => contains(set, smaller))) kept.push(set);
  return kept;
}

function compareLists(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < a.length; i++) {
    const x = a[i] ?? "";
    const y = b[i] ?? "";
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

/** Whether sorted `set` holds every element of sorted `subset`. */
export function contains(set: readonly string[], subset: readonly string[]): boolean {
  let i = 0;
  for (const element of subset) {
    while (i < set.length && (set[i] ?? "") < element) i++;
    if (set[i] !== element) return false;
    i++;
  }
  return true;
}

/** The size of the smallest set; null when there is none. */
export function order(sets: CutSets): number | null {
  let smallest: number | null = null;
  for (const set of sets) if (smallest === null || set.length < smallest) smallest = set.length;
  return smallest;
}

/** Whether every set of `sets` contains some set of `other`: then `sets` adds no way that `other` has not. */
export function absorbedBy(sets: CutSets, other: CutSets): boolean {
  return sets.every((set) => other.some((smaller) => contains(set, smaller)));
}

/** Whether two minimal formulas are the same; both are kept in the same order. */
export function sameSets(left: CutSets, right: CutSets): boolean {
  if (left === right) return true;
  return (
    left.length === right.length &&
    left.every((set, i) => set.length === right[i]?.length && contains(set, right[i]))
  );
}
