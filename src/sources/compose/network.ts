import type { ContainerSpec, Said } from "../spec.ts";
import type { Field } from "./fields.ts";
import { child, entriesOf, flagOf, saidText, say, textOf, wrong } from "./fields.ts";
import { asMapping } from "./model/merge.ts";
import type { Project } from "./project.ts";
import { declaredObject } from "./project.ts";

type Network = Pick<ContainerSpec, "network" | "networks" | "egress">;

interface Joined {
  readonly key: string;
  readonly at: Field;
  readonly declared: Field | undefined;
}

/**
 * How a service is connected. Without `network_mode` and `networks` it joins the project's `default` network. A network
 * that is the engine's own `host`, `none` or `bridge` by name is that mode.
 * @see Compose specification, 06-networks.md; docker/compose pkg/compose/create.go defaultNetworkSettings
 */
export function readNetwork(service: Field, project: Project, firstVersion: boolean): Network {
  const mode =
    saidText(child(service, "network_mode")) ?? (firstVersion ? saidText(child(service, "net")) : undefined);
  if (mode) return { network: mode };
  const joined = networksOf(service, project);
  const names = joined.map(
    ({ key, declared }) => (declared && textOf(child(declared, "name"))) ?? externalName(declared) ?? key,
  );
  const special = names.findIndex((name) => name === "host" || name === "none" || name === "bridge");
  const place = joined[special];
  const egress = egressOf(joined);
  const listed = joined.flatMap(({ at, key }, index) =>
    key === "default" ? [] : [say(at, names[index] ?? key)],
  );
  return {
    ...(place && {
      network: say(place.declared ? child(place.declared, "name") : place.at, names[special] ?? ""),
    }),
    ...(listed.length > 0 && { networks: listed }),
    ...(egress && !place && { egress }),
  };
}

function externalName(declared: Field | undefined): string | undefined {
  const external = declared && child(declared, "external");
  return external?.node?.kind === "map" ? textOf(child(external, "name")) : undefined;
}

function networksOf(service: Field, project: Project): readonly Joined[] {
  const field = child(service, "networks");
  if (field.node?.kind === "scalar") wrong(field, "wrong-type", "a list or a mapping of networks");
  const mapping: Field =
    field.node && field.node.kind !== "scalar"
      ? { ...field, node: asMapping(field.node) }
      : { ...field, node: undefined };
  const own = entriesOf(mapping).map(({ key, at, value }): Joined => {
    const place: Field = { ...value, at };
    return {
      key,
      at: place,
      declared:
        key === "default" ? defaultNetwork(project, place) : declaredObject(project, "networks", key, place),
    };
  });
  if (own.length > 0) return own;
  return [{ key: "default", at: service, declared: defaultNetwork(project, service) }];
}

/** The default network need not be declared. */
function defaultNetwork(project: Project, at: Field): Field | undefined {
  const networks = project.model.entries.get("networks")?.value;
  return networks?.kind === "map" && networks.entries.has("default")
    ? declaredObject(project, "networks", "default", at)
    : undefined;
}

/** Nothing leaves a container all of whose networks are internal. What an external network lets out, its own side decides. */
function egressOf(joined: readonly Joined[]): Said<"none"> | undefined {
  const places = joined.map(({ declared }) => declared && child(declared, "internal"));
  const [first] = places;
  return first && places.every((place) => place !== undefined && flagOf(place) === true)
    ? say(first, "none")
    : undefined;
}
