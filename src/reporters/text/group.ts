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
  const ways = new Map<string, { first: ReportedPath; label: string; also: Set<string> }>();
  const labels = new Set<string>();
  for (const path of paths) {
    const label = labelOf(path);
    if (labels.has(label)) continue;
    labels.add(label);
    const key = ground(path) ?? `technique:${label}`;
    const found = ways.get(key);
    if (found) found.also.add(label);
    else ways.set(key, { first: path, label, also: new Set() });
  }
  return [...ways.values()].map(({ first, label, also }) => ({ first, label, also: [...also] }));
}
