import { describe, expect, test } from "vitest";
import { sourceText } from "../../../src/base/location.ts";
import { parseJson } from "../../../src/base/parse-json.ts";
import type { Fact } from "../../../src/boundary/fact.ts";
import { observed, valueOf } from "../../../src/boundary/fact.ts";
import { oci } from "../../../src/sources/oci/oci.ts";
import { bundle, bundleOn, hostWith } from "./helpers.ts";

const kinds = ["pid", "network", "ipc", "uts", "mount", "user", "cgroup"].map((type) => ({ type }));
const caps = (...names: string[]): Record<string, string[]> => ({
  bounding: names,
  effective: names,
  permitted: names,
});

function recognised(text: string): boolean {
  const { document } = parseJson(sourceText("x", text));
  return document !== null && oci.recognises({ file: "x", document });
}

describe("recognition", () => {
  test.each([
    { text: '{"ociVersion":"1.0.2","process":{}}', want: true },
    { text: '{"ociVersion":"1.0.2","root":{"path":"rootfs"}}', want: true },
    { text: '{"ociVersion":"1.0.2","id":"x","status":"running","pid":1}', want: false },
    { text: '{"imageLayoutVersion":"1.0.0"}', want: false },
    { text: "[]", want: false },
  ])("$text → $want", ({ text, want }) => {
    expect(recognised(text)).toBe(want);
  });
});

describe("namespaces", () => {
  test("a kind that is not listed is the host's, a listed one private, one with a path shared", () => {
    const namespaces = [
      { type: "pid" },
      { type: "network", path: "/var/run/netns/x" },
      { type: "ipc", path: "/proc/1/ns/ipc" },
    ];
    const { boundary, problems } = bundle({ linux: { namespaces } });
    expect(problems).toEqual([]);
    expect(valueOf(boundary.namespaces.pid)).toEqual({ kind: "private" });
    expect(valueOf(boundary.namespaces.net)).toEqual({ kind: "shared", with: "/var/run/netns/x" });
    expect(valueOf(boundary.namespaces.ipc)).toEqual({ kind: "host" });
    expect(valueOf(boundary.namespaces.uts)).toEqual({ kind: "host" });
    expect(boundary.siblings.map(({ through }) => through)).toEqual(["network-namespace"]);
    expect(valueOf(boundary.network.mode)).toBe("custom");
    expect(boundary.network.egress.known).toBe(false);
  });

  test("a mapping is kept, and without a user namespace nothing can be rootless", () => {
    const uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }];
    const mapped = bundle({ linux: { namespaces: kinds, uidMappings } }).boundary;
    expect(valueOf(mapped.namespaces.uidMap)).toEqual([{ containerId: 0, hostId: 100000, size: 65536 }]);
    expect(mapped.rootless.known).toBe(false);
    expect(valueOf(bundle({ linux: { namespaces: [] } }).boundary.rootless)).toBe(false);
  });

  test("a new network namespace has loopback only, unless a hook may change that", () => {
    expect(valueOf(bundle({ linux: { namespaces: kinds } }).boundary.network.mode)).toBe("none");
    const hooked = bundle({
      linux: { namespaces: kinds },
      hooks: { createRuntime: [{ path: "/bin/x" }] },
    }).boundary;
    expect(hooked.network.mode).toMatchObject({ known: false, candidates: ["none", "bridge"] });
    expect(valueOf(hooked.operatorActions)).toEqual([]);
  });
});

describe("the process", () => {
  const sets = (fields: Record<string, unknown>): Record<string, readonly string[] | undefined> => {
    const { capabilities } = bundle({ process: fields }).boundary.process;
    return Object.fromEntries(
      Object.entries(capabilities).map(([name, fact]) => [name, valueOf(fact as Fact<readonly string[]>)]),
    );
  };

  test("root has after its first exec what the bounding set holds", () => {
    expect(sets({ capabilities: caps("CAP_CHOWN", "CAP_KILL") })).toMatchObject({
      bounding: ["CAP_CHOWN", "CAP_KILL"],
      effective: ["CAP_CHOWN", "CAP_KILL"],
      ambient: [],
    });
    expect(sets({ capabilities: { bounding: ["CAP_KILL"] } })).toMatchObject({ effective: ["CAP_KILL"] });
    expect(sets({ noNewPrivileges: true, capabilities: { bounding: ["CAP_KILL"] } })).toMatchObject({
      bounding: ["CAP_KILL"],
      effective: [],
    });
  });

  test("another user keeps only ambient capabilities", () => {
    const user = { uid: 1000, gid: 1000 };
    expect(sets({ user, capabilities: caps("CAP_KILL") })).toMatchObject({
      bounding: ["CAP_KILL"],
      effective: [],
    });
    const capabilities = {
      ...caps("CAP_KILL"),
      inheritable: ["CAP_KILL"],
      ambient: ["CAP_KILL", "CAP_CHOWN"],
    };
    expect(sets({ user, capabilities })).toMatchObject({ effective: ["CAP_KILL"], ambient: ["CAP_KILL"] });
  });

  test("without capabilities it depends on the runtime's version: all of its own, or none", () => {
    const { effective } = bundle({ process: {} }).boundary.process.capabilities;
    expect(effective).toMatchObject({ known: false, fact: "process.capabilities" });
    expect(effective.known ? [] : effective.candidates?.map((names) => names.length)).toEqual([41, 0]);
    expect(
      valueOf(bundle({ process: { user: { uid: 1 } } }).boundary.process.capabilities.effective),
    ).toEqual([]);
  });

  test("the filter is looked up with the process's capabilities and the host's architecture", () => {
    const fields = {
      process: { capabilities: caps("CAP_KILL") },
      linux: { seccomp: { defaultAction: "SCMP_ACT_ERRNO" } },
    };
    expect(valueOf(bundle(fields).boundary.process.seccomp)).toEqual({
      kind: "filter",
      name: "linux.seccomp",
      filter: "linux.seccomp/CAP_KILL/x86_64",
    });
    expect(valueOf(bundle({}).boundary.process.seccomp)).toEqual({ kind: "unconfined" });
  });

  test("profiles and labels hold where the host has their module", () => {
    const fields = {
      process: { apparmorProfile: "docker-default", selinuxLabel: "system_u:system_r:container_t:s0:c1,c2" },
    };
    const unsaid = bundle(fields).boundary.process;
    expect(unsaid.apparmor).toMatchObject({
      known: false,
      candidates: [{ kind: "profile", name: "docker-default" }, { kind: "absent" }],
    });
    expect(unsaid.selinux).toMatchObject({
      known: false,
      candidates: [{ kind: "type", type: "container_t" }, { kind: "absent" }],
    });
    const said = bundleOn(
      hostWith({ apparmor: observed(true, "t"), selinux: observed("permissive", "t") }),
      fields,
    ).boundary.process;
    expect(valueOf(said.apparmor)).toEqual({ kind: "profile", name: "docker-default" });
    expect(valueOf(said.selinux)).toEqual({ kind: "unconfined" });
    expect(valueOf(bundle({}).boundary.process.apparmor)).toEqual({ kind: "unconfined" });
    expect(valueOf(bundle({ process: { selinuxLabel: "u:r:spc_t:s0" } }).boundary.process.selinux)).toEqual({
      kind: "unconfined",
    });
  });

  test("user, groups, limits, terminal, credentials", () => {
    const process = {
      terminal: true,
      noNewPrivileges: true,
      user: { uid: 5, gid: 6, additionalGids: [7] },
      rlimits: [{ type: "RLIMIT_NOFILE", soft: 1, hard: 2 }],
      env: ["PATH=/bin", "DB_PASSWORD=hunter2", "API_TOKEN"],
    };
    const { boundary, problems } = bundle({ process });
    expect(problems).toEqual([]);
    expect(boundary.process.rlimits).toEqual([{ type: "nofile", soft: 1, hard: 2 }]);
    expect(boundary.credentials.environment.map((fact) => valueOf(fact))).toEqual([
      "DB_PASSWORD",
      "API_TOKEN",
    ]);
    const { uid, gid, groups, noNewPrivileges, terminal } = boundary.process;
    expect([uid, gid, groups, noNewPrivileges, terminal].map((fact) => valueOf<unknown>(fact))).toEqual([
      5,
      6,
      [7],
      true,
      true,
    ]);
    expect(JSON.stringify(boundary)).not.toContain('"hunter2"');
  });
});

describe("mounts and paths", () => {
  const rows: readonly { mount: Record<string, unknown>; want: Record<string, unknown> }[] = [
    {
      mount: { destination: "/d/", type: "bind", source: "/etc/../var/", options: ["ro"] },
      want: { kind: "bind", target: "/d", source: "/var", readOnly: true, propagation: "slave" },
    },
    {
      mount: { destination: "/d", type: "none", source: "/a", options: ["rbind", "rshared", "ro", "rw"] },
      want: { kind: "bind", source: "/a", readOnly: false, propagation: "shared" },
    },
    {
      mount: { destination: "/proc", type: "proc", source: "proc", options: ["nosuid", "nodev"] },
      want: { kind: "proc", source: undefined, fsType: "proc", nosuid: true, nodev: true },
    },
    {
      mount: { destination: "/sys/fs/cgroup", type: "cgroup2", source: "cgroup", options: ["ro"] },
      want: { kind: "cgroup", readOnly: true },
    },
    {
      mount: { destination: "/x", type: "devpts", options: ["nodev", "dev"] },
      want: { kind: "other", fsType: "devpts", nodev: false },
    },
    { mount: { destination: "x", type: "constructor" }, want: { kind: "other", target: "/x" } },
    { mount: { destination: "/d", type: "bind", source: "data" }, want: { kind: "bind", source: "data" } },
  ];
  test.each(rows)("$mount.type at $mount.destination", ({ mount, want }) => {
    const [read] = bundle({ mounts: [mount] }).boundary.mounts;
    const flat = {
      ...read,
      source: read?.source ? valueOf(read.source) : undefined,
      readOnly: read && valueOf(read.readOnly),
      propagation: read && valueOf(read.propagation),
    };
    expect(flat).toMatchObject(want);
  });

  test("rootfsPropagation, masked and read-only paths, a root that is the host's", () => {
    const linux = { rootfsPropagation: "rshared", maskedPaths: ["/proc/kcore"], readonlyPaths: [] };
    const { boundary } = bundle({
      root: { path: "/", readonly: true },
      linux,
      mounts: [{ destination: "/a", type: "bind", source: "/a" }],
    });
    expect(boundary.mounts.map(({ target, source }) => [target, source && valueOf(source)])).toEqual([
      ["/", "/"],
      ["/a", "/a"],
    ]);
    expect(boundary.mounts.map(({ propagation }) => valueOf(propagation))).toEqual(["shared", "shared"]);
    expect(
      [boundary.maskedPaths, boundary.readonlyPaths, boundary.readonlyRootfs].map((fact) =>
        valueOf<unknown>(fact),
      ),
    ).toEqual([["/proc/kcore"], [], true]);
    expect(valueOf(bundle({}).boundary.maskedPaths)).toEqual([]);
  });

  test("a writable cgroup file system is one that is mounted without ro", () => {
    const writable = (options: string[]): boolean | undefined =>
      valueOf(
        bundle({ mounts: [{ destination: "/sys/fs/cgroup", type: "cgroup", options }] }).boundary.cgroup
          .writable,
      );
    expect([writable(["ro"]), writable(["rw"]), writable([])]).toEqual([false, true, true]);
    expect(valueOf(bundle({}).boundary.cgroup.writable)).toBe(false);
  });
});

describe("devices", () => {
  const deny = { allow: false, access: "rwm" };
  const rows: readonly { name: string; rules: unknown[] | undefined; want: unknown }[] = [
    {
      name: "no list leaves the runtime's own devices",
      rules: undefined,
      want: { kind: "default", extra: [] },
    },
    {
      name: "deny all, then harmless ones",
      rules: [
        deny,
        { allow: true, type: "c", major: 1, minor: 3, access: "rwm" },
        { allow: true, type: "c", access: "m" },
      ],
      want: { kind: "default", extra: [] },
    },
    {
      name: "a disk",
      rules: [deny, { allow: true, type: "b", major: 8, minor: 0, access: "rw" }],
      want: { kind: "default", extra: [{ type: "b", major: 8, minor: 0, access: "rw" }] },
    },
    {
      name: "everything",
      rules: [deny, { allow: true, type: "a", major: -1, minor: -1, access: "rwm" }],
      want: { kind: "all" },
    },
    {
      name: "a later denial of everything",
      rules: [{ allow: true, access: "rwm" }, deny],
      want: { kind: "default", extra: [] },
    },
    {
      name: "a later denial of one",
      rules: [
        deny,
        { allow: true, type: "b", major: 8, minor: 0, access: "rw" },
        { allow: false, type: "b", major: 8, access: "w" },
      ],
      want: { kind: "default", extra: [{ type: "b", major: 8, minor: 0, access: "r" }] },
    },
  ];
  test.each(rows)("$name", ({ rules, want }) => {
    expect(
      valueOf(bundle({ linux: { resources: rules ? { devices: rules } : {} } }).boundary.deviceRules),
    ).toEqual(want);
  });

  test("a node counts where a rule lets it be opened", () => {
    const devices = [
      { path: "/dev/x", type: "b", major: 8, minor: 0 },
      { path: "/dev/kvm", type: "c", major: 10, minor: 232 },
      { path: "/dev/null", type: "c", major: 1, minor: 3 },
    ];
    const allow = { allow: true, type: "b", major: 8, minor: 0, access: "r" };
    const read = bundle({ linux: { devices, resources: { devices: [deny, allow] } } }).boundary.devices;
    expect(
      read.map(({ hostPath, containerPath, access, type }) => [
        valueOf(hostPath),
        containerPath,
        access,
        type,
      ]),
    ).toEqual([["/dev/sda", "/dev/x", "r", "block"]]);
  });
});

describe("what the bundle is for", () => {
  test("the runtime is not named; isolation is a shared kernel unless something else is written", () => {
    expect(bundle({}).boundary.runtime.known).toBe(false);
    expect(valueOf(bundle({}).boundary.isolation)).toEqual({ kind: "shared-kernel" });
    expect(bundle({ vm: { hypervisor: { path: "/usr/bin/qemu" } } }).boundary.isolation).toMatchObject({
      known: false,
      candidates: [{ kind: "hypervisor", vmm: "qemu" }, { kind: "shared-kernel" }],
    });
    expect(bundle({ windows: {} }).boundary.isolation.known).toBe(false);
    expect(bundle({ annotations: { "dev.gvisor.spec.mount": "x" } }).boundary.isolation.known).toBe(false);
  });

  test("names: annotations, the host name, the folder", () => {
    const annotations = {
      "io.kubernetes.cri.container-name": "web",
      "io.kubernetes.cri.image-name": "nginx:1",
    };
    expect(bundle({ annotations, hostname: "h" }).result.subjects[0]).toMatchObject({
      name: "web",
      kind: "oci",
      image: "nginx:1",
    });
    expect(valueOf(bundle({ annotations }).boundary.engine)).toBe("containerd");
    expect(bundle({ hostname: "h" }).result.subjects[0]?.name).toBe("h");
    expect(bundle({}).result.subjects[0]?.name).toBe("bundle");
  });

  test("limits", () => {
    const resources = { memory: { limit: 1024 }, pids: { limit: 0 }, cpu: { quota: 50000, period: 100000 } };
    const { limits } = bundle({ linux: { resources } }).boundary.cgroup;
    expect([limits.memoryBytes, limits.pids, limits.cpus].map((fact) => valueOf(fact))).toEqual([
      1024,
      null,
      0.5,
    ]);
  });

  test("a service-account token leaves the rights open", () => {
    const { credentials } = bundle({
      mounts: [{ destination: "/var/run/secrets/kubernetes.io/serviceaccount", type: "bind", source: "/x" }],
    }).boundary;
    expect([valueOf(credentials.serviceAccountToken), credentials.rights.known]).toEqual([true, false]);
  });
});
