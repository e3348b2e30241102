import { describe, expect, test } from "vitest";
import type { ContainerSpec } from "../../../src/sources/spec.ts";
import { place, plain } from "../command-line/helpers.ts";
import { problemsOf, readCompose, service, specOf } from "./helpers.ts";

const bind = (source: string, target: string, more: object = {}): object => ({
  kind: "bind",
  source,
  target,
  ...more,
});

/** The fields of a service, and what each asks of the engine. */
const fields: readonly (readonly [string, string, Partial<Record<keyof ContainerSpec, unknown>>])[] = [
  ["privileged", "privileged: true", { privileged: true }],
  ["privileged, cast from a word", "privileged: yes", { privileged: true }],
  ["privileged, cast from a quoted word", 'privileged: "False"', { privileged: false }],
  ["user", 'user: "1000:1000"', { user: "1000:1000" }],
  ["user as a number", "user: 1000", { user: "1000" }],
  ["groups", "group_add: [docker, 998]", { groupAdd: ["docker", "998"] }],
  [
    "capabilities as they are spelled",
    "cap_add: [sys_admin, ALL]\ncap_drop: [CAP_CHOWN]",
    { capAdd: ["sys_admin", "ALL"], capDrop: ["CAP_CHOWN"] },
  ],
  [
    "security options with =",
    "security_opt: [seccomp=unconfined, apparmor=mine, no-new-privileges=true]",
    { seccomp: { kind: "unconfined" }, apparmor: { kind: "named", name: "mine" }, noNewPrivileges: true },
  ],
  [
    "security options with :",
    "security_opt: ['seccomp:unconfined', 'apparmor:unconfined', 'label:disable', 'no-new-privileges:false']",
    {
      seccomp: { kind: "unconfined" },
      apparmor: { kind: "unconfined" },
      selinux: { kind: "disabled" },
      noNewPrivileges: false,
    },
  ],
  [
    "bare no-new-privileges and label type",
    "security_opt: [no-new-privileges, 'label=type:container_t']",
    { noNewPrivileges: true, selinux: { kind: "type", type: "container_t" } },
  ],
  [
    "unmasked system paths and writable cgroups",
    "security_opt: [systempaths=unconfined, writable-cgroups=true]",
    { unmasked: true, writableCgroups: true },
  ],
  [
    "namespaces",
    "pid: host\nipc: shareable\nuts: host\nuserns_mode: host\ncgroup: private\nnetwork_mode: host",
    { pid: "host", ipc: "shareable", uts: "host", userns: "host", cgroupns: "private", network: "host" },
  ],
  [
    "cgroup parent, runtime, read-only root, terminal",
    "cgroup_parent: /x\nruntime: runsc\nread_only: true\ntty: true",
    { cgroupParent: "/x", runtime: "runsc", readonlyRootfs: true, terminal: true },
  ],
  [
    "devices",
    "devices: [/dev/kvm, '/dev/sda:/dev/xvda:r', {source: /dev/fuse, target: /dev/f, permissions: rw}, 'nvidia.com/gpu=0']",
    {
      devices: [
        { hostPath: "/dev/kvm", containerPath: "/dev/kvm", access: "rwm" },
        { hostPath: "/dev/sda", containerPath: "/dev/xvda", access: "r" },
        { hostPath: "/dev/fuse", containerPath: "/dev/f", access: "rw" },
        { hostPath: "nvidia.com/gpu=0", containerPath: "nvidia.com/gpu=0", access: "rwm" },
      ],
    },
  ],
  [
    "device rules",
    "device_cgroup_rules: ['c 1:3 mr', 'a *:* rwm']",
    { deviceCgroupRules: ["c 1:3 mr", "a *:* rwm"] },
  ],
  ["all GPUs", "gpus: all", { gpus: "all" }],
  [
    "reserved GPUs",
    "deploy: {resources: {reservations: {devices: [{driver: nvidia, device_ids: ['0', '3'], capabilities: [gpu]}]}}}",
    { gpus: "0,3" },
  ],
  [
    "sysctls as a mapping",
    "sysctls: {net.core.somaxconn: 1024}",
    { sysctls: [{ name: "net.core.somaxconn", value: "1024" }] },
  ],
  ["sysctls as a list", "sysctls: [kernel.shmmax=1]", { sysctls: [{ name: "kernel.shmmax", value: "1" }] }],
  [
    "limits",
    "mem_limit: 512m\npids_limit: 100\ncpus: 0.5",
    { limits: { memoryBytes: 536_870_912, pids: 100, cpus: 0.5 } },
  ],
  [
    "limits of deploy win",
    "mem_limit: 512m\ndeploy: {resources: {limits: {memory: 1g, pids: 5, cpus: '2'}}}",
    { limits: { memoryBytes: 1_073_741_824, pids: 5, cpus: 2 } },
  ],
  ["limits lifted", "pids_limit: -1\nmem_limit: 0", { limits: { pids: -1 } }],
  [
    "ulimits",
    "ulimits: {nproc: 5, nofile: {soft: 1, hard: -1}}",
    {
      rlimits: [
        { type: "nproc", soft: 5, hard: 5 },
        { type: "nofile", soft: 1, hard: Infinity },
      ],
    },
  ],
  [
    "ports",
    "ports: ['127.0.0.1:8080:80', 53/udp, {target: 443, published: '8443'}]",
    {
      published: [
        { hostIp: "127.0.0.1", hostPort: "8080", containerPort: "80", protocol: "tcp" },
        { hostIp: "0.0.0.0", hostPort: "", containerPort: "53", protocol: "udp" },
        { hostIp: "0.0.0.0", hostPort: "8443", containerPort: "443", protocol: "tcp" },
      ],
    },
  ],
  [
    "environment, names only",
    "environment: {A: 1, B: , C: ''}",
    {
      environment: [
        { name: "A", literal: true },
        { name: "B", literal: false },
        { name: "C", literal: false },
      ],
    },
  ],
  [
    "environment as a list; a default stands in the file",
    "environment: [A=1, B, 'C=${X:-1}']",
    {
      environment: [
        { name: "A", literal: true },
        { name: "B", literal: false },
        { name: "C", literal: true },
      ],
    },
  ],
  ["a health check is an exec", "healthcheck: {test: curl -f localhost}", { operatorActions: ["exec"] }],
  [
    "a disabled health check is none",
    "healthcheck: {test: [CMD, x], disable: true}",
    { operatorActions: [] },
  ],
  ["health check NONE", "healthcheck: {test: [NONE]}", { operatorActions: [] }],
  [
    "hooks are execs, watching copies",
    "post_start: [{command: a}]\npre_stop: [{command: b}]\ndevelop: {watch: [{path: ., action: sync, target: /x}]}",
    { operatorActions: ["exec", "exec", "cp"] },
  ],
  [
    "the engine's socket by use_api_socket",
    "use_api_socket: true",
    {
      mounts: [bind("/var/run/docker.sock", "/var/run/docker.sock")],
      secrets: ["docker registry credentials"],
    },
  ],
];

describe("fields of a service", () => {
  test.each(fields)("%s", (_, text, want) => {
    const result = readCompose(service(text));
    expect(plain(specOf(result))).toMatchObject(want);
    expect(problemsOf(result)).toEqual([]);
  });
});

const mounts: readonly (readonly [string, string, object])[] = [
  [
    "a relative path is taken from the project's folder",
    "- ./data:/data:ro",
    bind("/srv/shop/data", "/data", { readOnly: true, options: ["ro"] }),
  ],
  ["steps upwards are resolved", "- ../../etc:/e", bind("/etc", "/e")],
  [
    "an absolute path is normalised",
    "- /var//run/../run/docker.sock:/s/",
    bind("/var/run/docker.sock", "/s"),
  ],
  ["the home of whoever runs Compose", "- ~/.ssh:/k", bind("/home/me/.ssh", "/k")],
  [
    "propagation and relabelling",
    "- /mnt:/m:rw,z,rshared",
    bind("/mnt", "/m", { readOnly: false, relabel: "shared", propagation: "shared" }),
  ],
  ["a named volume", "- data:/d", { kind: "volume", volume: "data", target: "/d" }],
  ["an anonymous volume", "- /cache", { kind: "volume", target: "/cache" }],
  ["a volume that is a bind by its driver's options", "- host:/h", bind("/srv/host", "/h")],
  [
    "a bind by driver options, read-only by them",
    "- hostro:/h:rw",
    bind("/srv/shop/x", "/h", { readOnly: true }),
  ],
  ["an external volume under its name", "- ext:/h", { kind: "volume", volume: "other", target: "/h" }],
  [
    "long bind",
    "- {type: bind, source: ./x, target: /x, read_only: true, bind: {propagation: rslave, selinux: Z}}",
    bind("/srv/shop/x", "/x", { readOnly: true, propagation: "slave", relabel: "private" }),
  ],
  [
    "long volume with a sub-path",
    "- {type: volume, source: data, target: /x, volume: {subpath: a}}",
    { kind: "volume", volume: "data", subPath: "a" },
  ],
  ["long tmpfs", "- {type: tmpfs, target: /t}", { kind: "tmpfs", fsType: "tmpfs", target: "/t" }],
  ["long image", "- {type: image, source: i, target: /t}", { kind: "other", fsType: "image", target: "/t" }],
  ["the last of two for one target", "- /etc:/x\n  - ./a:/x/", bind("/srv/shop/a", "/x")],
  ["a path in a variable", "- ${ROOT:-/}:/host", bind("/", "/host")],
];
const declared = `volumes:
  data:
  ext: {external: true, name: other}
  host: {driver: local, driver_opts: {type: none, o: bind, device: /srv/host}}
  hostro: {driver_opts: {type: none, o: "bind,ro", device: ./x}}
`;

describe("volumes", () => {
  test.each(mounts)("%s", (_, text, want) => {
    const result = readCompose(`${service(`volumes:\n  ${text}`)}${declared}`, {
      environment: { HOME: "/home/me" },
    });
    const found = plain(specOf(result).mounts);
    expect(found).toHaveLength(1);
    expect(found).toMatchObject([want]);
    expect(problemsOf(result)).toEqual([]);
  });

  test("tmpfs, and files of secrets and configs, are mounts too", () => {
    const result = readCompose(
      `${service("tmpfs: ['/run:size=1m,ro']\nsecrets: [token, {source: key, target: /etc/key}, plain]\nconfigs: [conf]")}secrets:\n  token: {file: ./token.txt}\n  key: {file: /etc/ssl/key}\n  plain: {environment: P}\nconfigs:\n  conf: {file: /etc/conf}\n`,
    );
    expect(plain(specOf(result).mounts)).toMatchObject([
      { kind: "tmpfs", target: "/run", readOnly: true },
      bind("/srv/shop/token.txt", "/run/secrets/token", { readOnly: true }),
      bind("/etc/ssl/key", "/etc/key", { readOnly: true }),
      bind("/etc/conf", "/conf", { readOnly: true }),
    ]);
    expect(plain(specOf(result).secrets)).toEqual(["token", "key", "plain"]);
  });

  test("without a known folder a relative path is no path that a host has", () => {
    const result = readCompose(service("volumes: ['./d:/d', '../../etc:/e']"), { projectDirectory: null });
    expect(specOf(result).mounts.map((mount) => mount.source?.value)).toEqual([
      "/$PWD/d",
      "/$PWD/(parent)/(parent)/etc",
    ]);
  });

  test("volumes_from hands on binds and volumes, read-only where it says so; own ones win", () => {
    const result = readCompose(`services:
  a: {image: i, volumes_from: ["b:ro", "container:other"], volumes: ["./own:/x"]}
  b: {image: i, volumes: ["/etc:/e", "/b:/x"], tmpfs: /t, volumes_from: [c]}
  c: {image: i, volumes: ["/c:/c"]}
`);
    expect(plain(specOf(result, "a").mounts)).toMatchObject([
      bind("/c", "/c", { readOnly: true }),
      bind("/etc", "/e", { readOnly: true }),
      bind("/srv/shop/own", "/x"),
    ]);
    expect(specOf(result, "a").siblings).toEqual([
      { name: "other", through: "volume", detail: "the volumes of other" },
    ]);
  });
});

test("values stand where they were written", () => {
  const spec = specOf(
    readCompose(
      service(
        "cap_add:\n  - A\n  - SYS_ADMIN\nvolumes:\n  - type: bind\n    source: /etc\n    target: /e\nprivileged: true",
      ),
    ),
  );
  expect(spec.capAdd?.map(({ at }) => place(at))).toEqual(["5:9", "6:9"]);
  expect(spec.mounts.map((mount) => place(mount.source?.at))).toEqual(["9:17"]);
  expect(place(spec.privileged?.at)).toBe("11:17");
  expect(place(spec.image?.at)).toBe("3:12");
});

describe("security profiles", () => {
  test("a seccomp profile is read from the project's folder", () => {
    const result = readCompose(service("security_opt: ['seccomp:./p.json']"), {
      files: { "./p.json": '{"defaultAction":"SCMP_ACT_ALLOW"}' },
    });
    expect(specOf(result).seccomp?.value).toEqual({
      kind: "profile",
      name: "./p.json",
      profile: { defaultAction: "SCMP_ACT_ALLOW" },
    });
  });

  test("one that cannot be read is a profile whose contents are not known", () => {
    const result = readCompose(service("security_opt: ['seccomp=nope.json']"));
    expect(specOf(result).seccomp?.value).toEqual({ kind: "profile", name: "nope.json", profile: undefined });
    expect(problemsOf(result)).toEqual([
      'compose.yaml:4:20: services.web.security_opt[0]: expected a readable seccomp profile, found "nope.json"',
    ]);
  });
});

describe("networks", () => {
  const networks = "networks: {in: {internal: true}, out: , h: {external: true, name: host}}\n";
  test.each([
    ["on internal networks only, nothing leaves", "networks: [in]", { networks: ["in"], egress: "none" }],
    [
      "one open network is enough",
      "networks: {in: {aliases: [x]}, out: }",
      { networks: ["in", "out"], egress: undefined },
    ],
    [
      "the engine's host network by its name is host mode",
      "networks: [h]",
      { network: "host", egress: undefined },
    ],
    ["no network", "network_mode: none", { network: "none" }],
    ["another container's", "network_mode: 'container:x'", { network: "container:x" }],
  ])("%s", (_, text, want) => {
    const result = readCompose(service(text) + networks);
    expect({ egress: undefined, ...(plain(specOf(result)) as object) }).toMatchObject(want);
  });

  test("an internal default network", () => {
    expect(
      specOf(readCompose(`${service("user: '1'")}networks: {default: {internal: true}}`)).egress?.value,
    ).toBe("none");
  });
});

describe("what services share", () => {
  const text = `services:
  a: {image: i, pid: "service:b", volumes: ["vol:/v"]}
  b: {image: i, pid: host, network_mode: "service:c"}
  c: {image: i, volumes: ["vol:/w"], container_name: cc}
  d: {image: i, ipc: "container:cc", network_mode: "service:gone"}
volumes: {vol: }
`;
  const result = readCompose(text);

  test("is seen from both sides", () => {
    expect(specOf(result, "a").siblings).toEqual([
      { name: "b", through: "pid-namespace", detail: "service:b" },
      { name: "c", through: "volume", detail: "vol" },
    ]);
    expect(specOf(result, "c").siblings).toEqual([
      { name: "b", through: "network-namespace", detail: "service:c" },
      { name: "d", through: "ipc-namespace", detail: "container:cc" },
      { name: "a", through: "volume", detail: "vol" },
    ]);
  });

  test("a namespace taken from a service that has the host's is the host's", () => {
    expect(specOf(result, "a").pid?.value).toBe("host");
    expect(specOf(result, "b").network?.value).toBe("service:c");
  });

  test("a service that is not there is a warning", () => {
    expect(problemsOf(result)).toEqual([
      'warning compose.yaml:5:52: services.d.network_mode: expected a service of this project, found "gone"',
    ]);
  });
});
