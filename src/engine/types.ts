import type { CutSets } from "../conditions/cut-sets.ts";
import type { Evidence, Status, Undecided } from "../conditions/verdict.ts";
import type { Axis, Goal, Stage, Technique } from "../knowledge/types.ts";

/** The engine: formulas → verdicts → cut sets → margin. Pure: no I/O, no clock, runs in a browser too. */

/** One condition of a step, as it was judged. */
export interface JudgedCondition {
  readonly condition: string;
  readonly status: Status;
  readonly barriers: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly wouldDecide: readonly Undecided[];
  /** How deep it stands below `any` and `all`, for the proof tree. */
  readonly formula: string;
}

export interface Step {
  readonly technique: Technique;
  readonly from: Stage;
  readonly to: Stage;
  readonly conditions: readonly JudgedCondition[];
}

export type PathStatus = "open" | "closed" | "unknown";

/** One way to a goal: a chain of techniques. */
export interface Path {
  readonly id: string;
  readonly goal: Goal;
  readonly axis: Axis;
  readonly status: PathStatus;
  /** False when a step is a draft: reported, but kept out of margins and cut sets until it is confirmed. */
  readonly confirmed: boolean;
  readonly steps: readonly Step[];
  readonly worst: CutSets;
  readonly best: CutSets;
  /** What must fail on the cheapest way; [] when open. */
  readonly barriers: readonly string[];
  /** Every barrier that was met, also those that cannot fail by themselves. */
  readonly closedBy: readonly string[];
  readonly undecided: readonly Undecided[];
}

export interface Margin {
  /** Null: no path exists at the order searched. */
  readonly worst: number | null;
  readonly best: number | null;
}

export interface Backtest {
  readonly kernel: BacktestAxis;
  readonly runtime: BacktestAxis;
}
export interface BacktestAxis {
  readonly known: number;
  readonly reachable: number;
  readonly ids: readonly string[];
}

/** What the engine says of a boundary. Holds references into the boundary, no locations: equal boundaries share one. */
export interface Judgement {
  readonly paths: readonly Path[];
  readonly margin: Margin;
  readonly margins: Readonly<Partial<Record<Goal, Margin>>>;
  readonly cutSets: Readonly<Partial<Record<Goal, CutSets>>>;
  readonly singlePoints: readonly string[];
  readonly backtest: Backtest;
  readonly unknowns: readonly {
    readonly fact: string;
    readonly reason: string;
    readonly decides: readonly string[];
  }[];
  /** Every known vulnerability, by CVE; only where `EngineOptions.vulnerabilities` asks for them. */
  readonly vulnerabilities?: readonly JudgedVulnerability[] | undefined;
}

/**
 * One known vulnerability against one boundary. Closed: the version does not have it, or something holds the workload off it for
 * certain. Open: the version has it and nothing stands in the way. Everything else is unknown.
 */
export interface JudgedVulnerability {
  readonly cve: string;
  readonly technique: string;
  readonly title: string;
  readonly component: string;
  readonly axis: Axis;
  /** The component's version as the host or the subject states it; null where that is not known. */
  readonly installed: string | null;
  readonly version: "affected" | "fixed" | "not-affected" | "unknown";
  readonly reachable: "yes" | "no" | "unknown";
  readonly status: PathStatus;
  /** False for a draft: what reaching it takes has not been confirmed, so it is unknown unless the version settles it. */
  readonly confirmed: boolean;
  /** What keeps the workload off it; [] unless `reachable` is no. */
  readonly barriers: readonly string[];
  readonly evidence: readonly string[];
  /** The facts that would decide while it is unknown. */
  readonly wouldDecide: readonly string[];
  readonly remedy: string | null;
}

export interface BlastRadius {
  readonly grants: readonly Grant[];
  readonly egress: { readonly status: "open" | "limited" | "none" | "unknown"; readonly why: string };
  readonly metadata: { readonly status: "reachable" | "limited" | "none" | "unknown"; readonly why: string };
  readonly credentials: readonly {
    readonly kind: "environment" | "secret" | "service-account-token";
    readonly name: string;
    readonly detail: string;
    readonly ref: string;
  }[];
  readonly persistence: readonly { readonly what: string; readonly ref: string | null }[];
  readonly lateral: readonly { readonly what: string; readonly ref: string | null }[];
  /** Limits that are missing: what one workload can take from the others. */
  readonly resources: readonly { readonly what: string; readonly ref: string | null }[];
}
export interface Grant {
  readonly path: string;
  readonly at: string;
  readonly access: "read" | "write";
  /** False: nobody has judged what this path gives. */
  readonly judged: boolean;
  readonly what: string | null;
  readonly ref: string;
}

export interface EngineOptions {
  readonly goals: readonly Goal[];
  /** Paths that need more failures than this are counted, not listed. */
  readonly order: number;
  /** Judge every known vulnerability by itself too, those that are closed for good as well: for reports that list them. */
  readonly vulnerabilities?: boolean | undefined;
}
