import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { scan } from "../../src/assess.ts";
import type { ScanRequest, Target } from "../../src/assess.ts";
import type { Assessment, Subject } from "../../src/engine/assessment.ts";
import { goals } from "../../src/knowledge/types.ts";
import type { Goal } from "../../src/knowledge/types.ts";
import { wordsOf } from "./words.ts";

/**
 * The corpus: tests/corpus/<source>/<case>/ holds an input and `expected.yaml`. Expectations are reasoned by hand from the
 * sources of semantics, never copied from an output; `why` says how.
 */
export interface CorpusCase {
  readonly source: string;
  readonly name: string;
  readonly folder: string;
  readonly expected: Expected;
}

export interface Expected {
  readonly why: string;
  /** The project whose shape the input has. */
  readonly real?: string;
  readonly host?: string;
  readonly assume?: Readonly<Record<string, string>>;
  readonly profiles?: readonly string[];
  /** `folder`: the whole folder is walked instead of its main file being named. */
  readonly target?: "folder";
  /** Fragments of errors; without any, no error may be reported. */
  readonly problems?: readonly string[];
  /** Subjects that are not listed may be found as well (those of a malformed neighbour). */
  readonly others?: boolean;
  /** By name, or the last part of it; `*` is the only subject of an input. */
  readonly subjects: Readonly<Record<string, ExpectedSubject>>;
}

interface Range {
  readonly worst?: number | null;
  readonly best?: number | null;
}

export interface ExpectedSubject {
  readonly margin?: Range;
  readonly margins?: Readonly<Partial<Record<Goal, Range>>>;
  /** Goals that are open for certain, and those open in the worst case only: exact. `host-root` stands for all. */
  readonly open?: readonly Goal[];
  readonly unknown?: readonly Goal[];
  /** Prefixes of techniques, one of which each must be a step of an open path. */
  readonly openPaths?: readonly string[];
  readonly notOpenPaths?: readonly string[];
  /** Barriers among the single points of failure; all of them with `exact`. */
  readonly singlePoints?: readonly string[];
  readonly exact?: boolean;
  readonly notSinglePoints?: readonly string[];
  /** Ends of paths that stand under the blast radius as granted. */
  readonly grants?: readonly string[];
  readonly egress?: string;
  readonly backtest?: { readonly reaches?: readonly string[]; readonly notReaches?: readonly string[] };
}

const inputs: Readonly<Record<string, string>> = {
  compose: "compose.yaml",
  kubernetes: "pod.yaml",
  oci: "config.json",
  inspect: "inspect.json",
  command: "command.txt",
};

/** Every case below a folder, in the order of their names. */
export function readCorpus(root: string): readonly CorpusCase[] {
  return foldersIn(root).flatMap((source) =>
    foldersIn(join(root, source)).map((name) => {
      const folder = join(root, source, name);
      const expected = parse(readFileSync(join(folder, "expected.yaml"), "utf8")) as Expected;
      return { source, name, folder, expected };
    }),
  );
}

function foldersIn(path: string): readonly string[] {
  const found = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return found.map((entry) => entry.name).sort();
}

/** Scans a case's input as a user would. */
export async function scanCase(corpusCase: CorpusCase): Promise<Assessment> {
  const { expected } = corpusCase;
  const request: ScanRequest = {
    targets: [targetOf(corpusCase)],
    host: expected.host,
    goals,
    failOn: 1,
    judge: "worst",
    assume: new Map(Object.entries(expected.assume ?? {})),
    order: 6,
    boundary: false,
    profiles: expected.profiles ?? [],
  };
  return scan(request, { keep: true });
}

function targetOf({ source, folder, expected }: CorpusCase): Target {
  const input = join(folder, inputs[source] ?? "");
  if (source === "command") return { kind: "command", argv: wordsOf(readFileSync(input, "utf8")) };
  return { kind: "path", path: expected.target === "folder" ? folder : input };
}

/** What an assessment says differently from what was expected, one line each; none when it agrees. */
export function differences({ expected }: CorpusCase, assessment: Assessment): readonly string[] {
  const found = new Map(assessment.subjects.map((subject) => [subject, false]));
  const lines: string[] = [];
  for (const [key, wanted] of Object.entries(expected.subjects)) {
    const subject = assessment.subjects.find((candidate) => isNamed(candidate, key));
    if (!subject)
      lines.push(
        `${key}: expected a subject of this name, found ${listed(assessment.subjects.map((s) => s.name))}`,
      );
    else {
      found.set(subject, true);
      lines.push(...subjectDifferences(wanted, subject).map((line) => `${key}: ${line}`));
    }
  }
  if (expected.others !== true) {
    for (const [subject, known] of found) if (!known) lines.push(`expected no subject ${subject.name}`);
  }
  return [...lines, ...problemDifferences(expected, assessment)];
}

function isNamed(subject: Subject, key: string): boolean {
  return key === "*" || subject.name === key || basename(subject.name) === key;
}

function problemDifferences({ problems = [] }: Expected, { errors }: Assessment): readonly string[] {
  const messages = errors.map((error) => error.message);
  if (problems.length === 0) return messages.map((message) => `expected no error, found: ${message}`);
  return problems
    .filter((fragment) => !messages.some((message) => message.includes(fragment)))
    .map((fragment) => `expected an error about ${fragment}, found ${listed(messages)}`);
}

function subjectDifferences(wanted: ExpectedSubject, subject: Subject): readonly string[] {
  return [
    ...rangeDifferences("margin", wanted.margin, subject.margin, subject),
    ...Object.entries(wanted.margins ?? {}).flatMap(([goal, range]) =>
      rangeDifferences(
        `margin of ${goal}`,
        range,
        subject.margins[goal as Goal] ?? { worst: null, best: null },
        subject,
      ),
    ),
    ...goalDifferences("open", wanted.open, goalsWith(subject, "open")),
    ...goalDifferences("open in the worst case", wanted.unknown, goalsWith(subject, "unknown")),
    ...pathDifferences(wanted, subject),
    ...singlePointDifferences(wanted, subject),
    ...blastDifferences(wanted, subject),
    ...backtestDifferences(wanted, subject),
  ];
}

function rangeDifferences(
  what: string,
  wanted: Range | undefined,
  found: Range,
  subject: Subject,
): readonly string[] {
  if (!wanted) return [];
  const wrong = (["worst", "best"] as const).filter(
    (side) => wanted[side] !== undefined && wanted[side] !== found[side],
  );
  if (wrong.length === 0) return [];
  const paths = subject.paths
    .filter((path) => path.status !== "closed")
    .map((path) => `${path.id} ${path.status}`);
  return [
    `${what}: expected ${rangeText(wanted)}, found ${rangeText(found)}; not closed: ${listed(paths)}; unknown: ${listed(subject.unknowns.map((u) => u.fact))}`,
  ];
}

function rangeText({ worst, best }: Range): string {
  const text = (value: number | null | undefined): string => (value === undefined ? "any" : String(value));
  return `${text(worst)}–${text(best)}`;
}

function goalsWith(subject: Subject, status: "open" | "unknown"): readonly Goal[] {
  return goals.filter((goal) => {
    const margin = subject.margins[goal];
    if (margin?.worst !== 0) return false;
    return status === "open" ? margin.best === 0 : margin.best !== 0;
  });
}

function goalDifferences(
  what: string,
  wanted: readonly Goal[] | undefined,
  found: readonly Goal[],
): readonly string[] {
  if (!wanted) return [];
  const all = wanted.includes("host-root") ? goals : goals.filter((goal) => wanted.includes(goal));
  return listed(all) === listed(found) ? [] : [`${what}: expected ${listed(all)}, found ${listed(found)}`];
}

function pathDifferences(
  { openPaths = [], notOpenPaths = [] }: ExpectedSubject,
  { paths }: Subject,
): readonly string[] {
  const open = paths.filter((path) => path.status === "open");
  const isOpen = (prefix: string): boolean =>
    open.some((path) => path.steps.some((step) => step.technique.startsWith(prefix)));
  const found = listed(open.map((path) => path.id));
  return [
    ...openPaths
      .filter((prefix) => !isOpen(prefix))
      .map((prefix) => `expected an open path by ${prefix}, found ${found}`),
    ...notOpenPaths.filter(isOpen).map((prefix) => `expected no open path by ${prefix}, found ${found}`),
  ];
}

function singlePointDifferences(
  { singlePoints, exact, notSinglePoints = [] }: ExpectedSubject,
  subject: Subject,
): readonly string[] {
  const found = subject.singlePoints;
  const missing = (singlePoints ?? []).filter((barrier) => !found.includes(barrier));
  const more = exact === true ? found.filter((barrier) => !singlePoints?.includes(barrier)) : [];
  const unwanted = [...more, ...notSinglePoints.filter((barrier) => found.includes(barrier))];
  return [
    ...missing.map((barrier) => `expected ${barrier} among the single points, found ${listed(found)}`),
    ...unwanted.map((barrier) => `expected ${barrier} not to stand alone (${byWhich(subject, barrier)})`),
  ];
}

function byWhich({ paths }: Subject, barrier: string): string {
  const alone = paths.filter((path) => path.barriers.length === 1 && path.barriers[0] === barrier);
  return listed(alone.map((path) => path.id));
}

function blastDifferences(
  { grants = [], egress }: ExpectedSubject,
  { blastRadius }: Subject,
): readonly string[] {
  const paths = blastRadius.grants.map((grant) => grant.path);
  const missing = grants.filter((end) => !paths.some((path) => path.endsWith(end)));
  const lines = missing.map((end) => `expected ${end} among the grants, found ${listed(paths)}`);
  if (egress !== undefined && egress !== blastRadius.egress.status)
    lines.push(`egress: expected ${egress}, found ${blastRadius.egress.status}`);
  return lines;
}

function backtestDifferences({ backtest }: ExpectedSubject, subject: Subject): readonly string[] {
  const ids = [...subject.backtest.kernel.ids, ...subject.backtest.runtime.ids];
  return [
    ...(backtest?.reaches ?? [])
      .filter((id) => !ids.includes(id))
      .map((id) => `expected the backtest to reach ${id}, found ${listed(ids)}`),
    ...(backtest?.notReaches ?? [])
      .filter((id) => ids.includes(id))
      .map((id) => `expected the backtest not to reach ${id}`),
  ];
}

function listed(values: readonly string[]): string {
  return values.length === 0 ? "none" : values.join(", ");
}
