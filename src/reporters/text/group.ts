import type { Assessment, ReportedPath, Subject } from "../../engine/assessment.ts";

/** Subjects with one verdict: five identical sidecars are one block of the report. */
export interface Group {
  readonly first: Subject;
  readonly subjects: readonly Subject[];
}

/** Subjects with equal verdicts together, worst first; among equals in the order of the input. */
export function groupSubjects(assessment: Assessment): readonly Group[] {
  const groups = new Map<string, Subject[]>();
  for (const subject of assessment.subjects) {
    const key = verdictKey(subject);
    const group = groups.get(key);
    if (group) group.push(subject);
    else groups.set(key, [subject]);
  }
  const { judge } = assessment.summary;
  return [...groups.values()]
    .flatMap((subjects) => (subjects[0] ? [{ first: subjects[0], subjects }] : []))
    .map((group) => ({ group, rank: rankOf(group.first, judge) }))
    .sort((a, b) => compare(a.rank, b.rank))
    .map(({ group }) => group);
}

function verdictKey({ margin, paths, singlePoints, backtest }: Subject): string {
  const ways = paths.map((path) => [path.id, path.goal, path.status, path.reason, path.barriers]);
  return JSON.stringify([margin, ways, singlePoints, backtest.kernel.reachable]);
}

function rankOf({ margin, paths }: Subject, judge: "worst" | "best"): readonly number[] {
  const infinite = Number.POSITIVE_INFINITY;
  const other = judge === "worst" ? margin.best : margin.worst;
  return [
    margin[judge] ?? infinite,
    other ?? infinite,
    -paths.filter(({ status }) => status === "open").length,
  ];
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? 0;
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}

/** Whether a subject's judged margin is below the wanted one. */
export function fallsShort({ margin }: Subject, { judge, failOn }: Assessment["summary"]): boolean {
  const judged = margin[judge];
  return judged !== null && judged < failOn;
}

/** Ways out that a reader takes as one: by one technique, granted by the same lines or left open by the same facts. */
export interface Ways {
  readonly first: ReportedPath;
  /** The technique that the reason speaks of. */
  readonly label: string;
  /** Other techniques that stand on the same ground. */
  readonly also: readonly string[];
  /** What would close each of them; more than one entry when no one change is known that closes all. */
  readonly remedies: readonly string[];
}

/** The technique whose reason a path shows: the first that does more than become root of the container. */
export function labelOf(path: ReportedPath): string {
  const step = path.steps.find(({ to }) => to !== "container-root") ?? path.steps[0];
  return step?.technique ?? path.id;
}

/** Collects paths of one status, cheapest first, by what `ground` says they stand on (`undefined`: on nothing shared). */
export function groupWays(
  paths: readonly ReportedPath[],
  ground: (path: ReportedPath) => string | undefined,
): readonly Ways[] {
  const ways = new Map<
    string,
    { first: ReportedPath; label: string; also: Set<string>; remedies: Set<string> }
  >();
  const labels = new Set<string>();
  for (const path of paths) {
    const label = labelOf(path);
    if (labels.has(label)) continue;
    labels.add(label);
    const key = ground(path) ?? `technique:${label}`;
    const found = ways.get(key);
    const remedies = path.remedy === null ? [] : [path.remedy];
    if (found) {
      found.also.add(label);
      for (const remedy of remedies) found.remedies.add(remedy);
    } else ways.set(key, { first: path, label, also: new Set(), remedies: new Set(remedies) });
  }
  return [...ways.values()].map(({ first, label, also, remedies }) => ({
    first,
    label,
    also: [...also],
    remedies: [...remedies],
  }));
}

/** The facts of the boundary that would decide a way, each once. */
export function factsOf(path: ReportedPath): readonly string[] {
  return [
    ...new Set(path.steps.flatMap(({ conditions }) => conditions.flatMap(({ wouldDecide }) => wouldDecide))),
  ];
}

/**
 * The fact that each undecided way is told under: of the facts that would decide it the one that the most ways hang on. So
 * ten ways that AppArmor alone would hold are one entry, although some of them ask for more besides.
 */
export function mainFacts(paths: readonly ReportedPath[]): ReadonlyMap<ReportedPath, string> {
  const votes = new Map<string, number>();
  for (const path of paths) for (const fact of factsOf(path)) votes.set(fact, (votes.get(fact) ?? 0) + 1);
  const ranked = [...votes].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([fact]) => fact);
  return new Map(
    paths.flatMap((path) => {
      const facts = factsOf(path);
      const main = ranked.find((fact) => facts.includes(fact));
      return main === undefined ? [] : [[path, main] as const];
    }),
  );
}

/** Undecided ways, those to the whole host first, and among them those that the fewest facts decide. */
export function undecided(paths: readonly ReportedPath[]): readonly ReportedPath[] {
  const rank = (path: ReportedPath): number => (path.goal === "host-root" ? 0 : 100) + factsOf(path).length;
  return paths
    .filter(({ status, confirmed }) => status === "unknown" && confirmed)
    .sort((a, b) => rank(a) - rank(b));
}
