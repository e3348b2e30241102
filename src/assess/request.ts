import type { ReportedProblem, Subject } from "../engine/assessment.ts";
import type { Boundary } from "../boundary/boundary.ts";
import type { Goal } from "../knowledge/types.ts";

/** What to assess, and under which assumptions. */
export interface ScanRequest {
  readonly targets: readonly Target[];
  /** `patched` (the default), `unknown`, a preset's id, or a file of collected host facts. */
  readonly host?: string | undefined;
  readonly goals: readonly Goal[];
  /** A subject falls short when its margin is below this. */
  readonly failOn: number;
  readonly judge: "worst" | "best";
  readonly assume: ReadonlyMap<string, string>;
  /** A folder with techniques of the user's own. */
  readonly knowledgeDir?: string | undefined;
  /** A store that `kb update` wrote; one that is not `required` is used only where it exists. */
  readonly feeds?: { readonly store: string; readonly required: boolean } | undefined;
  /** Closed paths that need more failures than this are counted, not listed. */
  readonly order: number;
  /** Whether the boundary itself goes into the report. */
  readonly boundary: boolean;
  readonly profiles: readonly string[];
  /** Whether closed paths carry their steps with the evidence (default), or only those that are open or unknown. */
  readonly proofs?: "all" | "open" | undefined;
  /** Whether each subject lists every known vulnerability (`Subject.vulnerabilities`), those that are closed for good too. */
  readonly vulnerabilities?: boolean | undefined;
  /** A technique that is proved for every subject, also where nothing that is modelled opens it (`Subject.asked`). */
  readonly explain?: string | undefined;
}

export type Target =
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "stdin" }
  /** Compose files that are merged in order. */
  | { readonly kind: "compose"; readonly paths: readonly string[] }
  | { readonly kind: "command"; readonly argv: readonly string[] };

/** What happens while a scan runs. With `keep: false` subjects are only announced, so memory stays flat. */
export interface ScanEvents {
  /** Each boundary before it is judged; with it nothing is judged at all. */
  readonly onBoundary?:
    ((read: { readonly id: string; readonly name: string; readonly boundary: Boundary }) => void) | undefined;
  readonly onSubject?: ((subject: Subject) => void) | undefined;
  readonly onProblem?: ((problem: ReportedProblem, severity: "error" | "warning") => void) | undefined;
  readonly onProgress?: ((done: number, total: number | undefined, short: number) => void) | undefined;
  readonly keep: boolean;
}

/** A request that cannot be carried out as given: a bad option value, never a bad input. */
export interface UsageProblem extends Error {
  readonly code: "usage";
}

export function usageProblem(message: string): UsageProblem {
  return Object.assign(new Error(message), { code: "usage" as const });
}

export function isUsageProblem(error: unknown): error is UsageProblem {
  return error instanceof Error && "code" in error && error.code === "usage";
}
