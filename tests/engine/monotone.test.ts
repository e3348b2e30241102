import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type {
  AppArmorState,
  Boundary,
  ClusterRight,
  Device,
  Isolation,
  NamespaceState,
  OperatorAction,
  SeccompState,
  SelinuxState,
} from "../../src/boundary/boundary.ts";
import type { Fact } from "../../src/boundary/fact.ts";
import { unknown } from "../../src/boundary/fact.ts";
import type { CutSets } from "../../src/conditions/cut-sets.ts";
import { judge } from "../../src/engine/judge.ts";
import { reaches } from "../../src/engine/margin.ts";
import { prepare } from "../../src/engine/prepare.ts";
import type { Judgement } from "../../src/engine/types.ts";
import { shippedKnowledge } from "../../src/knowledge/store.ts";
import type { Goal } from "../../src/knowledge/types.ts";
import { goals } from "../../src/knowledge/types.ts";
import { resolveProfile } from "../../src/seccomp/resolve.ts";
import type { ResolvedFilter } from "../../src/seccomp/types.ts";
import { bind, boundary, dockerCapabilities, known } from "../helpers/boundary.ts";
import { shippedProfile } from "../seccomp/shipped.ts";

/** The values a fact can have: one is a known fact, more are an unknown one with these candidates. */
type Choice<T> = readonly T[];

/** A boundary in the making: small, so that a counterexample can be read. */
interface Draft {
  readonly added: Choice<readonly string[]>;
  readonly uid: Choice<number>;
  readonly seccomp: Choice<"docker" | "unconfined">;
  readonly apparmor: Choice<"docker-default" | "absent">;
  readonly selinux: Choice<"container_t" | "absent">;
  readonly noNewPrivileges: Choice<boolean>;
  readonly pid: Choice<"private" | "host">;
  readonly net: Choice<"private" | "host">;
  readonly ipc: Choice<"private" | "host">;
  readonly cgroupns: Choice<"private" | "host">;
  readonly user: Choice<"private" | "host">;
  readonly rootless: Choice<boolean>;
  readonly mounts: readonly { readonly source: string; readonly readOnly: Choice<boolean> }[];
  readonly masked: Choice<boolean>;
  readonly readonlyPaths: Choice<boolean>;
  readonly devices: readonly string[];
  readonly allDevices: Choice<boolean>;
  readonly cgroupWritable: Choice<boolean>;
  readonly cgroupV1: Choice<boolean>;
  readonly isolation: Choice<"shared" | "gvisor" | "vm" | "jailed-vm">;
  readonly trusted: Choice<boolean>;
  readonly setuid: Choice<boolean>;
  readonly operator: Choice<readonly OperatorAction[]>;
  readonly rights: Choice<readonly ClusterRight[]>;
  readonly signed: Choice<boolean>;
}

const capabilityNames = [
  "CAP_SYS_ADMIN",
  "CAP_SYS_PTRACE",
  "CAP_SYS_MODULE",
  "CAP_DAC_READ_SEARCH",
  "CAP_SYS_RAWIO",
  "CAP_NET_ADMIN",
  "CAP_BPF",
  "CAP_PERFMON",
  "CAP_SYSLOG",
  "CAP_SYS_BOOT",
] as const;
const sources = [
  "/",
  "/etc",
  "/run",
  "/var/run/docker.sock",
  "/run/dbus/system_bus_socket",
  "/var/lib/docker",
  "/var/lib/kubelet",
  "/var/log",
  "/root",
  "/home/user",
  "/proc",
  "/sys",
  "/dev",
  "/sys/fs/cgroup",
  "/etc/localtime",
  "/srv/data",
] as const;
const deviceNodes = ["/dev/sda", "/dev/mem", "/dev/kvm", "/dev/fuse", "/dev/cpu/0/msr"] as const;

/** Mostly the first, else another, else unknown between some: where all is open already, no law can be broken. */
function choice<T>(...values: readonly [T, T, ...T[]]): fc.Arbitrary<Choice<T>> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant([values[0]]) },
    { weight: 2, arbitrary: fc.constantFrom(...values).map((value) => [value]) },
    { weight: 2, arbitrary: fc.subarray([...values], { minLength: 2 }) },
  );
}

/** Often none at all, for the same reason. */
function few<T>(values: readonly T[], maxLength: number): fc.Arbitrary<T[]> {
  return fc.oneof(fc.constant<T[]>([]), fc.subarray([...values], { maxLength }));
}

const drafts: fc.Arbitrary<Draft> = fc.record({
  added: fc
    .tuple(few(capabilityNames, 2), fc.option(fc.constantFrom(...capabilityNames), { freq: 1 }))
    .map(([some, perhaps]) => (perhaps === null || some.includes(perhaps) ? [some] : [some, [...some, perhaps]])),
  uid: choice(0, 1000),
  seccomp: choice("docker", "unconfined"),
  apparmor: choice("docker-default", "absent"),
  selinux: choice("absent", "container_t"),
  noNewPrivileges: choice(false, true),
  pid: choice("private", "host"),
  net: choice("private", "host"),
  ipc: choice("private", "host"),
  cgroupns: choice("private", "host"),
  user: choice("host", "private"),
  rootless: choice(false, true),
  mounts: fc
    .tuple(few(sources, 3), fc.array(choice(true, false), { minLength: 3, maxLength: 3 }))
    .map(([some, modes]) => some.map((source, i) => ({ source, readOnly: modes[i] ?? [false] }))),
  masked: choice(true, false),
  readonlyPaths: choice(true, false),
  devices: few(deviceNodes, 2),
  allDevices: choice(false, true),
  cgroupWritable: choice(false, true),
  cgroupV1: choice(false, true),
  isolation: fc.oneof(
    { weight: 3, arbitrary: fc.constant<Draft["isolation"]>(["shared"]) },
    { weight: 1, arbitrary: choice<Draft["isolation"][number]>("shared", "gvisor", "vm", "jailed-vm") },
  ),
  trusted: choice(true, false),
  setuid: choice(true, false),
  operator: choice<readonly OperatorAction[]>([], ["exec"], ["cp"]),
  rights: choice<readonly ClusterRight[]>([], ["create-workloads"], ["create-privileged-workloads"], ["nodes-proxy"]),
  signed: choice(true, false),
});

function fact<T, U>(name: string, values: Choice<T>, to: (value: T) => U): Fact<U> {
  const [only, ...more] = values;
  if (only !== undefined && more.length === 0) return known(to(only));
  return unknown(name, `${name} is not in the input`, values.map(to));
}
const same = <T>(value: T): T => value;

const filters = new Map<string, ResolvedFilter>();

/** Docker's filter as the container's capabilities open it. */
function dockerFilter(bounding: readonly string[]): SeccompState {
  const filter = bounding.join(",");
  if (!filters.has(filter)) {
    const { profile } = shippedProfile("docker-28.2.0");
    filters.set(filter, resolveProfile(profile, { capabilities: new Set(bounding), arch: "amd64", kernel: [6, 12] }));
  }
  return { kind: "filter", name: "docker", filter };
}

const isolations: Readonly<Record<Draft["isolation"][number], Isolation>> = {
  shared: { kind: "shared-kernel" },
  gvisor: { kind: "application-kernel", name: "gvisor", hostUds: false, hostNetwork: false },
  vm: { kind: "hypervisor", vmm: "qemu", jailed: false },
  "jailed-vm": { kind: "hypervisor", vmm: "firecracker", jailed: true },
};
const apparmors: Readonly<Record<Draft["apparmor"][number], AppArmorState>> = {
  absent: { kind: "absent" },
  "docker-default": { kind: "profile", name: "docker-default" },
};
const selinuxes: Readonly<Record<Draft["selinux"][number], SelinuxState>> = {
  absent: { kind: "absent" },
  container_t: { kind: "type", type: "container_t" },
};
const none: readonly string[] = [];
const namespaceOf = (kind: "private" | "host"): NamespaceState => ({ kind });
const deviceOf = (path: string): Device => ({
  hostPath: known(path),
  containerPath: path,
  access: "rwm",
  type: path === "/dev/sda" ? "block" : "char",
});

function build(draft: Draft): Boundary {
  const boundings = draft.added.map((added) => [...dockerCapabilities, ...added]);
  const held = draft.uid.flatMap((uid) => (uid === 0 ? boundings : [none]));
  const seccomps = draft.seccomp.flatMap((kind): readonly SeccompState[] =>
    kind === "unconfined" ? [{ kind }] : boundings.map(dockerFilter),
  );
  return boundary({
    rootless: fact("rootless", draft.rootless, same),
    isolation: fact("isolation", draft.isolation, (kind) => isolations[kind]),
    process: {
      uid: fact("process.uid", draft.uid, same),
      gid: fact("process.gid", draft.uid, same),
      noNewPrivileges: fact("process.noNewPrivileges", draft.noNewPrivileges, same),
      seccomp: fact("process.seccomp", seccomps, same),
      apparmor: fact("process.apparmor", draft.apparmor, (state) => apparmors[state]),
      selinux: fact("process.selinux", draft.selinux, (state) => selinuxes[state]),
      capabilities: {
        bounding: fact("process.capabilities.bounding", boundings, same),
        effective: fact("process.capabilities.effective", held, same),
        permitted: fact("process.capabilities.permitted", held, same),
        inheritable: known(none),
        ambient: known(none),
      },
    },
    namespaces: {
      pid: fact("namespaces.pid", draft.pid, namespaceOf),
      net: fact("namespaces.net", draft.net, namespaceOf),
      ipc: fact("namespaces.ipc", draft.ipc, namespaceOf),
      cgroup: fact("namespaces.cgroup", draft.cgroupns, namespaceOf),
      user: fact("namespaces.user", draft.user, namespaceOf),
    },
    mounts: draft.mounts.map(({ source, readOnly }) =>
      bind(source, `/mnt${source}`, { readOnly: fact(`mount:${source}`, readOnly, same) }),
    ),
    maskedPaths: fact("maskedPaths", draft.masked, (on) =>
      on ? ["/proc/kcore", "/proc/keys", "/proc/sysrq-trigger", "/sys/firmware"] : none,
    ),
    readonlyPaths: fact("readonlyPaths", draft.readonlyPaths, (on) =>
      on ? ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"] : none,
    ),
    devices: draft.devices.map(deviceOf),
    deviceRules: fact("deviceRules", draft.allDevices, (all) => (all ? { kind: "all" } : { kind: "default", extra: [] })),
    cgroup: { writable: fact("cgroup.writable", draft.cgroupWritable, same) },
    image: {
      trusted: fact("image.trusted", draft.trusted, same),
      setuidPrograms: fact("image.setuidPrograms", draft.setuid, same),
    },
    operatorActions: fact("operatorActions", draft.operator, same),
    credentials: { serviceAccountToken: known(true), rights: fact("credentials.rights", draft.rights, same) },
    host: {
      cgroupV1Mountable: fact("host.cgroupV1Mountable", draft.cgroupV1, same),
      moduleSignatureEnforced: fact("host.moduleSignatureEnforced", draft.signed, same),
    },
  });
}

const prepared = prepare(shippedKnowledge());

function judged(draft: Draft): Judgement {
  return judge(prepared, build(draft), filters, { goals, order: 6 });
}

const cases = ["worst", "best"] as const;
type Margins = Readonly<Record<string, number>>;

/** Every margin as a number: no path at the order searched is farther than any. */
function marginsOf({ margins }: Judgement): Margins {
  return Object.fromEntries(
    goals.flatMap((goal) => cases.map((side) => [`${goal} ${side}`, margins[goal]?.[side] ?? Number.POSITIVE_INFINITY])),
  );
}

/** Those of `higher` that are below `lower`'s: none where a law holds. */
function violations(lower: Margins, higher: Margins): readonly string[] {
  return Object.keys(lower).filter((key) => (lower[key] ?? 0) > (higher[key] ?? 0));
}

function ends({ paths }: Judgement): Map<string, CutSets> {
  const map = new Map<string, CutSets>();
  for (const p of paths) for (const side of cases) {
    const k = `${p.steps.at(-1)?.technique.id} ${side}`;
    map.set(k, [...(map.get(k) ?? []), ...p[side]]);
  }
  return map;
}
function endViolations(strong: Judgement, weak: Judgement): string[] {
  const w = ends(weak);
  return [...ends(strong)].flatMap(([k, sets]) => sets.filter((set) => !(w.get(k) ?? []).some((o) => o.every((b) => set.includes(b)))).map((set) => `${k}: ${set.join("+")} <> ${JSON.stringify(w.get(k))}`));
}
const numRuns = Number(process.env.RUNS ?? 150);

/** Barriers one by one: the boundary without it, and with it. */
const barriers: Readonly<Record<string, { readonly without: (d: Draft) => Draft; readonly withIt: (d: Draft) => Draft }>> = {
  seccomp: { without: (d) => ({ ...d, seccomp: ["unconfined"] }), withIt: (d) => ({ ...d, seccomp: ["docker"] }) },
  AppArmor: { without: (d) => ({ ...d, apparmor: ["absent"] }), withIt: (d) => ({ ...d, apparmor: ["docker-default"] }) },
  SELinux: { without: (d) => ({ ...d, selinux: ["absent"] }), withIt: (d) => ({ ...d, selinux: ["container_t"] }) },
  "a user other than root": { without: (d) => ({ ...d, uid: [0] }), withIt: (d) => ({ ...d, uid: [1000] }) },
  no_new_privs: {
    without: (d) => ({ ...d, noNewPrivileges: [false] }),
    withIt: (d) => ({ ...d, noNewPrivileges: [true] }),
  },
  "a pid namespace": { without: (d) => ({ ...d, pid: ["host"] }), withIt: (d) => ({ ...d, pid: ["private"] }) },
  "a network namespace": { without: (d) => ({ ...d, net: ["host"] }), withIt: (d) => ({ ...d, net: ["private"] }) },
  "an ipc namespace": { without: (d) => ({ ...d, ipc: ["host"] }), withIt: (d) => ({ ...d, ipc: ["private"] }) },
  "a cgroup namespace": { without: (d) => ({ ...d, cgroupns: ["host"] }), withIt: (d) => ({ ...d, cgroupns: ["private"] }) },
  "a user namespace": { without: (d) => ({ ...d, user: ["host"] }), withIt: (d) => ({ ...d, user: ["private"] }) },
  "masked paths": { without: (d) => ({ ...d, masked: [false] }), withIt: (d) => ({ ...d, masked: [true] }) },
  "read-only paths": {
    without: (d) => ({ ...d, readonlyPaths: [false] }),
    withIt: (d) => ({ ...d, readonlyPaths: [true] }),
  },
  "the device cgroup": { without: (d) => ({ ...d, allDevices: [true] }), withIt: (d) => ({ ...d, allDevices: [false] }) },
  "a read-only cgroup file system": {
    without: (d) => ({ ...d, cgroupWritable: [true] }),
    withIt: (d) => ({ ...d, cgroupWritable: [false] }),
  },
  "a host without cgroup v1": { without: (d) => ({ ...d, cgroupV1: [true] }), withIt: (d) => ({ ...d, cgroupV1: [false] }) },
  "module signatures": { without: (d) => ({ ...d, signed: [false] }), withIt: (d) => ({ ...d, signed: [true] }) },
  "a trusted image": { without: (d) => ({ ...d, trusted: [false] }), withIt: (d) => ({ ...d, trusted: [true] }) },
  "an image without set-uid programs": { without: (d) => ({ ...d, setuid: [true] }), withIt: (d) => ({ ...d, setuid: [false] }) },
  "no operator": { without: (d) => ({ ...d, operator: [["exec", "cp"]] }), withIt: (d) => ({ ...d, operator: [[]] }) },
  "read-only mounts": {
    without: (d) => ({ ...d, mounts: d.mounts.map((m) => ({ ...m, readOnly: [false] })) }),
    withIt: (d) => ({ ...d, mounts: d.mounts.map((m) => ({ ...m, readOnly: [true] })) }),
  },
  "no rights in the cluster": {
    without: (d) => ({ ...d, rights: [["create-workloads", "create-privileged-workloads", "nodes-proxy"]] }),
    withIt: (d) => ({ ...d, rights: [[]] }),
  },
  "no devices": { without: (d) => ({ ...d, devices: deviceNodes }), withIt: (d) => ({ ...d, devices: [] }) },
  "no mounts": {
    without: (d) => ({
      ...d,
      mounts: [...d.mounts, ...sources.filter((s) => d.mounts.every((m) => m.source !== s)).map((source) => ({ source, readOnly: [true] }))],
    }),
    withIt: (d) => ({ ...d, mounts: [] }),
  },
  ...Object.fromEntries(
    capabilityNames.map((name) => [
      `${name} dropped`,
      {
        without: (d: Draft) => ({ ...d, added: d.added.map((set) => [...new Set([...set, name])]) }),
        withIt: (d: Draft) => ({ ...d, added: d.added.map((set) => set.filter((c) => c !== name)) }),
      },
    ]),
  ),
};

describe("one barrier more or less", () => {
  test.each(Object.entries(barriers))("%s: taking it away raises no margin, adding it lowers none", (_, { without, withIt }) => {
    fc.assert(
      fc.property(drafts, (draft) => {
        const now = marginsOf(judged(draft));
        expect(violations(marginsOf(judged(without(draft))), now)).toEqual([]);
        expect(violations(now, marginsOf(judged(withIt(draft))))).toEqual([]);
        if (process.env.ENDS) {
          expect(endViolations(judged(draft), judged(without(draft)))).toEqual([]);
          expect(endViolations(judged(withIt(draft)), judged(draft))).toEqual([]);
        }
      }),
      { numRuns: Number(process.env.RUNS ?? 60) },
    );
  });

  // By itself `rootless` says whose engine it is, and takes away as well as it gives: behind a user namespace that maps root to
  // a subordinate id, root inside is nobody; under a rootless engine it is the engine's user, and reads that user's home.
  // What does hold: a rootless engine with the user namespace that it cannot do without, against root's engine without any.
  test("a rootless engine, whose user namespace is its own: never closer to the host than root's engine without one", () => {
    fc.assert(
      fc.property(drafts, (draft) => {
        const rootful = marginsOf(judged({ ...draft, rootless: [false], user: ["host"] }));
        expect(violations(rootful, marginsOf(judged({ ...draft, rootless: [true], user: ["private"] })))).toEqual([]);
      }),
      { numRuns },
    );
  });

  test.each(["gvisor", "vm", "jailed-vm"] as const)("%s is never closer to root of the host than a shared kernel", (kind) => {
    fc.assert(
      fc.property(drafts, (draft) => {
        const shared = judged({ ...draft, isolation: ["shared"] }).margins["host-root"];
        const apart = judged({ ...draft, isolation: [kind] }).margins["host-root"];
        for (const side of cases) {
          const infinity = Number.POSITIVE_INFINITY;
          expect(apart?.[side] ?? infinity).toBeGreaterThanOrEqual(shared?.[side] ?? infinity);
        }
      }),
      { numRuns },
    );
  });
});

/** Every draft in which one unknown fact has become one of its candidates. */
function settled(draft: Draft): readonly { readonly what: string; readonly draft: Draft }[] {
  const facts = Object.entries(draft).flatMap(([key, values]: readonly [string, readonly unknown[]]) =>
    key === "mounts" || key === "devices" || values.length < 2
      ? []
      : values.map((value) => ({ what: `${key}=${String(value)}`, draft: { ...draft, [key]: [value] } })),
  );
  const mounts = draft.mounts.flatMap((mount, index) =>
    mount.readOnly.length < 2
      ? []
      : mount.readOnly.map((value) => ({
          what: `${mount.source}=${String(value)}`,
          draft: { ...draft, mounts: draft.mounts.with(index, { ...mount, readOnly: [value] }) },
        })),
  );
  return [...facts, ...mounts];
}

describe("unknown facts", () => {
  test("the worst is no better and the best no worse than what any candidate gives", () => {
    fc.assert(
      fc.property(drafts, (draft) => {
        const open = marginsOf(judged(draft));
        for (const candidate of settled(draft)) {
          const closed = marginsOf(judged(candidate.draft));
          const wrong = goals.flatMap((goal) => [
            ...((open[`${goal} worst`] ?? 0) > (closed[`${goal} worst`] ?? 0) ? [`${goal} worst, ${candidate.what}`] : []),
            ...((open[`${goal} best`] ?? 0) < (closed[`${goal} best`] ?? 0) ? [`${goal} best, ${candidate.what}`] : []),
          ]);
          expect(wrong).toEqual([]);
        }
      }),
      { numRuns },
    );
  });

  test("the worst is never above the best", () => {
    fc.assert(
      fc.property(drafts, (draft) => {
        const margins = marginsOf(judged(draft));
        for (const goal of goals) expect(margins[`${goal} worst`]).toBeLessThanOrEqual(margins[`${goal} best`] ?? 0);
      }),
      { numRuns },
    );
  });
});

/** The sets of barriers that open a goal, straight from its paths: nothing of the engine's own combining is used. */
function waysTo(judgement: Judgement, goal: Goal): CutSets {
  return judgement.paths
    .filter((path) => path.confirmed && reaches(path, goal))
    .flatMap((path) => (path.status === "unknown" ? [...path.worst, ...path.best] : path.worst))
    .filter((set) => set.length > 0);
}

describe("cut sets and margins", () => {
  test("cut sets are exactly the minimal sets of failures that open a goal, by brute force", () => {
    let compared = 0;
    fc.assert(
      fc.property(drafts, (draft) => {
        const judgement = judged(draft);
        for (const goal of goals) {
          const sets = (judgement.cutSets[goal] ?? []).filter((set) => set.length > 0);
          const ways = waysTo(judgement, goal);
          const names = [...new Set(ways.flat())].sort();
          if (names.length > 12) continue;
          compared++;
          const bits = ways.map((way) => way.reduce((mask, name) => mask | (1 << names.indexOf(name)), 0));
          const opens = (failed: number): boolean => bits.some((way) => (way & failed) === way);
          const minimal = Array.from({ length: 2 ** names.length }, (_, failed) => failed).filter(
            (failed) => opens(failed) && names.every((_, i) => (failed & (1 << i)) === 0 || !opens(failed & ~(1 << i))),
          );
          const expected = minimal.map((mask) => names.filter((_, i) => (mask & (1 << i)) !== 0).join(" "));
          expect(sets.map((set) => set.join(" ")).sort()).toEqual(expected.sort());
        }
      }),
      { numRuns },
    );
    console.log(compared, numRuns);
    expect(compared).toBeGreaterThan(numRuns / 4);
  });

  test("every cut set is minimal, also where there are too many barriers for brute force", () => {
    fc.assert(
      fc.property(drafts, (draft) => {
        const { cutSets } = judged(draft);
        for (const goal of goals) {
          const sets = (cutSets[goal] ?? []).filter((set) => set.length > 0);
          sets.forEach((set, i) => {
            expect(sets.some((other, j) => i !== j && other.every((barrier) => set.includes(barrier)))).toBe(false);
          });
        }
      }),
      { numRuns },
    );
  });

  test("a margin is the size of the smallest cut set, and the empty one says that it is open", () => {
    fc.assert(
      fc.property(drafts, (draft) => {
        const { cutSets, margins } = judged(draft);
        for (const goal of goals) {
          const sizes = (cutSets[goal] ?? []).map((set) => set.length);
          expect(margins[goal]?.worst).toBe(sizes.length === 0 ? null : Math.min(...sizes));
        }
      }),
      { numRuns },
    );
  });

  test("whoever is root of the host has every other goal: none is farther", () => {
    fc.assert(
      fc.property(drafts, (draft) => {
        const margins = marginsOf(judged(draft));
        for (const goal of goals)
          for (const side of cases)
            expect(margins[`${goal} ${side}`]).toBeLessThanOrEqual(margins[`host-root ${side}`] ?? 0);
      }),
      { numRuns },
    );
  });
});
