import type { Isolation } from "../../boundary/boundary.ts";
import type { Fact } from "../../boundary/fact.ts";
import { assumed, defaulted, mapFact, unknown } from "../../boundary/fact.ts";
import type { Said } from "../spec.ts";
import { anyIsolation, runtimeMeaning, sharedKernel } from "./runtime-names.ts";
import type { Setting } from "./setting.ts";
import { fromSaid, nonEmpty } from "./setting.ts";

export interface RuntimeFacts {
  readonly runtime: Fact<string>;
  readonly runtimeVersion: Fact<string>;
  readonly isolation: Fact<Isolation>;
}

/**
 * What runs the container, and so which kernel answers it. A RuntimeClass and Docker's `--runtime` are names only: what
 * stands behind one is the host's to say; a well-known name is taken at its word as an assumption, any other is unknown.
 * @see kubernetes.io/docs/concepts/containers/runtime-class; docs.docker.com/engine/daemon/alternative-runtimes
 */
export function runtimeFacts(setting: Setting): RuntimeFacts {
  const { spec, engine, by } = setting;
  const said = nonEmpty(spec.runtime) ?? nonEmpty(spec.daemon?.defaultRuntime);
  const name = said?.value ?? engine.runtime.name;
  return {
    runtime: said ? fromSaid(said) : defaulted(name, by, engine.runtime.source),
    runtimeVersion: versionOf(setting, name),
    isolation: said ? isolationNamed(said, setting) : defaulted(sharedKernel, by, engine.runtime.source),
  };
}

function isolationNamed(said: Said<string>, setting: Setting): Fact<Isolation> {
  const name = said.value;
  const handler = setting.host.runtimeHandlers.get(name);
  if (handler?.known === true) {
    const meaning = runtimeMeaning(handler.value);
    if (meaning?.isolation) return mapFact(handler, () => meaning.isolation ?? sharedKernel);
  }
  const inInput = setting.spec.runtimeHandler;
  const suggested = runtimeMeaning(inInput?.value ?? name);
  if (suggested?.isolation) {
    return assumed(
      suggested.isolation,
      inInput ? `the handler's name ${inInput.value}` : `the runtime's name ${name}`,
    );
  }
  return unknown(
    `runtime-class:${name}`,
    `what ${name} runs is decided by the host's configuration`,
    anyIsolation,
    said.at,
  );
}

const components: readonly (readonly [RegExp, string])[] = [
  [/(^|\.)runc(\.|$)/, "runc"],
  [/^crun/, "crun"],
  [/runsc|gvisor/, "runsc"],
  [/kata/, "kata"],
  [/^youki$/, "youki"],
];

function versionOf({ host }: Setting, name: string): Fact<string> {
  const component = components.find(([pattern]) => pattern.test(name))?.[1] ?? name;
  return (
    host.versions.get(component) ??
    unknown(`host.version.${component}`, `the version of ${component} is not known`)
  );
}
