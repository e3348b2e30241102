import type { EvaluationContext } from "../types.ts";
import type { Verdict } from "../verdict.ts";
import type { Rested } from "./reads.ts";
import { recall, restingOn } from "./reads.ts";

/**
 * Remembers a part's verdict for one boundary and actor: dozens of techniques ask whether the actor may mount, is root of the
 * host, or holds a capability. `keyOf` must tell apart every question that can have another answer.
 */
export function remember<A extends readonly unknown[]>(
  evaluate: (context: EvaluationContext, ...rest: A) => Verdict,
  keyOf: (...rest: A) => string,
): (context: EvaluationContext, ...rest: A) => Verdict {
  const known = new WeakMap<EvaluationContext, Map<string, Rested<Verdict>>>();
  return (context, ...rest) => {
    let verdicts = known.get(context);
    if (!verdicts) {
      verdicts = new Map();
      known.set(context, verdicts);
    }
    const key = keyOf(...rest);
    const found = verdicts.get(key);
    if (found) return recall(found);
    const made = restingOn(() => evaluate(context, ...rest));
    verdicts.set(key, made);
    return made.value;
  };
}
