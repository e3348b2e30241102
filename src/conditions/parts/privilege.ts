import type { EvaluationContext } from "../types.ts";
import type { Verdict } from "../verdict.ts";
import { allOf, blocked, decide, holds } from "../verdict.ts";
import { inInitialUserNamespace } from "./identity.ts";
import { remember } from "./remember.ts";

/**
 * The actor has a capability in its own user namespace: the workload what it may raise to effective (its permitted set;
 * capabilities(7)), container root the whole bounding set, which an execve of a set-uid program gives it.
 */
export function hasCapability({ boundary, actor }: EvaluationContext, name: string): Verdict {
  const { capabilities } = boundary.process;
  const [set, ref] =
    actor === "container-root"
      ? ([capabilities.bounding, "process.capabilities.bounding"] as const)
      : ([capabilities.permitted, "process.capabilities.permitted"] as const);
  return decide(set, ref, (held) =>
    held.includes(name)
      ? holds(`has ${name}`, `${ref}#${name}`)
      : blocked([`capability:${name}`], `does not have ${name}`, `${ref}#${name}`),
  );
}

/** The capability counts against the host: it is held in the initial user namespace (`capable()` in the kernel). */
export const hasInitialCapability = remember(
  (context, name: string) =>
    allOf([hasCapability(context, name), inInitialUserNamespace(context, "capabilities")]),
  (name) => name,
);
