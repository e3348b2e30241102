import type { MapNode } from "../../base/document.ts";
import { expected } from "../../base/problems.ts";
import type { ContainerSpec, MountRequest, Said } from "../spec.ts";
import { readDevices } from "./devices.ts";
import { readEnvironment } from "./environment.ts";
import type { Field } from "./fields.ts";
import { child, flagOf, isUnset, listOf, saidFlag, saidText, saidTexts, say } from "./fields.ts";
import { readLimits, readSysctls, readUlimits } from "./limits.ts";
import { grantName, readMounts } from "./mounts.ts";
import { readNetwork } from "./network.ts";
import { readOperatorActions } from "./operator.ts";
import type { Project } from "./project.ts";
import { templateOf } from "./model/nodes.ts";
import { readPorts, readSecurity } from "./security.ts";

/** A container of the project as it was read: what other services refer to is filled in afterwards. */
export interface Container {
  readonly name: string;
  readonly field: Field;
  readonly node: MapNode;
  readonly spec: ContainerSpec;
}

/**
 * What a service asks of the engine, as `docker compose up` hands it over. Values that other services decide (volumes_from,
 * siblings) are not in it yet.
 * @see Compose specification, 05-services.md; docker/compose pkg/compose/create.go getCreateConfigs
 */
export function readService(field: Field, project: Project, firstVersion: boolean): ContainerSpec {
  const { devices, rules, gpus } = readDevices(field);
  const text = (key: string): Said<string> | undefined => saidText(child(field, key));
  return {
    engine: "docker",
    privileged: readPrivileged(child(field, "privileged")),
    user: text("user"),
    groupAdd: saidTexts(child(field, "group_add")),
    capAdd: saidTexts(child(field, "cap_add")),
    capDrop: saidTexts(child(field, "cap_drop")),
    ...readSecurity(field, project.context),
    pid: text("pid"),
    ipc: text("ipc"),
    uts: text("uts"),
    cgroupns: text("cgroup"),
    userns: text("userns_mode"),
    ...readNetwork(field, project, firstVersion),
    mounts: [...readMounts(field, project), ...apiSocket(field)],
    readonlyRootfs: saidFlag(child(field, "read_only")),
    devices,
    deviceCgroupRules: rules,
    gpus,
    sysctls: readSysctls(field),
    cgroupParent: text("cgroup_parent"),
    runtime: text("runtime"),
    limits: readLimits(field),
    rlimits: readUlimits(field),
    terminal: saidFlag(child(field, "tty")),
    published: readPorts(field, project.context),
    environment: readEnvironment(field, project.context),
    secrets: readSecrets(field),
    operatorActions: readOperatorActions(field),
    image: text("image"),
  };
}

/**
 * Compose refuses an empty `privileged`. Where a variable without a value made it empty, somebody elsewhere decides; the
 * careful reading is that they say yes. A verdict hangs on it, so it is an error that it cannot be read from here.
 */
function readPrivileged(field: Field): Said<boolean> | undefined {
  if (!isUnset(field)) return saidFlag(field);
  const written = templateOf(field.node)?.text;
  field.problems.push({
    code: "unset-variable",
    message: `${expected("true or false", written)} without a value, which is read as true`,
    at: field.at,
    path: field.path,
  });
  return say(field, true);
}

/** `use_api_socket` binds the engine's socket. @see docker/compose pkg/compose/apiSocket.go */
function apiSocket(service: Field): readonly MountRequest[] {
  const field = child(service, "use_api_socket");
  if (flagOf(field) !== true) return [];
  const socket = say(field, "/var/run/docker.sock");
  return [{ kind: "bind", source: socket, target: socket, readOnly: undefined }];
}

function readSecrets(service: Field): readonly Said<string>[] {
  const named = listOf(child(service, "secrets")).flatMap((item) => {
    const grant = grantName(item);
    return grant ? [say(grant.at, grant.name)] : [];
  });
  const socket = child(service, "use_api_socket");
  const credentials = child(service, "credential_spec");
  return [
    ...named,
    ...(flagOf(socket) === true ? [say(socket, "docker registry credentials")] : []),
    ...(credentials.node ? [say(credentials, "credential spec")] : []),
  ];
}
