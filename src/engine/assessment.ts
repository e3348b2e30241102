import type { Location } from "../base/location.ts";
import type { Axis, Goal, Stage } from "../knowledge/types.ts";
import type { Backtest, BlastRadius, Grant, JudgedVulnerability, Margin, PathStatus } from "./types.ts";

/**
 * The assessment as it leaves the tool: schema `holdfast.assessment/1` of the contract. Plain data: reporters know this
 * and nothing else.
 */
export interface Assessment {
  readonly schema: "holdfast.assessment/1";
  readonly tool: { readonly name: "holdfast"; readonly version: string };
  readonly knowledge: {
    readonly version: string;
    readonly techniques: number;
    readonly vulnerabilities: number;
  };
  readonly host: {
    readonly source: string;
    readonly facts: Readonly<Record<string, unknown>>;
    readonly notJudged: number;
  };
  /** The threat model that the verdicts were drawn under, in words. */
  readonly model: ThreatModel;
  readonly subjects: readonly Subject[];
  readonly errors: readonly ReportedProblem[];
  readonly warnings: readonly ReportedProblem[];
  readonly summary: Summary;
}

export interface ThreatModel {
  readonly image: "trusted" | "untrusted";
  readonly operator: "shown" | "any";
  readonly goals: readonly Goal[];
  /** Cut sets with more barriers than this are not searched. */
  readonly order: number;
  readonly assumptions: Readonly<Record<string, string>>;
}

export interface Subject {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly location: Location | null;
  readonly image: string | null;
  readonly margin: Margin;
  readonly margins: Readonly<Partial<Record<Goal, Margin>>>;
  readonly paths: readonly ReportedPath[];
  /** Ways that were asked for by name (`explain`) although nothing that is modelled opens them: closed for good. */
  readonly asked?: readonly ReportedPath[] | undefined;
  /** Paths that need more failures than are listed, or that nothing could open: counted, not listed. */
  readonly notListed: number;
  readonly cutSets: Readonly<Partial<Record<Goal, readonly (readonly string[])[]>>>;
  readonly singlePoints: readonly string[];
  readonly backtest: Backtest;
  readonly blastRadius: ReportedBlastRadius;
  readonly unknowns: readonly {
    readonly fact: string;
    readonly reason: string;
    readonly decides: readonly string[];
  }[];
  /** Every known vulnerability of the host's kernel and runtimes, by CVE; only for reports that list them. */
  readonly vulnerabilities?: readonly ReportedVulnerability[] | undefined;
  readonly boundary?: Readonly<Record<string, unknown>>;
}

export type ReportedVulnerability = JudgedVulnerability;

export interface ReportedPath {
  readonly id: string;
  readonly axis: Axis;
  readonly goal: Goal;
  readonly status: PathStatus;
  /** False for a way that rests on a draft technique: shown, but in no margin and no cut set until it is confirmed. */
  readonly confirmed: boolean;
  /** One sentence: why it is open, or what holds it. */
  readonly reason: string;
  readonly remedy: string | null;
  readonly steps: readonly ReportedStep[];
  /** What must fail for this path; [] when open. */
  readonly barriers: readonly string[];
  readonly closedBy: readonly string[];
  readonly cve: string | null;
  readonly attack: string | null;
}

export interface ReportedStep {
  readonly technique: string;
  readonly title: string;
  readonly from: Stage;
  readonly to: Stage;
  readonly conditions: readonly ReportedCondition[];
}

export interface ReportedCondition {
  readonly condition: string;
  readonly status: "holds" | "blocked" | "unknown";
  readonly barriers: readonly string[];
  readonly evidence: readonly ReportedEvidence[];
  readonly wouldDecide: readonly string[];
  /** Where it stands in the technique's formula, such as `all[1].any[0]`. */
  readonly formula: string;
}

export interface ReportedEvidence {
  readonly text: string;
  /** It speaks against the condition: a barrier that was met, on one of several ways perhaps. */
  readonly against?: true;
  /** `declared`, `defaulted`, `observed`, `assumed`, `unknown`, or `model` for what rests on no fact of the boundary. */
  readonly provenance: string;
  /** Which engine and version, interface, option or preset. */
  readonly by: string | null;
  readonly location: Location | null;
}

export interface ReportedBlastRadius {
  readonly grants: readonly (Omit<Grant, "ref"> & { readonly location: Location | null })[];
  readonly egress: BlastRadius["egress"];
  readonly metadata: BlastRadius["metadata"];
  readonly credentials: readonly {
    readonly kind: string;
    readonly name: string;
    readonly detail: string;
    readonly location: Location | null;
  }[];
  readonly persistence: readonly { readonly what: string; readonly location: Location | null }[];
  readonly lateral: readonly { readonly what: string; readonly location: Location | null }[];
  readonly resources: readonly { readonly what: string; readonly location: Location | null }[];
}

export interface ReportedProblem {
  readonly target: string;
  readonly location: Location | null;
  readonly message: string;
}

export interface Summary {
  readonly subjects: number;
  /** Subjects whose judged margin is below the wanted one. */
  readonly short: number;
  /** Subjects with a margin of 0 under the judged case. */
  readonly open: number;
  readonly failOn: number;
  readonly judge: "worst" | "best";
  readonly durationMs: number;
}

export type { PathStatus };
