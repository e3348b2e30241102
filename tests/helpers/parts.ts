import type {
  Assessment,
  ReportedCondition,
  ReportedEvidence,
  ReportedPath,
  ReportedStep,
  Subject,
} from "../../src/engine/assessment.ts";

/** Parts of hand-made assessments, each with everything that a test does not care about filled in. */

export function evidence(
  text: string,
  line: number | null = null,
  more: Partial<ReportedEvidence> = {},
): ReportedEvidence {
  const location = line === null ? null : { file: "shop/compose.yaml", line, column: 9 };
  return { text, provenance: line === null ? "model" : "declared", by: null, location, ...more };
}

export function condition(
  words: string,
  status: ReportedCondition["status"],
  more: Partial<ReportedCondition> = {},
): ReportedCondition {
  return {
    condition: words,
    status,
    barriers: [],
    evidence: [evidence(words)],
    wouldDecide: [],
    formula: "all[0]",
    ...more,
  };
}

export function step(
  technique: string,
  from: ReportedStep["from"],
  to: ReportedStep["to"],
  conditions: readonly ReportedCondition[],
): ReportedStep {
  return { technique, title: `The title of ${technique}`, from, to, conditions };
}

export function path(
  id: string,
  status: ReportedPath["status"],
  more: Partial<ReportedPath> = {},
): ReportedPath {
  const steps = more.steps ?? [step(id, "workload", "host-root", [condition("kernel shared", "holds")])];
  return {
    id,
    axis: "misconfiguration",
    goal: "host-root",
    status,
    confirmed: true,
    reason: `the reason of ${id}`,
    remedy: null,
    steps,
    barriers: [],
    closedBy: [],
    cve: null,
    attack: "T1611",
    ...more,
  };
}

export function subject(
  name: string,
  worst: number | null,
  best: number | null,
  more: Partial<Subject> = {},
): Subject {
  return {
    id: `shop/compose.yaml#${name}`,
    name,
    kind: "compose",
    location: { file: "shop/compose.yaml", line: 7, column: 3 },
    image: `shop/${name}:1`,
    margin: { worst, best },
    margins: { "host-root": { worst, best } },
    paths: [],
    notListed: 0,
    cutSets: {},
    singlePoints: [],
    backtest: {
      kernel: { known: 98, reachable: 31, ids: [] },
      runtime: { known: 12, reachable: 0, ids: [] },
    },
    blastRadius: {
      grants: [],
      egress: { status: "open", why: "nothing in the input limits where it connects to" },
      metadata: { status: "unknown", why: "whether the host has a metadata service is not in the input" },
      credentials: [],
      persistence: [],
      lateral: [],
      resources: [],
    },
    unknowns: [],
    ...more,
  };
}

export function assessment(subjects: readonly Subject[], more: Partial<Assessment> = {}): Assessment {
  const failOn = 1;
  const worst = subjects.map(({ margin }) => margin.worst ?? 9);
  return {
    schema: "holdfast.assessment/1",
    tool: { name: "holdfast", version: "0.0.0" },
    knowledge: { version: "0123456789ab", techniques: 46, vulnerabilities: 276 },
    host: { source: "patched", facts: { source: "patched", assumedPatched: true }, notJudged: 276 },
    model: {
      image: "trusted",
      operator: "shown",
      goals: ["host-root", "host-write", "host-read", "sibling"],
      order: 2,
      assumptions: {},
    },
    subjects,
    errors: [],
    warnings: [],
    summary: {
      subjects: subjects.length,
      short: worst.filter((margin) => margin < failOn).length,
      open: worst.filter((margin) => margin === 0).length,
      failOn,
      judge: "worst",
      durationMs: 12,
    },
    ...more,
  };
}
