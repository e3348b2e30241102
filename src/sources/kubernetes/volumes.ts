import { quote } from "../../base/text.ts";
import type { Said } from "../spec.ts";
import type { Field } from "./read/fields.ts";
import {
  child,
  childIn,
  choiceOf,
  flagOf,
  missing,
  report,
  structOf,
  structsOf,
  textOf,
} from "./read/fields.ts";
import type { HostVolume } from "./cluster/host-volumes.ts";
import { hostPathOf, requiredPath } from "./cluster/host-volumes.ts";
import type { Surroundings } from "./cluster/surroundings.ts";
import { volumeBehind } from "./cluster/surroundings.ts";

/** A volume of a pod, or what stands behind its claim. */
export interface Volume extends HostVolume {
  readonly name: string;
  /** The key of its source: `hostPath`, `emptyDir`, `persistentVolumeClaim` ... */
  readonly type: string;
  readonly readOnly?: Said<boolean> | undefined;
  readonly fsType?: string | undefined;
  /** Names of the secrets in it. */
  readonly secrets: readonly Said<string>[];
  /** It holds a service-account token that the API server takes. */
  readonly apiToken?: Said<boolean> | undefined;
}

interface Reading {
  readonly name: string;
  readonly type: string;
  readonly namespace: string | undefined;
  readonly surroundings: Surroundings;
}

type Details = Omit<Volume, "name" | "type" | "secrets"> & { readonly secrets?: readonly Said<string>[] };

/** Every volume source of core/v1 and how it is read; those without an entry of their own hold what their name says. */
const readers: Readonly<Record<string, ((source: Field, reading: Reading) => Details) | undefined>> = {
  hostPath: (source) => ({ hostPath: hostPathOf(source) }),
  local: (source) => ({ hostPath: requiredPath(child(source, "path")) }),
  emptyDir: (source) =>
    choiceOf(child(source, "medium"), mediums)?.value === "Memory" ? { fsType: "tmpfs" } : {},
  // The kubelet mounts these read-only whatever the container asks for (since 1.9.6).
  configMap: (source) => ({ readOnly: readOnlyAt(source) }),
  downwardAPI: (source) => ({ readOnly: readOnlyAt(source) }),
  secret: (source) => ({
    readOnly: readOnlyAt(source),
    secrets: listed(textOf(child(source, "secretName"))),
  }),
  projected: projectedOf,
  image: (source) => ({ readOnly: readOnlyAt(source) }),
  persistentVolumeClaim: claimOf,
  csi: csiOf,
  nfs: (source) => ({ readOnly: flagOf(child(source, "readOnly")), fsType: "nfs" }),
};

const mediums = ["", "Memory", "HugePages", "HugePages-2Mi", "HugePages-1Gi"] as const;

const plainTypes: ReadonlySet<string> = new Set([
  ...[
    "ephemeral",
    "gitRepo",
    "flexVolume",
    "iscsi",
    "glusterfs",
    "rbd",
    "cinder",
    "cephfs",
    "flocker",
    "fc",
    "azureFile",
    "azureDisk",
  ],
  ...[
    "vsphereVolume",
    "quobyte",
    "photonPersistentDisk",
    "portworxVolume",
    "scaleIO",
    "storageos",
    "awsElasticBlockStore",
    "gcePersistentDisk",
  ],
]);

function isVolumeType(key: string): boolean {
  return plainTypes.has(key) || Object.hasOwn(readers, key);
}

function readOnlyAt(source: Field): Said<boolean> | undefined {
  return source.node && { value: true, at: source.node };
}

function listed(said: Said<string> | undefined): readonly Said<string>[] {
  return said ? [said] : [];
}

function projectedOf(source: Field): Details {
  const secrets: Said<string>[] = [];
  let apiToken: Said<boolean> | undefined;
  for (const projection of structsOf(child(source, "sources"))) {
    secrets.push(...listed(textOf(child(structOf(child(projection, "secret")), "name"))));
    const token = structOf(child(projection, "serviceAccountToken"));
    if (!token.node) continue;
    const audience = textOf(child(token, "audience"));
    if (isForApi(audience?.value)) apiToken = { value: true, at: token.node };
    else secrets.push({ value: `service-account token for ${audience?.value ?? ""}`, at: token.node });
  }
  return { readOnly: readOnlyAt(source), secrets, apiToken };
}

/** A token for another audience (a vault, a cloud) is refused by the API server; the default audience is the API server's. */
function isForApi(audience: string | undefined): boolean {
  return audience === undefined || audience === "" || audience === "api" || audience.includes("kubernetes");
}

function csiOf(source: Field): Details {
  const provider = textOf(child(structOf(child(source, "volumeAttributes")), "secretProviderClass"));
  return { readOnly: flagOf(child(source, "readOnly")), secrets: listed(provider) };
}

function claimOf(source: Field, { namespace, surroundings }: Reading): Details {
  const claim = textOf(child(source, "claimName"));
  if (!claim) {
    if (child(source, "claimName").node === undefined)
      missing(child(source, "claimName"), "the name of a claim");
    return {};
  }
  return {
    ...volumeBehind(surroundings, namespace, claim.value),
    readOnly: flagOf(child(source, "readOnly")),
  };
}

/** The volumes of a pod by name; a StatefulSet's claims are volumes too, and win over a volume of the same name. */
export function volumesOf(
  pod: Field,
  claimTemplates: Field | undefined,
  owner: { readonly name: string; readonly namespace: string | undefined },
  surroundings: Surroundings,
): ReadonlyMap<string, Volume> {
  const volumes = new Map<string, Volume>();
  for (const field of structsOf(child(pod, "volumes"))) {
    const name = nameOf(field);
    if (name === undefined) continue;
    if (volumes.has(name))
      report(child(field, "name"), "wrong-value", `expected a name of its own, found ${quote(name)} again`);
    else volumes.set(name, volumeOf(field, name, owner.namespace, surroundings));
  }
  for (const field of claimTemplates ? structsOf(claimTemplates) : []) {
    const name = textOf(childIn(field, "metadata", "name"))?.value;
    if (name === undefined) missing(childIn(field, "metadata", "name"), "the name of the volume");
    // The first pod's claim stands for those of the others, which come from the same template.
    else
      volumes.set(name, {
        name,
        type: "persistentVolumeClaim",
        secrets: [],
        ...volumeBehind(surroundings, owner.namespace, `${name}-${owner.name}-0`),
      });
  }
  return volumes;
}

function nameOf(field: Field): string | undefined {
  const name = child(field, "name");
  const said = textOf(name);
  if (said?.value) return said.value;
  if (said || name.node === undefined) missing(name, "the name of the volume");
  return undefined;
}

function volumeOf(
  field: Field,
  name: string,
  namespace: string | undefined,
  surroundings: Surroundings,
): Volume {
  const { node } = field;
  const keys =
    node?.kind === "map"
      ? [...node.entries.keys()].filter((key) => key !== "name" && child(field, key).node !== undefined)
      : [];
  const types = keys.filter(isVolumeType);
  // Two are refused; if they are read all the same, then as the one that leads to the host.
  const type = types.includes("hostPath") ? "hostPath" : types[0];
  if (types.length > 1)
    report(field, "wrong-value", `expected one type of volume, found ${types.join(" and ")}`);
  if (type === undefined) {
    const [other] = keys;
    if (other !== undefined)
      report(child(field, other), "wrong-value", `expected a type of volume, found ${quote(other)}`);
    // Without any source the API server makes it an emptyDir.
    return { name, type: "emptyDir", secrets: [] };
  }
  const source = structOf(child(field, type));
  return { name, type, secrets: [], ...readers[type]?.(source, { name, type, namespace, surroundings }) };
}
