import { sourceText } from "../../../src/base/location.ts";
import { parseJson } from "../../../src/base/parse-json.ts";
import { formatProblem } from "../../../src/base/problems.ts";
import type { Boundary } from "../../../src/boundary/boundary.ts";
import type { Fact } from "../../../src/boundary/fact.ts";
import { observed, unknown } from "../../../src/boundary/fact.ts";
import type { HostFacts } from "../../../src/boundary/host.ts";
import { oci } from "../../../src/sources/oci/oci.ts";
import type { FilterStore, SourceResult } from "../../../src/sources/types.ts";
import { contextWith } from "../command-line/helpers.ts";

const no = <T>(name: string): Fact<T> => unknown<T>(name, "not said");

export function hostWith(facts: Partial<HostFacts> = {}): HostFacts {
  return {
    source: "test",
    assumedPatched: true,
    architecture: observed("x86_64", "test"),
    kernelRelease: observed("6.12.0", "test"),
    kernelConfig: new Map(),
    sysctls: new Map(),
    lockdown: no("host.lockdown"),
    apparmor: no("host.apparmor"),
    selinux: no("host.selinux"),
    cgroupVersion: no("host.cgroup-version"),
    cgroupV1Mountable: no("host.cgroup-v1"),
    modulesEnabled: no("host.modules"),
    moduleSignatureEnforced: no("host.module-signatures"),
    usernsRemap: no("host.userns-remap"),
    rootlessEngine: no("host.rootless"),
    kubeletSeccompDefault: no("host.seccomp-default"),
    cri: no("host.cri"),
    versions: new Map(),
    runtimeHandlers: new Map(),
    settings: new Map(),
    untrustedInputs: observed([], "test"),
    metadata: no("host.metadata"),
    links: new Map(),
    distribution: no("host.distribution"),
    ...facts,
  };
}

export const store: FilterStore = {
  add: (name, _profile, context) =>
    `${name}/${context.capabilities.join("+")}/${context.architecture ?? "?"}`,
};

export function readJson(text: string, file = "bundle/config.json"): SourceResult {
  const { document } = parseJson(sourceText(file, text));
  return document ? oci.read({ file, documents: [document] }, contextWith()) : { subjects: [], problems: [] };
}

/** A bundle with some fields over the smallest valid one. */
export function bundle(fields: Record<string, unknown>): {
  boundary: Boundary;
  result: SourceResult;
  problems: readonly string[];
} {
  return bundleOn(hostWith(), fields);
}

export function bundleOn(host: HostFacts, fields: Record<string, unknown>): ReturnType<typeof bundle> {
  const result = readJson(JSON.stringify({ ociVersion: "1.2.0", root: { path: "rootfs" }, ...fields }));
  const boundary = result.subjects[0]?.boundary?.(host, store);
  if (!boundary) throw new Error("no subject");
  return { boundary, result, problems: result.problems.map((problem) => formatProblem(problem)) };
}
