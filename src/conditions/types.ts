import type * as zod from "zod/mini";
import type { Boundary } from "../boundary/boundary.ts";
import type { HostPath } from "../boundary/host-paths.ts";
import type { ResolvedFilter } from "../seccomp/types.ts";
import type { Verdict } from "./verdict.ts";

/**
 * Conditions: the vocabulary that techniques are written in. Each is one file with its schema, its evaluator and the
 * barriers it can name; unknown facts in give unknown verdicts out, and evidence is never empty. Pure: no I/O.
 */
export interface Condition {
  /** The key in a technique's formula. */
  readonly id: string;
  /** One line for the reference page. */
  readonly summary: string;
  /** The argument's schema. The library comes as an argument: a scan of shipped knowledge validates nothing and never loads it. */
  readonly schema: (z: Zod) => zod.ZodMiniType;
  /** The condition in words, such as `capability CAP_SYS_ADMIN in the initial user namespace`. */
  readonly describe: (argument: never) => string;
  readonly evaluate: (argument: never, context: EvaluationContext) => Verdict;
}

/** The schema library (`import * as z from "zod/mini"`). */
export type Zod = typeof zod;

/** Who acts: the configured process, or a process of uid 0 inside the container that holds the whole bounding set. */
export type Actor = "workload" | "container-root";

export interface EvaluationContext {
  readonly boundary: Boundary;
  readonly actor: Actor;
  /** Resolved seccomp filters by the key that SeccompState carries. */
  readonly filters: ReadonlyMap<string, ResolvedFilter>;
  /** What host paths give to whoever reads, writes or connects to them. */
  readonly hostPaths: readonly HostPath[];
}

/** Declares a condition; only here is the argument's type forgotten, so that a registry can hold them all. */
export function defineCondition<A>(condition: {
  readonly id: string;
  readonly summary: string;
  readonly schema: (z: Zod) => zod.ZodMiniType<A>;
  readonly describe: (argument: A) => string;
  readonly evaluate: (argument: A, context: EvaluationContext) => Verdict;
}): Condition {
  return condition;
}
