import type { Device, DevicePolicy, DeviceRule, Mount } from "../boundary/boundary.ts";
import { valueOf } from "../boundary/fact.ts";
import { isWithin } from "../boundary/paths.ts";
import { answer } from "../seccomp/answer.ts";
import type { DeviceClass } from "./parts/device-classes.ts";
import { deviceClasses, numbersOf, openToAll } from "./parts/device-classes.ts";
import { isHostRoot } from "./parts/identity.ts";
import { lsmPermits } from "./parts/lsm.ts";
import { resolveOnHost } from "./parts/path-index.ts";
import { hasInitialCapability } from "./parts/privilege.ts";
import { askFilter } from "./parts/seccomp.ts";
import type { EvaluationContext } from "./types.ts";
import { defineCondition } from "./types.ts";
import type { Verdict } from "./verdict.ts";
import { absent, allOf, anyOf, blocked, decide, holds, spread, statusOf } from "./verdict.ts";

interface Argument {
  readonly class: DeviceClass;
  readonly access: "read" | "write";
}

/**
 * A device of the host can be opened: it was given to the container, a node of it came with a bind mount, or one can be made
 * (CAP_MKNOD in the initial user namespace; mknod(2)); the last two, if the device cgroup lets it be opened. A virtual machine
 * is handed the block devices that are given (Kata Containers, how-to/privileged.md); gVisor passes none.
 */
export const device = defineCondition<Argument>({
  id: "device",
  summary: "a device of a class can be opened",
  schema: (z) =>
    z.strictObject({
      class: z.enum(Object.keys(deviceClasses) as DeviceClass[]),
      access: z.enum(["read", "write"]),
    }),
  describe: ({ class: wanted, access }) => `${access} a ${wanted} device`,
  evaluate: (argument, context) =>
    decide(context.boundary.isolation, "isolation", ({ kind }) => {
      if (kind === "application-kernel")
        return absent("gvisor-correct", "gVisor passes no such device through", "isolation");
      const ways =
        kind === "hypervisor"
          ? argument.class === "block-storage"
            ? given(argument, context)
            : []
          : [...given(argument, context), ...bound(argument, context), ...made(argument, context)];
      return ways.length > 0
        ? anyOf(ways)
        : absent(`device:absent:${argument.class}`, `no ${argument.class} device is given to it`, null);
    }),
});

const letter = (access: Argument["access"]): string => (access === "write" ? "w" : "r");

function given(argument: Argument, context: EvaluationContext): readonly Verdict[] {
  return context.boundary.devices.flatMap((candidate, index) => {
    const path = valueOf(candidate.hostPath);
    if (path === undefined || !candidate.access.includes(letter(argument.access))) return [];
    const ref = `devices.${String(index)}`;
    if (path === "/dev")
      return [allOf([allDevices(argument.class, context, ref), usableNode(argument.class, context)])];
    return isOfClass(argument.class, path, candidate)
      ? [allOf([holds(`${path} is given to it`, ref), usableNode(argument.class, context)])]
      : [];
  });
}

/** Every node of the host's /dev: a virtual machine is handed the disks among them unless its runtime was told not to. */
function allDevices(wanted: DeviceClass, { boundary }: EvaluationContext, ref: string): Verdict {
  const text = "all devices of the host are given to it";
  const virtual = boundary.isolation.known && boundary.isolation.value.kind === "hypervisor";
  if (!virtual) return existsOnHost(wanted, text, ref);
  const reason =
    "whether the runtime hands the host's disks to a privileged virtual machine is decided by its configuration";
  const none = absent(`device:absent:${wanted}`, reason, ref);
  return spread({ known: false, fact: "runtime.privileged-without-host-devices", reason }, ref, [
    holds(text, ref),
    none,
  ]);
}

const noStorage = /^\/dev\/(loop|ram|zram|sr|nbd|rbd|drbd|zd)/;

function isOfClass(wanted: DeviceClass, path: string, { type }: Device): boolean {
  if (deviceClasses[wanted].test(path)) return true;
  return wanted === "block-storage" && type === "block" && !noStorage.test(path);
}

/** Every host has disks and /dev/mem; the others are there when a module was loaded or a driver bound. */
function existsOnHost(wanted: DeviceClass, text: string, ref: string): Verdict {
  if (wanted === "block-storage" || wanted === "memory") return holds(text, ref);
  const reason = `whether the host has a ${wanted} device is not in the input`;
  const none = absent(`device:absent:${wanted}`, reason, ref);
  return spread({ known: false, fact: `host.device.${wanted}`, reason }, ref, [holds(text, ref), none]);
}

/** Nodes of the host's own /dev keep the host's label; the device cgroup asks for each. */
function bound(argument: Argument, context: EvaluationContext): readonly Verdict[] {
  const { mounts, host } = context.boundary;
  return mounts.flatMap((mount, index) => {
    const path = boundDevice(mount, argument.class, host.links);
    if (path === undefined) return [];
    const ref = `mounts.${String(index)}`;
    return [
      allOf([
        existsOnHost(argument.class, `${path} is mounted at ${mount.target}`, ref),
        usableNode(argument.class, context),
        deviceCgroupPermits(argument, context),
        lsmPermits(context, { kind: "host-device" }),
      ]),
    ];
  });
}

function boundDevice(
  mount: Mount,
  wanted: DeviceClass,
  links: ReadonlyMap<string, string>,
): string | undefined {
  const source = mount.kind === "bind" && mount.source ? valueOf(mount.source) : undefined;
  if (source === undefined || mount.nodev === true) return undefined;
  const path = resolveOnHost(source, links);
  return isWithin("/dev", path) || deviceClasses[wanted].test(path) ? path : undefined;
}

/** Device nodes belong to root and a group of the host; group disk is 6 on Debian, Fedora and Alpine. */
function usableNode(wanted: DeviceClass, context: EvaluationContext): Verdict {
  if (openToAll.has(wanted)) return holds("everybody may open it", null);
  const { groups } = context.boundary.process;
  const ways = [isHostRoot(context)];
  const override = hasInitialCapability(context, "CAP_DAC_OVERRIDE");
  if (statusOf(override) === "holds") ways.push(override);
  if (groups.known && groups.value.includes(6))
    ways.push(holds("is in group 6, which owns disks", "process.groups"));
  return anyOf(ways);
}

function made(argument: Argument, context: EvaluationContext): readonly Verdict[] {
  if (numbersOf[argument.class] === undefined) return [];
  const node = allOf([
    hasInitialCapability(context, "CAP_MKNOD"),
    askFilter(context, "mknodat(2)", (filter) => answer(filter, { syscall: "mknodat" })),
    deviceCgroupPermits(argument, context),
  ]);
  return [allOf([existsOnHost(argument.class, "", "deviceRules"), node])];
}

function ruleOpens(rule: DeviceRule, { class: wanted, access }: Argument): boolean {
  if (!rule.access.includes(letter(access))) return false;
  if (rule.type === "a") return true;
  const numbers = numbersOf[wanted];
  if (numbers?.type !== rule.type) return false;
  if (rule.major !== null && !numbers.majors.has(rule.major)) return false;
  return rule.minor === null || numbers.minors === undefined || numbers.minors.has(rule.minor);
}

function policyOpens(policy: DevicePolicy, argument: Argument): boolean {
  return policy.kind === "all" || policy.extra.some((rule) => ruleOpens(rule, argument));
}

function deviceCgroupPermits(argument: Argument, { boundary }: EvaluationContext): Verdict {
  const ref = "deviceRules";
  return decide(boundary.deviceRules, ref, (policy) =>
    policyOpens(policy, argument)
      ? holds(`the device cgroup lets ${argument.class} devices be opened`, ref)
      : blocked(["device-cgroup"], `the device cgroup refuses ${argument.class} devices`, ref),
  );
}
