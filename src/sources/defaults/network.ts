import type { NetworkFacts } from "../../boundary/boundary.ts";
import type { Fact } from "../../boundary/fact.ts";
import { defaulted, unknown } from "../../boundary/fact.ts";
import type { Setting } from "./setting.ts";
import { followsFrom, fromSaid } from "./setting.ts";
import { readNamespace } from "./namespaces.ts";

type Mode = "none" | "bridge" | "host" | "shared" | "pod" | "custom";

/** How the container is connected, and where it can get to. Reach is blast radius, not a way to the host. */
export function networkFacts(setting: Setting): NetworkFacts {
  const { spec } = setting;
  const mode = modeOf(setting);
  return {
    mode,
    egress: egressOf(setting, mode),
    published: spec.published?.map((said) => said.value) ?? [],
    networks: spec.networks?.map((said) => said.value) ?? [],
  };
}

function modeOf(setting: Setting): Fact<Mode> {
  const { spec, kubelet, rootless, engine, by } = setting;
  const said = spec.network;
  if (kubelet) return said?.value === "host" ? followsFrom(said, "host") : defaulted("pod", by);
  const fallback: Mode = rootless && engine.id === "podman" ? "custom" : "bridge";
  if (said === undefined || said.value === "") return defaulted(fallback, by);
  if (said.value === "none" || said.value === "host") return followsFrom(said, said.value);
  if (readNamespace(said.value).kind === "shared") return followsFrom(said, "shared");
  return followsFrom(said, /^(bridge|default|private)\b/.test(said.value) ? fallback : "custom");
}

function egressOf({ spec, kubelet, by }: Setting, mode: Fact<Mode>): Fact<"open" | "limited" | "none"> {
  if (spec.egress) return fromSaid(spec.egress);
  if (mode.known && mode.value === "none") return { ...mode, value: "none" };
  if (mode.known && mode.value === "shared") {
    return unknown(
      "network.egress",
      `the network is that of ${spec.network?.value ?? "another container"}`,
      ["open", "limited", "none"],
      spec.network?.at,
    );
  }
  if (kubelet)
    return defaulted(
      "open",
      "Kubernetes without a NetworkPolicy for the pod in the input",
      "kubernetes.io/docs/concepts/services-networking/network-policies",
    );
  return defaulted("open", by);
}
