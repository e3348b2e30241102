import { observed } from "../../boundary/fact.ts";
import type { HostFacts } from "../../boundary/host.ts";
import type { Looker } from "./look.ts";
import { factFrom } from "./look.ts";

/** The security modules: those that securityfs lists, or by the kernel's own parameters where it is not mounted. */
export function securityFacts(looker: Looker): Pick<HostFacts, "apparmor" | "selinux"> {
  return { apparmor: apparmorFact(looker), selinux: selinuxFact(looker) };
}

function apparmorFact(looker: Looker): HostFacts["apparmor"] {
  const listed = looker.read("/sys/kernel/security/lsm");
  if ("text" in listed && !listed.text.split(",").includes("apparmor")) return observed(false, listed.from);
  const enabled = looker.read("/sys/module/apparmor/parameters/enabled");
  // Without the module's folder the kernel has no AppArmor at all: the parameter exists wherever it was built in.
  if ("reason" in enabled && enabled.reason.endsWith("ENOENT"))
    return observed(false, "/sys/module/apparmor is absent");
  return factFrom("host.apparmor", enabled, (text) => text.trim() === "Y", [false, true]);
}

function selinuxFact(looker: Looker): HostFacts["selinux"] {
  const enforce = looker.read("/sys/fs/selinux/enforce");
  if ("reason" in enforce && enforce.reason.endsWith("ENOENT"))
    return observed("absent", "/sys/fs/selinux is absent");
  return factFrom("host.selinux", enforce, (text) => (text.trim() === "1" ? "enforcing" : "permissive"), [
    "absent",
    "permissive",
    "enforcing",
  ]);
}
