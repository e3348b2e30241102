import { answer } from "./answer.ts";
import type { SyscallQuery } from "./answer.ts";
import type { ResolvedFilter } from "./types.ts";
import type { Attempt } from "./ways.ts";

/**
 * Tries one call. The caller chooses the arguments that the query leaves open, so an answer that depends on them is a way
 * through.
 */
export const attempt = (filter: ResolvedFilter, query: SyscallQuery, via = query.syscall): Attempt => {
  const { outcome, because } = answer(filter, query);
  return { via, confidence: "verified", because, outcome: outcome === "depends" ? "allowed" : outcome };
};

/** Tries calls that are all needed: the worst one decides. */
export const attemptAll = (filter: ResolvedFilter, syscalls: readonly string[]): Attempt => {
  const attempts = syscalls.map((syscall) => attempt(filter, { syscall }));
  const via = syscalls.join(" + ");
  for (const outcome of ["denied", "unknown"] as const) {
    const stopped = attempts.find((one) => one.outcome === outcome);
    if (stopped) return { ...stopped, via, because: `${stopped.via}: ${stopped.because}` };
  }
  return {
    via,
    outcome: "allowed",
    confidence: "verified",
    because: `the filter lets all of ${via} through`,
  };
};
