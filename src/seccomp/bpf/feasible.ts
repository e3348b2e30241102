/**
 * Whether some 32-bit word satisfies all of several comparisons: what a path through a filter has learnt of one word of an argument.
 * Exact: the word is chosen bit by bit from the top, and each comparison is less, equal or greater so far.
 */
export interface Comparison {
  readonly test: "eq" | "gt" | "ge" | "set";
  /** The word is masked with this first (BPF_AND before the comparison). */
  readonly mask: number;
  readonly k: number;
  /** What the comparison has to come out as. */
  readonly holds: boolean;
}

const less = 0;
const equal = 1;
const greater = 2;

/** A word that satisfies all of them, or undefined when there is none. */
export function wordThat(comparisons: readonly Comparison[]): number | undefined {
  const dead = new Set<string>();
  const search = (bit: number, states: readonly number[], word: number): number | undefined => {
    if (bit < 0) return comparisons.every((one, i) => isMet(one, states[i] ?? equal)) ? word : undefined;
    const key = `${String(bit)} ${states.join("")}`;
    if (dead.has(key)) return undefined;
    for (const value of [0, 1]) {
      const next = comparisons.map((one, i) => step(one, states[i] ?? equal, bit, value));
      const found = search(bit - 1, next, (word | (value << bit)) >>> 0);
      if (found !== undefined) return found;
    }
    dead.add(key);
    return undefined;
  };
  return search(
    31,
    comparisons.map(({ test }) => (test === "set" ? less : equal)),
    0,
  );
}

/** For `set`, greater means that a common bit was seen; for the rest, how the masked word stands to `k` so far. */
function step({ test, mask, k }: Comparison, state: number, bit: number, value: number): number {
  const masked = (mask >>> bit) & 1 & value;
  const wanted = (k >>> bit) & 1;
  if (test === "set") return state === greater || (masked & wanted) === 1 ? greater : less;
  if (state !== equal) return state;
  return masked === wanted ? equal : masked > wanted ? greater : less;
}

function isMet({ test, holds }: Comparison, state: number): boolean {
  switch (test) {
    case "eq":
      return (state === equal) === holds;
    case "ge":
      return (state !== less) === holds;
    case "gt":
    case "set":
      return (state === greater) === holds;
  }
}
