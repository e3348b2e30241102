import type { DeviceRequest, Said } from "../spec.ts";
import type { Field } from "./fields.ts";
import { child, listOf, say, textOf, wrong } from "./fields.ts";

export interface DeviceWishes {
  readonly devices: readonly Said<DeviceRequest>[];
  readonly rules: readonly Said<string>[];
  readonly gpus: Said<string> | undefined;
}

/**
 * Devices, by `devices`, `device_cgroup_rules`, `gpus` and the reservations of `deploy`. A CDI name stays as it is written.
 * @see compose-go transform/device.go; docker/compose pkg/compose/create.go getDeployResources
 */
export function readDevices(service: Field): DeviceWishes {
  const reserved = listOf(
    child(child(child(child(service, "deploy"), "resources"), "reservations"), "devices"),
  );
  const own = new Map<string, Said<DeviceRequest>>();
  for (const item of listOf(child(service, "devices"))) {
    const device = readDevice(item);
    if (device) own.set(device.value.containerPath, device);
  }
  const requests = [...gpuRequests(child(service, "gpus")), ...reserved.filter(isGpu)];
  const named = reserved.filter((item) => textOf(child(item, "driver")) === "cdi").flatMap(cdiDevices);
  return {
    devices: [...own.values(), ...named],
    rules: listOf(child(service, "device_cgroup_rules")).flatMap(readRule),
    gpus: gpusOf(requests),
  };
}

function readDevice(item: Field): Said<DeviceRequest> | undefined {
  if (item.node?.kind === "map") return longDevice(item);
  const text = textOf(item, "a device, as HOST[:CONTAINER[:ACCESS]] or as a mapping");
  if (text === undefined) return undefined;
  if (cdiName.test(text)) return say(item, { hostPath: text, containerPath: text, access: "rwm" });
  const [hostPath = "", containerPath, access = "rwm", ...more] = text.split(":");
  if (more.length > 0 || hostPath === "") wrong(item, "wrong-value", "HOST[:CONTAINER[:ACCESS]]");
  return hostPath === ""
    ? undefined
    : say(item, { hostPath, containerPath: containerPath || hostPath, access });
}

/** Fully qualified names hold a colon now and then (Container Device Interface specification, "Kind"). */
const cdiName = /^[A-Za-z][\w.-]*\/[A-Za-z][\w-]*=[\w.:-]+$/;

function longDevice(item: Field): Said<DeviceRequest> | undefined {
  const source = child(item, "source");
  const hostPath = textOf(source);
  if (hostPath === undefined) {
    wrong(source, "missing-field", "the path of a device");
    return undefined;
  }
  const containerPath = textOf(child(item, "target")) ?? hostPath;
  return say(item, { hostPath, containerPath, access: textOf(child(item, "permissions")) ?? "rwm" });
}

function readRule(item: Field): readonly Said<string>[] {
  const rule = textOf(item, 'a rule such as "c 1:3 rwm"');
  if (rule === undefined) return [];
  if (!/^[acb] (?:\d+|\*):(?:\d+|\*) [rwm]{1,3}$/.test(rule))
    wrong(item, "wrong-value", 'a rule such as "c 1:3 rwm"');
  return [say(item, rule)];
}

function isGpu(item: Field): boolean {
  return listOf(child(item, "capabilities")).some((capability) => textOf(capability) === "gpu");
}

/** `gpus: all`, or a list of requests. */
function gpuRequests(field: Field): readonly Field[] {
  if (field.node?.kind === "scalar") {
    if (textOf(field) !== "all") wrong(field, "wrong-value", "all, or a list of requests");
    return [field];
  }
  return listOf(field);
}

function gpusOf(requests: readonly Field[]): Said<string> | undefined {
  const [first] = requests;
  if (first === undefined) return undefined;
  if (first.node?.kind !== "map") return say(first, "all");
  const ids = listOf(child(first, "device_ids")).flatMap((id) => textOf(id) ?? []);
  return say(first, ids.length > 0 ? ids.join(",") : (textOf(child(first, "count")) ?? "all"));
}

function cdiDevices(item: Field): readonly Said<DeviceRequest>[] {
  return listOf(child(item, "device_ids")).flatMap((id) => {
    const name = textOf(id);
    return name === undefined ? [] : [say(id, { hostPath: name, containerPath: name, access: "rwm" })];
  });
}
