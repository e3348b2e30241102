import type { SeccompState } from "../../boundary/boundary.ts";
import type { Fact } from "../../boundary/fact.ts";
import { defaulted, mapFact, possibleValues, unknown, valueOf } from "../../boundary/fact.ts";
import type { DefaultProfile } from "../../seccomp/default-profile.ts";
import { defaultProfileFor } from "../../seccomp/defaults.ts";
import type { Said, SeccompRequest } from "../spec.ts";
import type { Setting } from "./setting.ts";
import { followsFrom, privilegedBy } from "./setting.ts";

const unconfined: SeccompState = { kind: "unconfined" };

/**
 * The filter that the container runs under. Preconditions: `bounding` is the same setting's bounding set, which the
 * conditions of the default profiles are about (moby/profiles seccomp_linux.go).
 * @see moby daemon/seccomp_linux.go; podman security_linux.go; containerd internal/cri/sputil/seccomp_linux.go; kubernetes
 * pkg/kubelet/kuberuntime/helpers.go getSeccompProfile
 */
export function seccompFact(setting: Setting, bounding: Fact<readonly string[]>): Fact<SeccompState> {
  const { spec, engine } = setting;
  const said = spec.seccomp;
  if (said?.value.kind === "unconfined") return followsFrom(said, unconfined);
  const privileged = privilegedBy(spec);
  if (privileged && (engine.seccomp.privileged === "never" || said?.value.kind !== "profile"))
    return followsFrom(privileged, unconfined);
  if (said) return requested(said, setting, bounding);
  return engine.seccomp.unsaid === "kubelet" ? byKubelet(setting, bounding) : byEngine(setting, bounding);
}

function requested(
  said: Said<SeccompRequest>,
  setting: Setting,
  bounding: Fact<readonly string[]>,
): Fact<SeccompState> {
  const request = said.value;
  if (request.kind === "unconfined") return followsFrom(said, unconfined);
  if (request.kind === "profile") {
    // A key that no store holds: conditions then say that the contents of the profile are not in the input.
    if (request.profile === undefined)
      return followsFrom(said, { kind: "filter", name: request.name, filter: `unread:${request.name}` });
    const filters = resolved(request.name, request.profile, setting, bounding);
    const [only] = filters;
    if (only && filters.length === 1) return followsFrom(said, only);
    return unknown(
      "engine.version",
      "the capabilities that the profile's conditions ask about are not known",
      filters,
      said.at,
    );
  }
  const fact = defaultFilter(setting, bounding);
  return fact.known ? followsFrom(said, fact.value) : { ...fact, at: said.at };
}

function byEngine(setting: Setting, bounding: Fact<readonly string[]>): Fact<SeccompState> {
  const daemon = setting.spec.daemon?.seccompProfile;
  return daemon ? requested(daemon, setting, bounding) : defaultFilter(setting, bounding);
}

/** Without a profile in the pod there is no filter, unless the kubelet runs with SeccompDefault. */
function byKubelet(setting: Setting, bounding: Fact<readonly string[]>): Fact<SeccompState> {
  const { kubeletSeccompDefault } = setting.host;
  if (kubeletSeccompDefault.known && !kubeletSeccompDefault.value)
    return mapFact(kubeletSeccompDefault, () => unconfined);
  const filter = defaultFilter(setting, bounding);
  if (kubeletSeccompDefault.known)
    return filter.known ? mapFact(kubeletSeccompDefault, () => filter.value) : filter;
  return unknown(
    "host.kubelet.seccomp-default",
    "no seccompProfile is set: there is no filter unless the kubelet runs with SeccompDefault",
    [unconfined, ...(possibleValues(filter) ?? [])],
  );
}

function defaultFilter(setting: Setting, bounding: Fact<readonly string[]>): Fact<SeccompState> {
  const { engine, by } = setting;
  const profiles = defaultProfiles(setting);
  const filters = profiles.flatMap((profile) => resolved(profile.name, profile.profile, setting, bounding));
  const [only] = filters;
  if (only && filters.length === 1) return defaulted(only, by, profiles[0]?.source.repository);
  return unknown(
    bounding.known ? "engine.version" : bounding.fact,
    `the default seccomp profile of ${engine.title} changed between releases, and the release is not known`,
    filters,
  );
}

/** The profiles that the release can have: exactly one when it is known well enough, else those that stand for all. */
function defaultProfiles({ engine, engineVersion, context, host }: Setting): readonly DefaultProfile[] {
  const { representatives, profilesOf } = engine.seccomp;
  // nerdctl brings containerd's profile of a release that its own version does not name.
  const version = profilesOf === engine.id ? valueOf(engineVersion) : undefined;
  if (version !== undefined) {
    const { candidates } = defaultProfileFor(context.profiles, profilesOf, version);
    if (candidates.length > 0) return candidates.toReversed();
  }
  const names = host.assumedPatched ? representatives.maintained : representatives.any;
  return names.flatMap((name) => context.profiles.find((profile) => profile.name === name) ?? []);
}

function resolved(
  name: string,
  profile: unknown,
  setting: Setting,
  bounding: Fact<readonly string[]>,
): readonly SeccompState[] {
  const { host, context } = setting;
  const sets = possibleValues(bounding) ?? [[]];
  return sets.map((capabilities) => ({
    kind: "filter",
    name,
    filter: context.filters.add(name, profile, {
      capabilities,
      architecture: valueOf(host.architecture),
      kernel: valueOf(host.kernelRelease),
    }),
  }));
}
