import type { Actor } from "../conditions/types.ts";
import type { Verdict } from "../conditions/verdict.ts";
import type { Shelf } from "./shelf.ts";
import { emptyShelf } from "./shelf.ts";
import type { ValueNumbers, Values } from "./values.ts";
import { valueNumbers } from "./values.ts";

/** What the boundaries of one run share: the answers of techniques. Good for one knowledge base and one store of filters. */
export interface Sharing {
  readonly numbers: ValueNumbers;
  readonly conditions: Readonly<Record<Actor, Shelf<Verdict>>>;
  readonly techniques: Readonly<Record<Actor, Shelf<Verdict>>>;
  /** By the values that versions are read from: the verdict on each vulnerability's versions, by its id. */
  readonly affected: Map<string, Map<string, Verdict>>;
  /** Whether a vulnerability could be reached, for the backtest. */
  readonly reachable: Shelf<boolean>;
}

/** What is shared, and the values by which one boundary finds its own there. */
export interface Run {
  readonly sharing: Sharing;
  readonly values: Values;
}

export function startSharing(): Sharing {
  return {
    numbers: valueNumbers(),
    conditions: { workload: emptyShelf(), "container-root": emptyShelf() },
    techniques: { workload: emptyShelf(), "container-root": emptyShelf() },
    affected: new Map(),
    reachable: emptyShelf(),
  };
}
