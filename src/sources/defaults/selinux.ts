import type { SelinuxState } from "../../boundary/boundary.ts";
import type { Fact } from "../../boundary/fact.ts";
import { assumed, defaulted, mapFact, unknown } from "../../boundary/fact.ts";
import type { Setting } from "./setting.ts";
import { followsFrom, privilegedBy } from "./setting.ts";

const absent: SelinuxState = { kind: "absent" };
const unconfined: SelinuxState = { kind: "unconfined" };

/**
 * The SELinux type: what was asked for, else the engine's where it labels at all. Sharing the host's pid or ipc namespace
 * switches labels off (moby daemon/create.go generateSecurityOpt; podman setLabelOpts; CRI-O container_create.go).
 */
export function selinuxFact(setting: Setting): Fact<SelinuxState> {
  return switchedOff(setting) ?? notEnforced(setting) ?? labelled(setting);
}

function switchedOff({ spec, engine }: Setting): Fact<SelinuxState> | undefined {
  const said = spec.selinux;
  if (said?.value.kind === "disabled") return followsFrom(said, unconfined);
  const privileged = privilegedBy(spec);
  if (privileged && !(said && engine.selinux.privilegedKeepsLabel))
    return followsFrom(privileged, unconfined);
  const shared = [spec.pid, spec.ipc].find((namespace) => namespace?.value === "host");
  return shared && said === undefined ? followsFrom(shared, unconfined) : undefined;
}

function notEnforced({ host }: Setting): Fact<SelinuxState> | undefined {
  if (!host.selinux.known || host.selinux.value === "enforcing") return undefined;
  const state = host.selinux.value === "absent" ? absent : unconfined;
  return mapFact(host.selinux, () => state);
}

/** On a host that enforces SELinux, or may. */
function labelled(setting: Setting): Fact<SelinuxState> {
  const { spec, engine, host, by } = setting;
  const enforcing = host.selinux.known;
  const labels = labelling(setting);
  if (labels === "no" && enforcing) return defaulted(unconfined, by, engine.selinux.source);
  if (labels === "no" && spec.selinux === undefined) return defaulted(absent, by, engine.selinux.source);
  const type: SelinuxState = { kind: "type", type: typeName(setting) };
  if (enforcing && labels === "yes") return applied(setting, type);
  const at = spec.selinux?.at;
  return enforcing
    ? unknown(
        "engine.selinux-enabled",
        `${engine.title} labels containers where its packaging turned SELinux on`,
        [unconfined, type],
        at,
      )
    : unknown(
        "host.selinux",
        `${engine.title} applies SELinux type ${type.type} where the host enforces SELinux`,
        [absent, type],
        at,
      );
}

function applied({ spec, context, by, engine }: Setting, type: SelinuxState): Fact<SelinuxState> {
  if (spec.selinux) return followsFrom(spec.selinux, type);
  const wish = context.assume.get("selinux");
  return wish === undefined
    ? defaulted(type, by, engine.selinux.source)
    : assumed(type, `--assume selinux=${wish}`);
}

function typeName({ spec, context, engine }: Setting): string {
  if (spec.selinux?.value.kind === "type") return spec.selinux.value.type;
  const wish = context.assume.get("selinux");
  return wish === undefined || wish === "none" ? engine.selinux.type : wish;
}

/** Whether the engine labels containers at all. Who assumes a type by --assume says that it does. */
function labelling({ spec, engine, context }: Setting): "yes" | "no" | "unknown" {
  const daemon = spec.daemon?.selinux;
  if (context.assume.has("selinux")) return "yes";
  if (daemon) return daemon.value ? "yes" : "no";
  if (engine.selinux.enabled === "with-host") return "yes";
  return engine.selinux.enabled === "opt-in" ? "no" : "unknown";
}
