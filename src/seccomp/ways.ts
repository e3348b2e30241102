import type { Confidence } from "./types.ts";

/** One way through a filter, or the reason why there is none. */
export interface Way {
  /** What the caller uses: `unshare`, `clone`, `mount`, `socketcall`, ... */
  readonly via: string;
  readonly confidence: Confidence;
  readonly because: string;
}

/** Whether something that several system calls can do is possible, and by which of them. */
export interface WayThrough {
  readonly outcome: "allowed" | "denied" | "unknown";
  /** The ways that are open; where the outcome is `unknown`, those that may be. Best known first. */
  readonly ways: readonly Way[];
  readonly because: string;
}

/** One candidate way with what the filter said about it. */
export interface Attempt extends Way {
  readonly outcome: "allowed" | "denied" | "unknown";
}

/** Sums attempts up: one open way is enough; without one, one unknown way leaves the whole unknown. */
export const anyWay = (attempts: readonly Attempt[]): WayThrough => {
  for (const outcome of ["allowed", "unknown"] as const) {
    const found = attempts.filter((attempt) => attempt.outcome === outcome);
    if (found.length > 0) return { outcome, ways: found.map(toWay), because: reasons(found) };
  }
  return { outcome: "denied", ways: [], because: reasons(attempts) };
};

const toWay = ({ via, confidence, because }: Attempt): Way => ({ via, confidence, because });

const reasons = (attempts: readonly Attempt[]): string =>
  attempts.map(({ via, because }) => `${via}: ${because}`).join("; ");
