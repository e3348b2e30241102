import { quote } from "../../base/text.ts";
import type { DeviceRequest, MountRequest, Said } from "../spec.ts";
import type { Field } from "./read/fields.ts";
import { child, choiceOf, flagOf, missing, report, structsOf, textOf, wrong } from "./read/fields.ts";
import type { Volume } from "./volumes.ts";

/** What a container has mounted, and what comes with it. */
export interface ContainerMounts {
  readonly mounts: readonly MountRequest[];
  readonly devices: readonly Said<DeviceRequest>[];
  readonly secrets: readonly Said<string>[];
  /** A mounted projection holds a token for the API server. */
  readonly apiToken: Said<boolean> | undefined;
  /** Something else is mounted where the token would be: no token is added then. */
  readonly overTokenPath: Said<boolean> | undefined;
  /** The volumes that are mounted, and those among them that can be written, by name. */
  readonly mounted: readonly string[];
  readonly shareable: readonly string[];
}

const tokenPath = "/var/run/secrets/kubernetes.io/serviceaccount";
const propagations = { None: "private", HostToContainer: "slave", Bidirectional: "shared" } as const;
const readOnlyKinds: ReadonlySet<string> = new Set([
  "configMap",
  "secret",
  "projected",
  "downwardAPI",
  "image",
]);

interface Draft {
  readonly mounts: MountRequest[];
  readonly devices: Said<DeviceRequest>[];
  readonly secrets: Said<string>[];
  apiToken: Said<boolean> | undefined;
  overTokenPath: Said<boolean> | undefined;
  readonly mounted: string[];
  readonly shareable: string[];
}

/**
 * The volumes that a container mounts or is given as devices. A volume that nobody mounts is never in any container.
 * `literals` are the variables that subPathExpr may name, as far as the manifest states them.
 */
export function mountsOf(
  container: Field,
  volumes: ReadonlyMap<string, Volume>,
  privileged: boolean,
  literals: ReadonlyMap<string, string>,
): ContainerMounts {
  const draft: Draft = {
    mounts: [],
    devices: [],
    secrets: [],
    apiToken: undefined,
    overTokenPath: undefined,
    mounted: [],
    shareable: [],
  };
  const targets = new Set<string>();
  for (const field of structsOf(child(container, "volumeMounts"))) {
    const target = requiredText(child(field, "mountPath"), "a path in the container");
    const volume = volumeNamed(field, volumes);
    if (!target || !volume) continue;
    if (targets.has(target.value))
      report(
        child(field, "mountPath"),
        "wrong-value",
        `expected each path once, found ${quote(target.value)} again`,
      );
    targets.add(target.value);
    addMount(draft, mountOf(field, target, volume, privileged, literals), volume);
  }
  for (const field of structsOf(child(container, "volumeDevices"))) {
    const path = requiredText(child(field, "devicePath"), "a path in the container");
    const volume = volumeNamed(field, volumes);
    if (path && volume) addDevice(draft, path, volume);
  }
  return draft;
}

function requiredText(field: Field, what: string): Said<string> | undefined {
  const said = textOf(field);
  if (said?.value) return said;
  if (said || field.node === undefined) missing(field, what);
  return undefined;
}

function volumeNamed(field: Field, volumes: ReadonlyMap<string, Volume>): Volume | undefined {
  const name = requiredText(child(field, "name"), "the name of a volume");
  if (!name) return undefined;
  const volume = volumes.get(name.value);
  if (!volume) wrong(child(field, "name"), "the name of a volume of the pod", "missing-reference");
  return volume;
}

function addMount(draft: Draft, mount: MountRequest, volume: Volume): void {
  draft.mounts.push(mount);
  draft.mounted.push(volume.name);
  draft.secrets.push(...volume.secrets);
  draft.apiToken ??= volume.apiToken;
  if (mount.target.value === tokenPath) draft.overTokenPath ??= { value: true, at: mount.target.at };
  if (mount.readOnly?.value !== true && !readOnlyKinds.has(volume.type)) draft.shareable.push(volume.name);
}

function mountOf(
  field: Field,
  target: Said<string>,
  volume: Volume,
  privileged: boolean,
  literals: ReadonlyMap<string, string>,
): MountRequest {
  const subPath = subPathOf(field, literals);
  const { hostPath } = volume;
  const readOnly = flagOf(child(field, "readOnly"));
  const options = optionsOf(field);
  return {
    kind: hostPath ? "bind" : "volume",
    source:
      hostPath &&
      (subPath === undefined ? hostPath : { value: `${hostPath.value}/${subPath}`, at: hostPath.at }),
    volume: hostPath ? undefined : volume.name,
    target,
    readOnly:
      readOnly?.value === true ? readOnly : volume.readOnly?.value === true ? volume.readOnly : readOnly,
    propagation: propagationOf(field, privileged),
    fsType: volume.fsType,
    subPath,
    options,
  };
}

/** Read-only reaches the mounts below only where it is asked for: `rro` as the OCI runtime spec spells it. */
function optionsOf(field: Field): readonly string[] | undefined {
  const recursive = choiceOf(child(field, "recursiveReadOnly"), ["Disabled", "IfPossible", "Enabled"]);
  return recursive?.value === "Enabled" ? ["rro"] : undefined;
}

/** @see kubernetes pkg/apis/core/validation validateMountPropagation: Bidirectional is for privileged containers only */
function propagationOf(field: Field, privileged: boolean): MountRequest["propagation"] {
  const said = choiceOf(child(field, "mountPropagation"), ["None", "HostToContainer", "Bidirectional"]);
  if (!said) return undefined;
  if (said.value === "Bidirectional" && !privileged)
    wrong(
      child(field, "mountPropagation"),
      "None or HostToContainer in a container that is not privileged",
      "wrong-value",
    );
  return { value: propagations[said.value], at: said.at };
}

function subPathOf(field: Field, literals: ReadonlyMap<string, string>): string | undefined {
  const plain = textOf(child(field, "subPath"))?.value;
  const expression = textOf(child(field, "subPathExpr"))?.value;
  const [key, path] = plain
    ? ["subPath", plain]
    : ["subPathExpr", expression && expand(expression, literals)];
  if (!path) return undefined;
  if (path.startsWith("/") || path.split("/").includes("..")) {
    wrong(child(field, key), "a path within the volume", "wrong-value");
    return undefined;
  }
  return path;
}

/** `$(NAME)` where the manifest gives NAME's value; what it does not give stays one unknown folder, as `..` is refused. */
function expand(expression: string, literals: ReadonlyMap<string, string>): string {
  if (!expression.includes("$(")) return expression;
  return expression.replace(/\$\(([A-Za-z0-9_.-]+)\)/g, (whole, name: string) => literals.get(name) ?? whole);
}

/** A volume of raw blocks (kubelet: `mrw`, or `r` for a read-only claim): a device of the host where the input shows which, else a volume like any other. */
function addDevice(draft: Draft, path: Said<string>, volume: Volume): void {
  const { blockDevice } = volume;
  if (blockDevice)
    draft.devices.push({
      value: {
        hostPath: blockDevice.value,
        containerPath: path.value,
        access: volume.readOnly?.value === true ? "r" : "rwm",
      },
      at: blockDevice.at,
    });
  else
    draft.mounts.push({
      kind: "volume",
      volume: volume.name,
      target: path,
      readOnly: undefined,
      options: ["block"],
    });
}
