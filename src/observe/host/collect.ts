import { assumed, observed, unknown } from "../../boundary/fact.ts";
import type { HostFacts } from "../../boundary/host.ts";
import { cgroupFacts } from "./cgroups.ts";
import { configurationFacts } from "./configuration.ts";
import { distributionFact, linkFacts } from "./distribution.ts";
import { kernelFacts } from "./kernel.ts";
import type { Looker } from "./look.ts";
import { lookAt } from "./look.ts";
import { kernelPackage, programFacts } from "./programs.ts";
import { securityFacts } from "./security.ts";

/** What the knowledge base asks of a host by name: the rest of a kernel's thousands of options is not collected. */
export interface AskedOfHost {
  readonly sysctls: readonly string[];
  readonly kernelOptions: readonly string[];
}

/**
 * The facts of this machine, each with the interface it was read from; what cannot be read is unknown, with the reason. Nothing is
 * changed and nothing leaves the machine: files of /proc, /sys and /etc are read, and installed programs asked for their version.
 */
export function collectHost(asked: AskedOfHost, looker: Looker = lookAt()): HostFacts {
  const kernel = kernelFacts(looker, asked.kernelOptions);
  const linux = kernel.kernelRelease.known ? kernelPackage(looker, kernel.kernelRelease.value) : undefined;
  return {
    source: "live",
    assumedPatched: false,
    ...kernel,
    sysctls: new Map(asked.sysctls.flatMap((name) => sysctl(looker, name))),
    ...securityFacts(looker),
    ...cgroupFacts(looker),
    ...configurationFacts(looker),
    versions: new Map([...programFacts(looker), ...(linux ? [["linux", linux] as const] : [])]),
    runtimeHandlers: new Map(),
    metadata: unknown("host.metadata", "asking a metadata service would be a request to the network", [
      "open",
      "limited",
      "none",
    ]),
    links: linkFacts(looker),
    distribution: distributionFact(looker),
    untrustedInputs: assumed([], "the default threat model"),
  };
}

/** Sysctls that a kernel does not have are no gate (conditions/sysctl.ts), and are left out. */
function sysctl(
  looker: Looker,
  name: string,
): readonly (readonly [string, ReturnType<typeof observed<string>>])[] {
  const look = looker.read(`/proc/sys/${name.replaceAll(".", "/")}`);
  return "text" in look ? [[name, observed(look.text.trim(), look.from)]] : [];
}
