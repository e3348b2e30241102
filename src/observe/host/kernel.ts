import { gunzipSync } from "node:zlib";
import type { Fact } from "../../boundary/fact.ts";
import { observed, unknown } from "../../boundary/fact.ts";
import type { HostFacts } from "../../boundary/host.ts";
import type { Looker } from "./look.ts";
import { factFrom } from "./look.ts";

const lockdownModes = ["none", "integrity", "confidentiality"] as const;

type KernelFacts = Pick<
  HostFacts,
  | "architecture"
  | "kernelRelease"
  | "kernelConfig"
  | "lockdown"
  | "modulesEnabled"
  | "moduleSignatureEnforced"
>;

/** The kernel: its release, how it was built (only the options that the knowledge asks for), what it refuses to root. */
export function kernelFacts(looker: Looker, options: readonly string[]): KernelFacts {
  const kernelRelease = factFrom("host.kernel.release", looker.read("/proc/sys/kernel/osrelease"), (text) =>
    text.trim(),
  );
  const build = buildConfiguration(looker, kernelRelease.known ? kernelRelease.value : "");
  return {
    architecture: factFrom(
      "host.architecture",
      looker.run("uname", "-m"),
      (text) => text.trim() || undefined,
    ),
    kernelRelease,
    kernelConfig: new Map(build ? options.map((option) => [option, optionFact(option, build)]) : []),
    lockdown: lockdownFact(looker, build),
    modulesEnabled: modulesFact(looker, build),
    moduleSignatureEnforced: factFrom(
      "host.module-signatures",
      looker.read("/sys/module/module/parameters/sig_enforce"),
      (text) => text.trim() === "Y",
      [false, true],
    ),
  };
}

interface BuildConfiguration {
  readonly values: ReadonlyMap<string, string>;
  readonly from: string;
}

/** /proc/config.gz (CONFIG_IKCONFIG_PROC), or the file that distributions lay beside the kernel. */
function buildConfiguration(looker: Looker, release: string): BuildConfiguration | undefined {
  const packed = looker.readBytes("/proc/config.gz");
  if (packed) return { values: parse(gunzipSync(packed).toString("latin1")), from: "/proc/config.gz" };
  for (const path of [
    `/boot/config-${release}`,
    `/lib/modules/${release}/config`,
    `/usr/lib/modules/${release}/config`,
  ]) {
    const look = looker.read(path);
    if ("text" in look) return { values: parse(look.text), from: path };
  }
  return undefined;
}

function parse(text: string): ReadonlyMap<string, string> {
  return new Map(
    [...text.matchAll(/^(CONFIG_\w+)=(.*)$/gm)].map((match) => [match[1] ?? "", match[2] ?? ""]),
  );
}

function optionFact(option: string, { values, from }: BuildConfiguration): Fact<string> {
  return observed(values.get(option) ?? "n", from);
}

/** The mode in brackets; a kernel that was built without lockdown has none (security/lockdown). */
function lockdownFact(looker: Looker, build: BuildConfiguration | undefined): HostFacts["lockdown"] {
  const look = looker.read("/sys/kernel/security/lockdown");
  if ("text" in look)
    return factFrom(
      "host.lockdown",
      look,
      (text) => lockdownModes.find((mode) => text.includes(`[${mode}]`)),
      lockdownModes,
    );
  if (build && build.values.get("CONFIG_SECURITY_LOCKDOWN_LSM") !== "y")
    return observed("none", `${build.from}: CONFIG_SECURITY_LOCKDOWN_LSM is not set`);
  return unknown("host.lockdown", look.reason, lockdownModes);
}

function modulesFact(looker: Looker, build: BuildConfiguration | undefined): Fact<boolean> {
  if (build && build.values.get("CONFIG_MODULES") !== "y")
    return observed(false, `${build.from}: CONFIG_MODULES is not set`);
  return factFrom(
    "host.modules-enabled",
    looker.read("/proc/sys/kernel/modules_disabled"),
    (text) => text.trim() === "0",
    [true, false],
  );
}
