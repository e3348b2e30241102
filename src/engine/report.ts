import type { Location } from "../base/location.ts";
import { locate } from "../base/location.ts";
import type { Boundary } from "../boundary/boundary.ts";
import type { Fact } from "../boundary/fact.ts";
import { factLocation } from "../boundary/fact.ts";
import type { Evidence } from "../conditions/verdict.ts";
import type {
  ReportedBlastRadius,
  ReportedCondition,
  ReportedEvidence,
  ReportedPath,
  ReportedStep,
  Subject,
} from "./assessment.ts";
import type { Technique } from "../knowledge/types.ts";
import type { BlastRadius, Judgement, JudgedCondition, Path, Step } from "./types.ts";

/** What a subject is called and where it stands: all that two subjects with equal boundaries do not share. */
export interface SubjectIdentity {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly location: Location | null;
  readonly image: string | null;
}

export interface ReportOptions {
  /** Closed paths whose cheapest way needs more failures are counted, not listed. */
  readonly order: number;
  readonly boundary: boolean;
  /** Whether closed paths carry their steps with the evidence: most of a report's size, and seldom read. */
  readonly proofs: "all" | "open";
}

/** A judgement as plain data, with the locations and provenance of this subject's own boundary. */
export function reportSubject(
  identity: SubjectIdentity,
  boundary: Boundary,
  judgement: Judgement,
  blast: BlastRadius,
  options: ReportOptions,
): Subject {
  const listed = judgement.paths.filter((path) => (path.worst[0]?.length ?? 0) <= options.order);
  return {
    ...identity,
    margin: judgement.margin,
    margins: judgement.margins,
    paths: listed.map((path) =>
      options.proofs === "all" || path.status !== "closed" ? reportPath(path, boundary) : outline(path),
    ),
    notListed: judgement.paths.length - listed.length,
    cutSets: Object.fromEntries(
      Object.entries(judgement.cutSets).map(([goal, sets]) => [
        goal,
        sets.filter((set) => set.length <= options.order),
      ]),
    ),
    singlePoints: judgement.singlePoints,
    backtest: judgement.backtest,
    blastRadius: reportBlastRadius(blast, boundary),
    unknowns: judgement.unknowns,
    ...(judgement.vulnerabilities ? { vulnerabilities: judgement.vulnerabilities } : {}),
    ...(options.boundary ? { boundary: plainBoundary(boundary) } : {}),
  };
}

/** One path as plain data. */
export function reportPath(path: Path, boundary: Boundary): ReportedPath {
  return {
    id: path.id,
    axis: path.axis,
    goal: path.goal,
    status: path.status,
    confirmed: path.confirmed,
    reason: reasonOf(path),
    remedy: path.steps[0]?.technique.remedy ?? path.steps.at(-1)?.technique.remedy ?? null,
    steps: path.steps.map((step) => reportStep(step, boundary)),
    barriers: path.barriers,
    closedBy: path.closedBy,
    cve: firstOf(path, (technique) => technique.vulnerability?.cve),
    attack: firstOf(path, (technique) => technique.attack),
  };
}

const outlines = new WeakMap<Path, ReportedPath>();

/** A closed path without its proof: what it is, and what holds it. The same for every subject that shares the judgement. */
function outline(path: Path): ReportedPath {
  const known = outlines.get(path);
  if (known) return known;
  const { id, axis, goal, status, confirmed, barriers, closedBy } = path;
  const cve = firstOf(path, (technique) => technique.vulnerability?.cve);
  const attack = firstOf(path, (technique) => technique.attack);
  const made = {
    id,
    axis,
    goal,
    status,
    confirmed,
    reason: reasonOf(path),
    remedy: null,
    steps: [],
    barriers,
    closedBy,
    cve,
    attack,
  };
  outlines.set(path, made);
  return made;
}

/** What the last of the path's techniques that says anything says: the one that reaches the goal comes first. */
function firstOf(path: Path, read: (technique: Technique) => string | undefined): string | null {
  for (const step of [...path.steps].reverse()) {
    const value = read(step.technique);
    if (value !== undefined) return value;
  }
  return null;
}

/** The reason of the step that is the configuration's own doing: the first that is not merely "becomes root". */
function reasonOf(path: Path): string {
  const step = path.steps.find((s) => s.to !== "container-root") ?? path.steps[0];
  return step?.technique.reason ?? "";
}

function reportStep(step: Step, boundary: Boundary): ReportedStep {
  return {
    technique: step.technique.id,
    title: step.technique.title,
    from: step.from,
    to: step.to,
    conditions: step.conditions.map((c) => reportCondition(c, boundary)),
  };
}

function reportCondition(condition: JudgedCondition, boundary: Boundary): ReportedCondition {
  return {
    condition: condition.condition,
    status: condition.status,
    barriers: condition.barriers,
    evidence: condition.evidence.map((e) => reportEvidence(e, boundary)),
    wouldDecide: condition.wouldDecide.map((u) => u.fact),
    formula: condition.formula,
  };
}

/** Looks the fact up that a piece of evidence rests on, for its provenance and location. */
export function reportEvidence(evidence: Evidence, boundary: Boundary): ReportedEvidence {
  const said = { text: evidence.text, ...(evidence.against && { against: evidence.against }) };
  const fact = evidence.ref === null ? undefined : factAt(boundary, evidence.ref);
  if (!fact) return { ...said, provenance: "model", by: null, location: null };
  if (!fact.known) return { ...said, provenance: "unknown", by: fact.fact, location: factLocation(fact) };
  const { provenance } = fact;
  const by =
    provenance.kind === "defaulted" || provenance.kind === "assumed"
      ? provenance.by
      : provenance.kind === "observed"
        ? provenance.from
        : null;
  return { ...said, provenance: provenance.kind, by, location: factLocation(fact) };
}

const tables = ["host.sysctls.", "host.kernelConfig.", "host.versions.", "host.settings."] as const;

/** The fact at a path of the model; for a mount or a device the fact that was declared with it, for `SET#CAP_X` where that one was asked for. */
export function factAt(boundary: Boundary, ref: string): Fact<unknown> | undefined {
  for (const table of tables) {
    if (!ref.startsWith(table)) continue;
    const map = {
      "host.sysctls.": boundary.host.sysctls,
      "host.kernelConfig.": boundary.host.kernelConfig,
      "host.versions.": boundary.host.versions,
      "host.settings.": boundary.host.settings,
    }[table];
    return map.get(ref.slice(table.length));
  }
  const [path = ref, name] = ref.split("#");
  const { origins } = boundary.process.capabilities;
  if (name !== undefined && origins) return origins.byName[name] ?? origins.others;
  let current: unknown = boundary;
  for (const part of path.split(".")) {
    if (typeof current !== "object" || current === null) return undefined;
    current = (current as Record<string, unknown>)[part];
  }
  return asFact(current);
}

function asFact(value: unknown): Fact<unknown> | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if ("known" in value) return value as Fact<unknown>;
  for (const key of ["source", "hostPath", "readOnly", "at"]) {
    const inner = (value as Record<string, unknown>)[key];
    if (typeof inner === "object" && inner !== null && "known" in inner) return inner as Fact<unknown>;
  }
  return undefined;
}

function reportBlastRadius(blast: BlastRadius, boundary: Boundary): ReportedBlastRadius {
  const at = (ref: string | null): Location | null => {
    const fact = ref === null ? undefined : factAt(boundary, ref);
    return fact ? factLocation(fact) : null;
  };
  const located = <T extends { readonly ref: string | null }>({
    ref,
    ...rest
  }: T): Omit<T, "ref"> & { location: Location | null } => ({ ...rest, location: at(ref) });
  return {
    grants: blast.grants.map(located),
    egress: blast.egress,
    metadata: blast.metadata,
    credentials: blast.credentials.map(located),
    persistence: blast.persistence.map(located),
    lateral: blast.lateral.map(located),
    resources: blast.resources.map(located),
  };
}

/** The boundary as JSON: each fact with its value and provenance; positions become locations. The host has its own place. */
export function plainBoundary(boundary: Boundary): Readonly<Record<string, unknown>> {
  const { host: _, ...rest } = boundary;
  return plain(rest) as Record<string, unknown>;
}

export function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, inner]) => [key, plain(inner)]));
  if ("known" in value) return plainFact(value as Fact<unknown>);
  if ("source" in value && "offset" in value) return locate(value as never);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === undefined ? [] : [[key, plain(inner)]])),
  );
}

function plainFact(fact: Fact<unknown>): unknown {
  const location = factLocation(fact);
  const at = location ? { location } : {};
  if (!fact.known)
    return {
      unknown: fact.fact,
      reason: fact.reason,
      ...(fact.candidates ? { candidates: plain(fact.candidates) } : {}),
      ...at,
    };
  const { provenance } = fact;
  const by =
    provenance.kind === "defaulted" || provenance.kind === "assumed"
      ? { by: provenance.by }
      : provenance.kind === "observed"
        ? { from: provenance.from }
        : {};
  return { value: plain(fact.value), provenance: provenance.kind, ...by, ...at };
}
