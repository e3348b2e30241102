import type { AppArmorState } from "../../boundary/boundary.ts";
import type { Fact } from "../../boundary/fact.ts";
import { assumed, defaulted, mapFact, unknown } from "../../boundary/fact.ts";
import type { Setting } from "./setting.ts";
import { daemonOr, followsFrom, privilegedBy } from "./setting.ts";

const absent: AppArmorState = { kind: "absent" };
const unconfined: AppArmorState = { kind: "unconfined" };

/**
 * The AppArmor profile that confines the container: what was asked for, else the engine's, where the host has AppArmor.
 * @see moby daemon/oci_linux.go WithApparmor; containerd GenerateApparmorSpecOpts; CRI-O specSetApparmorProfile; podman
 * security_linux.go setupApparmor
 */
export function apparmorFact(setting: Setting): Fact<AppArmorState> {
  return switchedOff(setting) ?? whereTheHostHasIt(setting);
}

/** Unconfined whatever the host is: asked for, privileged, or run by an engine that has no right to set a profile. */
function switchedOff(setting: Setting): Fact<AppArmorState> | undefined {
  const { spec, engine, rootless } = setting;
  const said = spec.apparmor;
  if (said?.value.kind === "unconfined") return followsFrom(said, unconfined);
  const stays = said?.value.kind === "named" && engine.apparmor.privileged === "named-applies";
  const privileged = privilegedBy(spec);
  if (privileged && !stays) return followsFrom(privileged, unconfined);
  return rootless && !engine.apparmor.rootless
    ? defaulted(unconfined, setting.by, engine.apparmor.source)
    : undefined;
}

function whereTheHostHasIt(setting: Setting): Fact<AppArmorState> {
  const { spec, engine, host } = setting;
  const said = spec.apparmor;
  const profile: AppArmorState = { kind: "profile", name: profileName(setting) };
  // A profile that was read off a running container is in force: so the host has AppArmor.
  if (said?.observedFrom !== undefined && said.value.kind === "named") return followsFrom(said, profile);
  const present = daemonOr(spec.daemon?.apparmor, host.apparmor);
  if (present.known && !present.value) return mapFact(present, () => absent);
  // An engine that refuses to start without AppArmor leaves no container for which the wish was in vain.
  if (said && (present.known || engine.apparmor.withoutHost === "refused")) return followsFrom(said, profile);
  if (present.known) return byDefault(setting, profile);
  const reason = `${engine.title} applies AppArmor profile ${profile.name} where the host has AppArmor`;
  return unknown("host.apparmor", reason, [absent, profile], said?.at);
}

function byDefault({ context, by, engine }: Setting, profile: AppArmorState): Fact<AppArmorState> {
  const wish = context.assume.get("apparmor");
  return wish === undefined
    ? defaulted(profile, by, engine.apparmor.source)
    : assumed(profile, `--assume apparmor=${wish}`);
}

function profileName({ spec, engine, context }: Setting): string {
  const request = spec.apparmor?.value;
  if (request?.kind === "named") return request.name;
  const wish = context.assume.get("apparmor");
  return wish === undefined || wish === "none" ? engine.apparmor.profile : wish;
}
