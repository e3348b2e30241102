import type { ResolvedFilter } from "../../seccomp/types.ts";
import type { EvaluationContext } from "../types.ts";
import type { Undecided, Verdict } from "../verdict.ts";
import { blocked, decide, holds } from "../verdict.ts";
import { open, together } from "../cut-sets.ts";

const ref = "process.seccomp";

/** What a filter says of one question: the answer, why, and where it has several ways through, how sure each one is. */
export interface FilterAnswer {
  readonly outcome: "allowed" | "denied" | "depends" | "unknown";
  readonly because: string;
  readonly ways?: readonly { readonly confidence: "verified" | "derived" | "hypothesis" }[];
}

/** A way through that nobody has confirmed is no proof that the filter is open. */
function isHypothesis(answer: FilterAnswer): boolean {
  return (
    answer.ways !== undefined &&
    answer.ways.length > 0 &&
    answer.ways.every((way) => way.confidence === "hypothesis")
  );
}

/** Asks the workload's filter; `what` names the question in evidence (`mount(2)`). */
export function askFilter(
  context: EvaluationContext,
  what: string,
  ask: (filter: ResolvedFilter) => FilterAnswer,
): Verdict {
  return decide(context.boundary.process.seccomp, ref, (state) => {
    if (state.kind === "unconfined") return holds(`no seccomp filter: ${what} reaches the kernel`, ref);
    const filter = context.filters.get(state.filter);
    if (!filter)
      return undecided(
        `the contents of seccomp profile ${state.name} are not in the input`,
        `seccomp-profile:${state.name}`,
      );
    const answer = ask(filter);
    if (answer.outcome === "allowed" && isHypothesis(answer)) {
      return undecided(
        `seccomp profile ${state.name} may let ${what} through: ${answer.because}`,
        `seccomp-profile:${state.name}`,
      );
    }
    switch (answer.outcome) {
      case "allowed":
        return holds(`seccomp profile ${state.name} allows ${what}`, ref);
      case "denied":
        return blocked(["seccomp"], `seccomp profile ${state.name} denies ${what}`, ref);
      // Some argument is let through: the attacker chooses the arguments.
      case "depends":
        return holds(`seccomp profile ${state.name} allows ${what} for some arguments`, ref);
      case "unknown":
        return undecided(
          `what seccomp profile ${state.name} says of ${what} is not decided: ${answer.because}`,
          answer.because.includes("kernel") ? "host.kernel.release" : `seccomp-profile:${state.name}`,
        );
    }
  });
}

function undecided(reason: string, fact: string): Verdict {
  const entry: Undecided = { fact, reason };
  return {
    worst: open,
    best: together("seccomp"),
    barriers: ["seccomp"],
    evidence: [{ text: reason, ref }],
    undecided: [entry],
  };
}
