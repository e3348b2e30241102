import type { createFilterStore } from "../../src/assess/filter-store.ts";
import { createSetting } from "../../src/assess/setting.ts";
import type { Boundary } from "../../src/boundary/boundary.ts";
import type { Verdict } from "../../src/conditions/verdict.ts";
import { statusOf } from "../../src/conditions/verdict.ts";
import { judgeTechnique, startJudging } from "../../src/engine/judging.ts";
import { judge } from "../../src/engine/judge.ts";
import type { Prepared, PreparedTechnique } from "../../src/engine/prepare.ts";
import { prepare } from "../../src/engine/prepare.ts";
import type { PathStatus } from "../../src/engine/types.ts";
import { shippedKnowledge } from "../../src/knowledge/store.ts";
import type { Example, Technique } from "../../src/knowledge/types.ts";
import { goals } from "../../src/knowledge/types.ts";
import { complete } from "../../src/sources/defaults/complete.ts";
import { subjectsOf } from "./example-subjects.ts";
import { allTechniques } from "./knowledge.ts";

/** What the engine says of one technique for one subject of an example. */
export interface ExampleVerdict {
  readonly status: PathStatus;
  readonly barriers: readonly string[];
  readonly undecided: readonly string[];
}

let cached: Prepared | undefined;
/** The techniques as they stand in knowledge/, not as they were last compiled. */
function prepared(): Prepared {
  cached ??= prepare({ version: "tree", techniques: allTechniques, hostPaths: shippedKnowledge().hostPaths });
  return cached;
}

/** The verdict on a technique for every subject of an example, through the real sources, defaults and engine. */
export async function exampleVerdicts(
  technique: Technique,
  example: Example,
): Promise<readonly ExampleVerdict[]> {
  const assume = new Map(Object.entries(example.assume ?? {}));
  const setting = await createSetting({ assume, host: example.host, goals, order: 6 });
  const subjects = await subjectsOf(example);
  return subjects.map((subject) => {
    if (!subject.spec) throw new Error("the example's subject has no spec");
    return verdictOf(technique, complete(subject.spec, setting.completion), setting.filters);
  });
}

/** Of the paths that have the technique as a step, the least closed; where there is none, of the technique by itself. */
function verdictOf(
  technique: Technique,
  boundary: Boundary,
  store: ReturnType<typeof createFilterStore>,
): ExampleVerdict {
  const { paths } = judge(prepared(), boundary, store.filters, { goals, order: 6 });
  const through = paths.filter((path) => path.steps.some((step) => step.technique.id === technique.id));
  const own = ownVerdicts(technique, boundary, store);
  const isStep = technique.from === "workload" && !goals.some((goal) => goal === technique.to);
  if (isStep && own.some((verdict) => statusOf(verdict) !== "blocked")) return ofStep(own);
  for (const status of ["open", "unknown"] as const) {
    const found = through.filter((path) => path.status === status);
    if (found.length > 0)
      return summary(
        status,
        found.flatMap((p) => p.closedBy),
        found.flatMap((p) => p.undecided.map((u) => u.fact)),
      );
  }
  const barriers = [
    ...through.flatMap((path) => path.closedBy),
    ...own.flatMap((verdict) => verdict.barriers),
  ];
  const isOpen = through.length === 0 && own.some((verdict) => statusOf(verdict) !== "blocked");
  return summary(
    isOpen ? "unknown" : "closed",
    barriers,
    own.flatMap((v) => v.undecided.map((u) => u.fact)),
  );
}

/** A technique that ends at a stage on the way: where it leads may be closed, and it is open all the same. */
function ofStep(own: readonly Verdict[]): ExampleVerdict {
  const status = own.some((verdict) => statusOf(verdict) === "holds") ? "open" : "unknown";
  return summary(
    status,
    own.flatMap((v) => v.barriers),
    own.flatMap((v) => v.undecided.map((u) => u.fact)),
  );
}

function summary(
  status: PathStatus,
  barriers: readonly string[],
  undecided: readonly string[],
): ExampleVerdict {
  return { status, barriers: [...new Set(barriers)], undecided: [...new Set(undecided)] };
}

/** The technique by itself as the workload; one that starts from a later stage, with the techniques that lead there. */
function ownVerdicts(
  technique: Technique,
  boundary: Boundary,
  store: ReturnType<typeof createFilterStore>,
): readonly Verdict[] {
  const judging = startJudging(prepared(), { boundary, filters: store.filters });
  const all = prepared().all;
  const wanted = (candidate: PreparedTechnique): boolean =>
    technique.from === "workload" || technique.from === "container-root"
      ? candidate.technique.id === technique.id
      : candidate.technique.from === "workload" && candidate.technique.to === technique.from;
  return all.filter(wanted).map((candidate) => judgeTechnique(judging, candidate, "workload"));
}
