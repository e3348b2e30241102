import type { Formula, KnowledgeBase } from "./types.ts";

/** The sysctls and kernel options that the techniques ask for, by name and sorted; conditions `sysctl` and `kernel-config`, and what user namespaces ask. */
export function askedOfHost({ techniques }: Pick<KnowledgeBase, "techniques">): {
  readonly sysctls: readonly string[];
  readonly kernelOptions: readonly string[];
} {
  const sysctls = new Set(alwaysAsked);
  const options = new Set<string>();
  const visit = (formula: Formula): void => {
    for (const [key, value] of Object.entries(formula)) {
      if (key === "all" || key === "any") (value as readonly Formula[]).forEach(visit);
      if (key === "sysctl") sysctls.add((value as { readonly name: string }).name);
      if (key !== "kernel-config") continue;
      const option = typeof value === "string" ? value : (value as { readonly option: string }).option;
      for (const name of option.replace("!", "").split("|")) options.add(name);
    }
  };
  for (const { requires } of techniques) visit(requires);
  return { sysctls: [...sysctls].sort(), kernelOptions: [...options].sort() };
}

/** Asked for by conditions themselves, whatever the technique (conditions/parts/user-namespaces.ts). */
const alwaysAsked = [
  "user.max_user_namespaces",
  "kernel.unprivileged_userns_clone",
  "kernel.apparmor_restrict_unprivileged_userns",
  "kernel.yama.ptrace_scope",
];
