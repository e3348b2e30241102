import type { OperatorAction } from "../../boundary/boundary.ts";
import type { ContainerSpec, Said } from "../spec.ts";
import type { SourceContext } from "../types.ts";
import type { Environment } from "./environment.ts";
import { environmentOf } from "./environment.ts";
import type { Field } from "./read/fields.ts";
import {
  child,
  childIn,
  choiceOf,
  flagOf,
  integerOf,
  missing,
  structOf,
  structsOf,
  textOf,
} from "./read/fields.ts";
import type { ContainerMounts } from "./mounts.ts";
import { mountsOf } from "./mounts.ts";
import type { Limits } from "./read/quantities.ts";
import { limitsOf } from "./read/quantities.ts";
import type { ContainerSecurity } from "./security.ts";
import { containerSecurity } from "./security.ts";
import type { Surroundings } from "./cluster/surroundings.ts";
import type { Volume } from "./volumes.ts";

/** An init container that never restarts is done before the others start; one with restartPolicy Always is a sidecar. */
export type Role = "init" | "sidecar" | "regular" | "ephemeral";

/** One container of a pod as it is written, before what the pod says is laid under it. */
export interface Container {
  readonly field: Field;
  readonly role: Role;
  readonly name: string;
  readonly image: Said<string> | undefined;
  readonly security: ContainerSecurity;
  readonly mounts: ContainerMounts;
  readonly environment: Environment;
  readonly limits: Limits;
  readonly terminal: Said<boolean> | undefined;
  readonly operatorActions: readonly Said<OperatorAction>[];
  readonly published: NonNullable<ContainerSpec["published"]>;
  /** Ephemeral: the container whose process namespace it joins. */
  readonly target: string | undefined;
}

const lists = [
  ["initContainers", "init"],
  ["containers", "regular"],
  ["ephemeralContainers", "ephemeral"],
] as const;

interface PodContext {
  readonly namespace: string | undefined;
  readonly volumes: ReadonlyMap<string, Volume>;
  readonly surroundings: Surroundings;
  readonly context: SourceContext;
  /** The API's own kinds demand a name; Knative, for one, does not. */
  readonly strict: boolean;
}

/** Every container of a pod, in the order they start. */
export function containersOf(pod: Field, at: PodContext): readonly Container[] {
  return lists.flatMap(([key, role]) =>
    structsOf(child(pod, key)).map((field, index) =>
      containerOf(field, role, `${key}[${String(index)}]`, at),
    ),
  );
}

function containerOf(
  field: Field,
  listed: "init" | "regular" | "ephemeral",
  place: string,
  { namespace, volumes, surroundings, context, strict }: PodContext,
): Container {
  const name = textOf(child(field, "name"))?.value;
  if (strict) requireFields(field);
  const security = containerSecurity(child(field, "securityContext"), context);
  const environment = environmentOf(field, namespace, surroundings);
  return {
    field,
    role: listed === "init" && textOf(child(field, "restartPolicy"))?.value === "Always" ? "sidecar" : listed,
    name: name ? name : place,
    image: textOf(child(field, "image")),
    security,
    mounts: mountsOf(field, volumes, security.privileged?.value === true, environment.literals),
    environment,
    limits: limitsOf(child(field, "resources")),
    terminal: flagOf(child(field, "tty")),
    operatorActions: execsOf(field),
    published: publishedOf(field),
    target: textOf(child(field, "targetContainerName"))?.value,
  };
}

function requireFields(container: Field): void {
  const name = child(container, "name");
  if (name.node === undefined) missing(name, "the name of the container");
  const image = child(container, "image");
  if (image.node === undefined) missing(image, "an image");
}

const execs = [
  ["livenessProbe"],
  ["readinessProbe"],
  ["startupProbe"],
  ["lifecycle", "postStart"],
  ["lifecycle", "preStop"],
] as const;

/** Probes and hooks that execute a command in the running container. */
function execsOf(container: Field): readonly Said<OperatorAction>[] {
  for (const path of execs) {
    const { node } = childIn(container, ...path, "exec");
    if (node) return [{ value: "exec", at: node }];
  }
  return [];
}

function publishedOf(container: Field): Container["published"] {
  return structsOf(child(container, "ports")).flatMap((port) => {
    const hostPort = integerOf(child(port, "hostPort"), 65535);
    if (!hostPort || hostPort.value === 0) return [];
    const containerPort = integerOf(child(port, "containerPort"), 65535)?.value ?? hostPort.value;
    const protocol = choiceOf(child(port, "protocol"), ["TCP", "UDP", "SCTP"])?.value.toLowerCase() ?? "tcp";
    const hostIp = textOf(child(structOf(port), "hostIP"))?.value ?? "";
    return [
      {
        value: { hostIp, hostPort: String(hostPort.value), containerPort: String(containerPort), protocol },
        at: hostPort.at,
      },
    ];
  });
}
