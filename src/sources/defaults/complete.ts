import type {
  Boundary,
  EngineName,
  ImageFacts,
  OperatorAction,
  ProcessFacts,
} from "../../boundary/boundary.ts";
import type { Fact } from "../../boundary/fact.ts";
import { assumed, defaulted, unknown } from "../../boundary/fact.ts";
import type { ContainerSpec } from "../spec.ts";
import { apparmorFact } from "./apparmor.ts";
import { capabilityFacts } from "./capabilities.ts";
import { credentialFacts } from "./credentials.ts";
import { deviceList, deviceRules } from "./devices.ts";
import { identityFacts } from "./identity.ts";
import { mergeBoundaries } from "./merge.ts";
import { cgroupFacts, mountList } from "./mounts.ts";
import { namespaceFacts } from "./namespaces.ts";
import { networkFacts } from "./network.ts";
import { systemPaths } from "./paths.ts";
import { runtimeFacts } from "./runtime.ts";
import { seccompFact } from "./seccomp.ts";
import { selinuxFact } from "./selinux.ts";
import type { CompletionContext, Setting } from "./setting.ts";
import { daemonOr, followsFrom, fromSaid } from "./setting.ts";
import { settingsOf } from "./variants.ts";

/**
 * The boundary that a spec leads to: what was said, and for what was not said the engine's defaults on this host. Facts
 * that neither decides are unknown, with the values that they can have, the weakest barrier first.
 *
 * Postconditions: no exception for any spec; a name that the engine does not know (a capability, a mode) gives what the
 * engine gives for it. A container that its engine would refuse to start is completed as if it started.
 */
export function complete(spec: ContainerSpec, context: CompletionContext): Boundary {
  const { settings, fact, reason } = settingsOf(spec, context);
  const boundaries = settings.map(completeOne);
  return mergeBoundaries(boundaries, fact, reason);
}

function completeOne(setting: Setting): Boundary {
  const { spec, by, host } = setting;
  const privileged = spec.privileged ? fromSaid(spec.privileged) : defaulted(false, by);
  return {
    engine: engineFact(setting),
    engineVersion: setting.engineVersion,
    rootless: rootlessFact(setting),
    ...runtimeFacts(setting),
    privileged,
    process: processFacts(setting),
    namespaces: namespaceFacts(setting),
    mounts: mountList(setting),
    maskedPaths: systemPaths(setting, "masked"),
    readonlyPaths: systemPaths(setting, "readonly"),
    readonlyRootfs: spec.readonlyRootfs ? fromSaid(spec.readonlyRootfs) : defaulted(false, by),
    devices: deviceList(setting),
    deviceRules: deviceRules(setting),
    cgroup: cgroupFacts(setting),
    network: networkFacts(setting),
    credentials: credentialFacts(setting),
    image: imageFacts(setting),
    operatorActions: operatorActions(setting),
    siblings: spec.siblings ?? [],
    host,
  };
}

function engineFact({ spec, host, engineName }: Setting): Fact<EngineName> {
  if (spec.engine !== "kubernetes") return defaulted(engineName, "the kind of the input");
  return host.cri.known
    ? { known: true, value: engineName, provenance: host.cri.provenance }
    : defaulted(engineName, "Kubernetes");
}

function rootlessFact({ spec, host, rootless, by, engine }: Setting): Fact<boolean> {
  if (spec.rootless) return fromSaid(spec.rootless);
  const told = daemonOr(spec.daemon?.rootless, host.rootlessEngine);
  return told.known ? told : defaulted(rootless, by, engine.rootless.source);
}

function processFacts(setting: Setting): ProcessFacts {
  const { spec, by } = setting;
  const identity = identityFacts(setting);
  const capabilities = capabilityFacts(setting, identity.uid);
  return {
    ...identity,
    noNewPrivileges: noNewPrivileges(setting),
    capabilities,
    seccomp: seccompFact(setting, capabilities.bounding),
    apparmor: apparmorFact(setting),
    selinux: selinuxFact(setting),
    rlimits: spec.rlimits?.map((said) => said.value) ?? [],
    terminal: spec.terminal ? fromSaid(spec.terminal) : defaulted(false, by),
  };
}

/** Off in every engine unless asked for; Docker's daemon can turn it on for all (dockerd --no-new-privileges). */
function noNewPrivileges({ spec, by }: Setting): Fact<boolean> {
  const said = spec.noNewPrivileges ?? spec.daemon?.noNewPrivileges;
  return said ? fromSaid(said) : defaulted(false, by);
}

function imageFacts({ spec, context }: Setting): ImageFacts {
  const wish = context.assume.get("image");
  return {
    reference: spec.image?.value ?? null,
    trusted:
      wish === undefined
        ? assumed(true, "the default threat model")
        : assumed(wish !== "untrusted", `--assume image=${wish}`),
    setuidPrograms: unknown(
      "image.setuid-programs",
      "whether the image has set-uid programs is not in the input",
      [true, false],
    ),
  };
}

const everyAction: readonly OperatorAction[] = [
  "exec",
  "attach",
  "cp",
  "checkpoint",
  "restore",
  "logs",
  "export",
  "stop",
  "top",
];

/** What the configuration shows operators to do; `--assume operator=any` adds the rest. */
function operatorActions({ spec, context }: Setting): Fact<readonly OperatorAction[]> {
  const wish = context.assume.get("operator");
  if (wish === "any") return assumed(everyAction, "--assume operator=any");
  const said = spec.operatorActions ?? [];
  const [first] = said;
  if (first === undefined) return assumed([], "the default threat model");
  return followsFrom(first, [...new Set(said.map((action) => action.value))]);
}
