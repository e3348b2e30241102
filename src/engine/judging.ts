import { versionFacets } from "../boundary/facets.ts";
import { isOpen, never } from "../conditions/cut-sets.ts";
import { isContainerRoot } from "../conditions/parts/identity.ts";
import { recorded } from "../conditions/parts/reads.ts";
import type { Actor, EvaluationContext } from "../conditions/types.ts";
import type { Verdict } from "../conditions/verdict.ts";
import { allOf } from "../conditions/verdict.ts";
import type { Vulnerability } from "../knowledge/types.ts";
import { affectedVerdict } from "./affected.ts";
import { isAssumedPatched } from "./assumed-patched.ts";
import type { Asking } from "./formula.ts";
import { evaluate, isNever } from "./formula.ts";
import type { Prepared, PreparedTechnique } from "./prepare.ts";
import type { Run } from "./sharing.ts";
import { shared } from "./shelf.ts";

/** One boundary under judgement: how both actors ask. */
export interface Judging {
  readonly prepared: Prepared;
  /** The techniques that are tried, by the stage they start from. */
  readonly from: Prepared["from"];
  /** What other boundaries of the run have answered, and this one's values there; absent while there are no others. */
  readonly run: Run | undefined;
  readonly asking: Readonly<Record<Actor, Asking>>;
  readonly verdicts: Readonly<Record<Actor, Map<PreparedTechnique, Verdict>>>;
  /** What formulas of vulnerabilities said, by `PreparedTechnique.reach`. */
  readonly reached: Readonly<Record<Actor, Map<string, Verdict>>>;
  /** The workload is uid 0 already: no technique needs to make it that. */
  readonly isRoot: boolean;
}

export function startJudging(
  prepared: Prepared,
  { boundary, filters }: Pick<EvaluationContext, "boundary" | "filters">,
  run?: Run,
): Judging {
  const seen = run ? recorded(boundary) : boundary;
  const of = (actor: Actor): Asking => ({
    context: { boundary: seen, filters, hostPaths: prepared.hostPaths, actor },
    memo: new Map(),
    shared: run && { shelf: run.sharing.conditions[actor], values: run.values },
  });
  const workload = of("workload");
  return {
    prepared,
    from: isAssumedPatched(boundary) ? prepared.unknownFrom : prepared.from,
    run,
    isRoot: isOpen(isContainerRoot(workload.context).best),
    asking: { workload, "container-root": of("container-root") },
    verdicts: { workload: new Map(), "container-root": new Map() },
    reached: { workload: new Map(), "container-root": new Map() },
  };
}

/** The verdict of one technique as one actor; for a vulnerability, with its affected versions. */
export function judgeTechnique(judging: Judging, prepared: PreparedTechnique, actor: Actor): Verdict {
  const cached = judging.verdicts[actor].get(prepared);
  if (cached) return cached;
  const { run } = judging;
  const make = (): Verdict => askAnew(judging, prepared, actor);
  // The reach of a vulnerability is shared by itself: many have the same, and their versions are the host's.
  const verdict =
    run && !prepared.technique.vulnerability
      ? shared(run.sharing.techniques[actor], prepared.technique.id, run.values, make)
      : make();
  judging.verdicts[actor].set(prepared, verdict);
  return verdict;
}

function askAnew(judging: Judging, prepared: PreparedTechnique, actor: Actor): Verdict {
  const { technique } = prepared;
  const affected = technique.vulnerability && affectedBy(judging, prepared, technique.vulnerability);
  // A host that does not have the bug needs no further question.
  if (affected && isNever(affected.worst)) return affected;
  const reached = affected
    ? reach(judging, prepared, actor)
    : evaluate(prepared.formula, judging.asking[actor]);
  const verdict = affected ? allOf([affected, reached]) : reached;
  return technique.status === "draft" && isOpen(verdict.best) ? unconfirmed(verdict, technique.id) : verdict;
}

/** What the formula of a vulnerability says; once for all that have it in common. */
function reach(judging: Judging, { formula, reach: key }: PreparedTechnique, actor: Actor): Verdict {
  const { run, reached } = judging;
  const known = reached[actor].get(key);
  if (known) return known;
  const make = (): Verdict => evaluate(formula, judging.asking[actor]);
  const verdict = run ? shared(run.sharing.techniques[actor], key, run.values, make) : make();
  reached[actor].set(key, verdict);
  return verdict;
}

/** Whether the versions have a bug: the same for every subject of one host, unless the subject names its own engine's. */
function affectedBy(
  { asking, run }: Judging,
  { technique }: PreparedTechnique,
  vulnerability: Vulnerability,
): Verdict {
  const { boundary } = asking.workload.context;
  const make = (): Verdict => affectedVerdict(vulnerability, boundary);
  if (!run) return make();
  const versions = run.values.of(versionFacets);
  const book = run.sharing.affected.get(versions) ?? new Map<string, Verdict>();
  run.sharing.affected.set(versions, book);
  const known = book.get(technique.id);
  if (known) return known;
  const verdict = make();
  book.set(technique.id, verdict);
  return verdict;
}

/** A draft rests on no confirmed source: where its conditions hold it is unknown, never open for certain. */
function unconfirmed(verdict: Verdict, id: string): Verdict {
  const reason = `technique ${id} is a draft: its preconditions have not been confirmed`;
  return { ...verdict, best: never, undecided: [...verdict.undecided, { fact: `technique:${id}`, reason }] };
}
