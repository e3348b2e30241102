import { canCreateUserNamespace } from "../../seccomp/helpers.ts";
import type { EvaluationContext } from "../types.ts";
import type { Verdict } from "../verdict.ts";
import { allOf, anyOf, blocked, decide, holds, spread } from "../verdict.ts";
import { askFilter } from "./seccomp.ts";

/**
 * Unprivileged code can make a user namespace, and so gain every capability over namespaces of its own: the filter lets
 * clone, clone3 or unshare with CLONE_NEWUSER through, and no sysctl of the host forbids it.
 * @see user_namespaces(7); Documentation/admin-guide/sysctl/user.rst; Ubuntu security, unprivileged user namespaces
 */
export function mayCreateUserNamespace(context: EvaluationContext): Verdict {
  return allOf([
    askFilter(context, "creating a user namespace", canCreateUserNamespace),
    // The kernel's default is a number above zero; Debian's own sysctl is 1 since Debian 11, and absent elsewhere.
    permittedBy(context, "user.max_user_namespaces", (value) => value !== "0"),
    permittedBy(context, "kernel.unprivileged_userns_clone", (value) => value !== "0"),
    unrestrictedByAppArmor(context),
  ]);
}

function permittedBy(
  { boundary }: EvaluationContext,
  name: string,
  permits: (value: string) => boolean,
): Verdict {
  const fact = boundary.host.sysctls.get(name);
  const ref = `host.sysctls.${name}`;
  if (!fact?.known) return holds(`${name} is not known to forbid it`, null);
  return permits(fact.value)
    ? holds(`${name} is ${fact.value}`, ref)
    : blocked([`sysctl:${name}=${fact.value}`], `${name} is ${fact.value}`, ref);
}

const restriction = "kernel.apparmor_restrict_unprivileged_userns";

/**
 * Ubuntu (23.10 and later) lets unconfined code without CAP_SYS_ADMIN make a user namespace, but gives it no capability there.
 * It speaks of code without a profile: the engines' template declares AppArmor's ABI 3.0, which does not mediate this.
 */
function unrestrictedByAppArmor({ boundary }: EvaluationContext): Verdict {
  const { host, process } = boundary;
  const confined = decide(process.apparmor, "process.apparmor", ({ kind }) =>
    kind === "unconfined"
      ? blocked([`sysctl:${restriction}=1`], "no AppArmor profile permits it", "process.apparmor")
      : holds(
          kind === "absent"
            ? "the host has no AppArmor"
            : "its AppArmor profile does not mediate user namespaces",
          "process.apparmor",
        ),
  );
  const fact = host.sysctls.get(restriction);
  const ref = `host.sysctls.${restriction}`;
  if (fact?.known) return fact.value === "1" ? confined : holds(`${restriction} is ${fact.value}`, ref);
  if (host.distribution.known && !/ubuntu/i.test(host.distribution.value))
    return holds(`${host.distribution.value} has no ${restriction}`, "host.distribution");
  const reason = `whether the host restricts unprivileged user namespaces (${restriction}) is not in the input`;
  const none = holds("", null);
  return anyOf([
    spread({ known: false, fact: `host.sysctl.${restriction}`, reason }, "host.sysctls", [none, confined]),
  ]);
}
