import { expected } from "../../base/problems.ts";
import type { Boundary, Device, DevicePolicy, DeviceRule } from "../../boundary/boundary.ts";
import type { Fact } from "../../boundary/fact.ts";
import { declared, defaulted } from "../../boundary/fact.ts";
import type { Field } from "./fields.ts";
import { elements, field, flagOf, integerOf, textOf } from "./fields.ts";

/**
 * `linux.devices` and `linux.resources.devices`. runc starts from "nothing is allowed", applies the list in order and
 * adds its own harmless devices (libcontainer/specconv/spec_linux.go, AllowedDevices; opencontainers/cgroups,
 * devices/devices_emulator.go), so an absent list leaves exactly those.
 */
export function deviceFacts(linux: Field): Pick<Boundary, "devices" | "deviceRules"> {
  const list = field(linux, "resources", "devices");
  const rules = elements(list).flatMap(readRule);
  const policy = policyOf(rules);
  const deviceRules: Fact<DevicePolicy> = list.node
    ? declared(policy, list.at)
    : defaulted(policy, "runc", "libcontainer/specconv/spec_linux.go, AllowedDevices");
  const devices = elements(field(linux, "devices")).flatMap((item) => readDevice(item, rules));
  return { devices, deviceRules };
}

const letters = ["r", "w", "m"] as const;

interface OrderedRule extends DeviceRule {
  readonly allow: boolean;
}

function readRule(item: Field): readonly OrderedRule[] {
  if (item.node?.kind !== "map") {
    item.problems.push({
      code: "wrong-type",
      message: expected("an object", null),
      at: item.at,
      path: item.path,
    });
    return [];
  }
  const type = textOf(field(item, "type")) ?? "a";
  const access = textOf(field(item, "access"));
  if (!/^[abc]$/.test(type)) {
    item.problems.push({
      code: "wrong-value",
      message: expected("a, b or c", type),
      at: field(item, "type").at,
      path: `${item.path}.type`,
    });
  }
  const number = (key: string): number | null => {
    const value = integerOf(field(item, key));
    return value === undefined || value < 0 ? null : value;
  };
  return [
    {
      allow: flagOf(field(item, "allow")) ?? false,
      type: type === "b" || type === "c" ? type : "a",
      major: number("major"),
      minor: number("minor"),
      // runc refuses a rule without access; as a denial it is read for all letters, as a grant likewise.
      access: access === undefined || access === "" ? "rwm" : access,
    },
  ];
}

/** `a` makes a rule cover everything whatever its numbers, as the kernel's v1 controller reads it. */
function covers(rule: OrderedRule, type: "b" | "c", major: number, minor: number): boolean {
  if (rule.type === "a") return true;
  return rule.type === type && (rule.major ?? major) === major && (rule.minor ?? minor) === minor;
}

function policyOf(rules: readonly OrderedRule[]): DevicePolicy {
  let all = false;
  let extra: DeviceRule[] = [];
  for (const { allow, type, major, minor, access } of rules) {
    if (type === "a") {
      all = allow;
      extra = [];
    } else if (allow && !isHarmless(type, major, minor, access)) extra.push({ type, major, minor, access });
    else if (!allow) extra = extra.flatMap((rule) => withoutDenied(rule, { type, major, minor, access }));
  }
  return all ? { kind: "all" } : { kind: "default", extra };
}

/** What a later denial leaves of an earlier grant. */
function withoutDenied(rule: DeviceRule, denied: DeviceRule): readonly DeviceRule[] {
  const same =
    rule.type === denied.type &&
    [null, rule.major].includes(denied.major) &&
    [null, rule.minor].includes(denied.minor);
  if (!same) return [rule];
  const access = letters
    .filter((letter) => rule.access.includes(letter) && !denied.access.includes(letter))
    .join("");
  return access === "" ? [] : [{ ...rule, access }];
}

/** null, zero, full, random, urandom, tty, console, ptmx; pseudo-terminals; tun; and making nodes without opening them. */
function isHarmless(type: "b" | "c", major: number | null, minor: number | null, access: string): boolean {
  if (access === "m") return true;
  if (type !== "c" || major === null) return false;
  if (major === 136 || (major === 10 && minor === 200)) return true;
  return minor !== null && harmless.has(`${String(major)}:${String(minor)}`);
}
const harmless = new Set(["1:3", "1:5", "1:7", "1:8", "1:9", "5:0", "5:1", "5:2"]);

/** Numbers that mean one thing on every host (Linux allocated devices, Documentation/admin-guide/devices.txt). */
const wellKnown: Readonly<Record<string, string>> = {
  "c1:1": "/dev/mem",
  "c1:2": "/dev/kmem",
  "c1:4": "/dev/port",
  "c1:11": "/dev/kmsg",
  "c10:200": "/dev/net/tun",
  "c10:229": "/dev/fuse",
  "c10:232": "/dev/kvm",
  "c10:237": "/dev/loop-control",
  "b8:0": "/dev/sda",
  "b7:0": "/dev/loop0",
};

function readDevice(item: Field, rules: readonly OrderedRule[]): readonly Device[] {
  const path = textOf(field(item, "path"));
  const type = textOf(field(item, "type"));
  if (!path || !type) {
    const message = "expected a device with a type and a path, found less";
    item.problems.push({ code: "missing-field", message, at: item.at, path: item.path });
    return [];
  }
  if (type !== "b" && type !== "c" && type !== "u") return [];
  return deviceOf(item, path, type === "b" ? "b" : "c", rules);
}

function deviceOf(
  item: Field,
  path: string,
  type: "b" | "c",
  rules: readonly OrderedRule[],
): readonly Device[] {
  const major = integerOf(field(item, "major")) ?? 0;
  const minor = integerOf(field(item, "minor")) ?? 0;
  const id = `${String(major)}:${String(minor)}`;
  if (type === "c" && harmless.has(id)) return [];
  const access = letters.filter((one) => allowed(rules, type, major, minor, one)).join("");
  // A node that no rule lets anybody open is a name only.
  if (!/[rw]/.test(access)) return [];
  const hostPath = declared(wellKnown[type + id] ?? path, item.at);
  return [{ hostPath, containerPath: path, access, type: type === "b" ? "block" : "char" }];
}

function allowed(
  rules: readonly OrderedRule[],
  type: "b" | "c",
  major: number,
  minor: number,
  letter: string,
): boolean {
  if (type === "c" && major === 10 && minor === 200) return true;
  const last = rules.findLast(
    (rule) => covers(rule, type, major, minor) && (rule.type === "a" || rule.access.includes(letter)),
  );
  return last?.allow ?? false;
}
