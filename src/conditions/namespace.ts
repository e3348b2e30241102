import type { NamespaceState } from "../boundary/boundary.ts";
import type { Fact } from "../boundary/fact.ts";
import { defineCondition } from "./types.ts";
import { absent, blocked, decide, holds } from "./verdict.ts";

type Kind = "pid" | "net" | "ipc" | "uts" | "cgroup";
interface Argument {
  readonly kind: Kind;
  readonly is: "host" | "shared";
}

/** The host's namespace of a kind is the workload's own, or (`is: shared`) another workload's is. */
export const namespace = defineCondition<Argument>({
  id: "namespace",
  summary: "shares a namespace with the host, or with another workload",
  schema: (z) =>
    z.strictObject({ kind: z.enum(["pid", "net", "ipc", "uts", "cgroup"]), is: z.enum(["host", "shared"]) }),
  describe: ({ kind, is }) =>
    is === "host" ? `the host's ${kind} namespace` : `another workload's ${kind} namespace`,
  evaluate: ({ kind, is }, { boundary }) => {
    const ref = `namespaces.${kind}`;
    const fact: Fact<NamespaceState> = boundary.namespaces[kind];
    return decide(fact, ref, (state) => {
      if (state.kind === is)
        return holds(
          is === "host"
            ? `shares the host's ${kind} namespace`
            : `shares its ${kind} namespace with ${state.kind === "shared" ? state.with : "others"}`,
          ref,
        );
      const text =
        state.kind === "private"
          ? `has a ${kind} namespace of its own`
          : state.kind === "host"
            ? `shares the host's ${kind} namespace`
            : `shares its ${kind} namespace with ${state.with} only`;
      return is === "host"
        ? blocked([`namespace:${kind}`], text, ref)
        : absent(`namespace:${kind}`, text, ref);
    });
  },
});
