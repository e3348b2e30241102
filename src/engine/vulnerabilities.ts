import type { Boundary } from "../boundary/boundary.ts";
import { isOpen } from "../conditions/cut-sets.ts";
import { isContainerRoot } from "../conditions/parts/identity.ts";
import type { Actor } from "../conditions/types.ts";
import type { Verdict } from "../conditions/verdict.ts";
import { absent, allOf, anyOf, holds, statusOf } from "../conditions/verdict.ts";
import type { Affected, Stage, Vulnerability } from "../knowledge/types.ts";
import { compareDotted, isDotted } from "../knowledge/versions/dotted.ts";
import { parseKernelRelease } from "../knowledge/versions/kernel.ts";
import { upstreamOf } from "../knowledge/versions/packages.ts";
import { affectedVerdict } from "./affected.ts";
import type { Judging } from "./judging.ts";
import { judgeTechnique } from "./judging.ts";
import { evaluate, isNever, judgeConditions } from "./formula.ts";
import type { PreparedTechnique } from "./prepare.ts";
import { factAt } from "./report.ts";
import type { JudgedVulnerability } from "./types.ts";

/** More lines of evidence than this help nobody. */
const mostEvidence = 4;

/**
 * Every known vulnerability of the host's kernel and runtimes against one boundary, those too that are closed for good: a path
 * exists only where some failure opens it. Two questions, answered apart: does the host's version have the bug, and does this
 * boundary let the workload reach it? A host that is merely assumed patched is not asked about its versions: they are unknown.
 */
export function vulnerabilitiesOf(judging: Judging): readonly JudgedVulnerability[] {
  const { boundary } = judging.asking.workload.context;
  const asked = notAssumedPatched(boundary);
  const stages = new Map<Stage, Verdict>();
  return judging.prepared.vulnerabilities
    .flatMap((prepared) => {
      const { vulnerability } = prepared.technique;
      return vulnerability ? [judgeOne(judging, prepared, vulnerability, asked, stages)] : [];
    })
    .sort((a, b) => (a.cve < b.cve ? -1 : a.cve > b.cve ? 1 : 0));
}

/** Derived, not copied: the boundary of a run answers through its prototype. */
function notAssumedPatched(boundary: Boundary): Boundary {
  const host = { ...boundary.host, assumedPatched: false };
  return Object.create(boundary, { host: { value: host, enumerable: true } }) as Boundary;
}

function judgeOne(
  judging: Judging,
  prepared: PreparedTechnique,
  vulnerability: Vulnerability,
  boundary: Boundary,
  stages: Map<Stage, Verdict>,
): JudgedVulnerability {
  const { technique } = prepared;
  const has = affectedVerdict(vulnerability, boundary);
  const reach = reachVerdict(judging, prepared, stages);
  const installed = installedVersion(has, boundary);
  const version = versionOf(has, vulnerability.affected, installed);
  const reachable = reachableOf(reach);
  const confirmed = technique.status !== "draft";
  const status = overall(version, reachable, confirmed);
  return {
    cve: vulnerability.cve,
    technique: technique.id,
    title: technique.title,
    component: vulnerability.component,
    axis: technique.axis,
    installed,
    version,
    reachable,
    status,
    confirmed,
    barriers: reachable === "no" ? standing(reach) : [],
    evidence: evidenceOf(judging, prepared, has, reach, version),
    wouldDecide: status === "unknown" ? undecidedOf(prepared, has, reach, reachable) : [],
    remedy: technique.remedy ?? null,
  };
}

function overall(
  version: JudgedVulnerability["version"],
  reachable: JudgedVulnerability["reachable"],
  confirmed: boolean,
): JudgedVulnerability["status"] {
  if (version === "fixed" || version === "not-affected") return "closed";
  // What reaching a draft takes has not been confirmed: neither that it is reachable, nor that something holds it.
  if (!confirmed) return "unknown";
  if (reachable === "no") return "closed";
  return version === "affected" && reachable === "yes" ? "open" : "unknown";
}

/** What it takes to reach the bug, whatever the host's version. */
function reachVerdict(
  judging: Judging,
  { technique, formula }: PreparedTechnique,
  stages: Map<Stage, Verdict>,
): Verdict {
  const start = stageVerdict(judging, technique.from, stages);
  return then(
    start,
    byEither(judging, technique.from, stages, (actor) => evaluate(formula, judging.asking[actor])),
  );
}

/** As the workload, or as root of the container where it can become that; what starts at that stage, as root only. */
function byEither(
  judging: Judging,
  from: Stage,
  stages: Map<Stage, Verdict>,
  ask: (actor: Actor) => Verdict,
): Verdict {
  const asRoot = ask("container-root");
  if (from === "container-root") return asRoot;
  const asWorkload = ask("workload");
  if (isOpen(asWorkload.best) || isNever(asRoot.worst)) return asWorkload;
  return anyOf([asWorkload, then(stageVerdict(judging, "container-root", stages), asRoot)]);
}

/** One after the other. What closes either for good is the answer: what else was met on the way closes nothing. */
function then(first: Verdict, second: Verdict): Verdict {
  if (isNever(first.worst)) return first;
  return isNever(second.worst) ? second : allOf([first, second]);
}

/** Whether the workload gets to a stage by techniques that are no vulnerability of a version. */
function stageVerdict(judging: Judging, stage: Stage, known: Map<Stage, Verdict>): Verdict {
  if (stage === "workload") return holds("it runs in the container", null);
  const before = known.get(stage);
  if (before) return before;
  const never = absent(`stage:${stage}`, `nothing that is modelled leads to ${stage}`, null);
  // A way that comes back here adds nothing to the ways that do not.
  known.set(stage, never);
  const ways = judging.prepared.all
    .filter(({ technique }) => technique.to === stage && !technique.vulnerability)
    .map((prepared) => wayVerdict(judging, prepared, known));
  if (stage === "container-root") ways.push(isContainerRoot(judging.asking.workload.context));
  const verdict = ways.length === 0 ? never : anyOf(ways);
  known.set(stage, verdict);
  return verdict;
}

function wayVerdict(judging: Judging, prepared: PreparedTechnique, known: Map<Stage, Verdict>): Verdict {
  const { from, to } = prepared.technique;
  const start = stageVerdict(judging, from, known);
  // Becoming root is a step of the workload's; as root it would be one already.
  if (to === "container-root") return then(start, judgeTechnique(judging, prepared, "workload"));
  return then(
    start,
    byEither(judging, from, known, (actor) => judgeTechnique(judging, prepared, actor)),
  );
}

/**
 * That some other program has no bug holds nobody for certain: a way that stands behind `guest-kernel-correct` alone is not
 * known to be closed. What is closed for good (`never`) is another matter: there the vulnerable program is not asked at all.
 */
function reachableOf(reach: Verdict): JudgedVulnerability["reachable"] {
  const status = statusOf(reach);
  if (status !== "blocked") return status === "holds" ? "yes" : "unknown";
  return reach.worst.some((set) => set.every((barrier) => barrier.endsWith("-correct"))) ? "unknown" : "no";
}

/** The barriers that stand for certain: those of the worst case, or what closes it for good. Others were met on a way that is unknown. */
function standing({ worst, barriers }: Verdict): readonly string[] {
  return worst.length > 0 ? [...new Set(worst.flat())].sort() : barriers;
}

function actorOf({ technique }: PreparedTechnique): Actor {
  return technique.from === "container-root" ? "container-root" : "workload";
}

/** The version that the verdict rests on, as the host or the subject states it. */
function installedVersion({ evidence }: Verdict, boundary: Boundary): string | null {
  for (const { ref } of evidence) {
    if (ref === null || !/Release$|Version$|^host\.versions\./.test(ref)) continue;
    const fact = factAt(boundary, ref);
    if (fact?.known && typeof fact.value === "string") return fact.value;
  }
  return null;
}

function versionOf(
  has: Verdict,
  affected: Affected,
  installed: string | null,
): JudgedVulnerability["version"] {
  const status = statusOf(has);
  if (status !== "blocked") return status === "holds" ? "affected" : "unknown";
  return isFromBefore(affected, installed) ? "not-affected" : "fixed";
}

/**
 * Of a version that does not have the bug: whether it is older than the bug, and not newer than its fix. Where that cannot be
 * told from the version (a distribution that says its package never had it) it never had it either.
 */
function isFromBefore(affected: Affected, installed: string | null): boolean {
  if (installed === null) return true;
  if (affected.kind === "kernel") {
    const release = parseKernelRelease(installed)?.version;
    if (affected.introduced === null || release === undefined) return false;
    return compareDotted(release, affected.introduced) < 0;
  }
  const version = upstreamOf(installed);
  if (!isDotted(version)) return false;
  return affected.ranges.every(({ introduced }) => compareDotted(version, introduced) < 0);
}

function evidenceOf(
  judging: Judging,
  prepared: PreparedTechnique,
  has: Verdict,
  reach: Verdict,
  version: JudgedVulnerability["version"],
): readonly string[] {
  const own = has.evidence.map(({ text }) => text);
  if (version === "fixed" || version === "not-affected") return shortened(own);
  const wanted = statusOf(reach);
  const conditions = judgeConditions(prepared.formula, judging.asking[actorOf(prepared)])
    .filter(({ status }) => status === wanted)
    .flatMap(({ evidence }) => evidence.map(({ text }) => text));
  return shortened(wanted === "blocked" ? [...conditions, ...own] : [...own, ...conditions]);
}

function shortened(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.filter((text) => text !== ""))].slice(0, mostEvidence);
}

function undecidedOf(
  { technique }: PreparedTechnique,
  has: Verdict,
  reach: Verdict,
  reachable: JudgedVulnerability["reachable"],
): readonly string[] {
  const facts = [...has.undecided, ...(reachable === "unknown" ? reach.undecided : [])].map(
    ({ fact }) => fact,
  );
  const rests = reachable === "unknown" && reach.undecided.length === 0 ? reach.barriers : [];
  const draft = technique.status === "draft" ? [`technique:${technique.id}`] : [];
  return [...new Set([...facts, ...rests, ...draft])];
}
