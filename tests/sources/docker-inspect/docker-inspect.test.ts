import { describe, expect, test } from "vitest";
import { sourceText } from "../../../src/base/location.ts";
import { parseJson } from "../../../src/base/parse-json.ts";
import { dockerInspect } from "../../../src/sources/docker-inspect/docker-inspect.ts";
import { place } from "../command-line/helpers.ts";

import { read, record, specOf } from "./helpers.ts";

describe("recognition", () => {
  test.each([
    { value: [record()], want: true },
    { value: record(), want: true },
    { value: [{ RootFS: {}, Config: {} }], want: true },
    { value: { SecurityOptions: [], ServerVersion: "28" }, want: true },
    { value: [], want: false },
    { value: { services: {} }, want: false },
    { value: [1, "a", null], want: false },
  ])("%j", ({ value, want }) => {
    const { document } = parseJson(sourceText("x", JSON.stringify(value)));
    expect(document && dockerInspect.recognises({ file: "x", document })).toBe(want);
  });
});

describe("HostConfig", () => {
  const rows: readonly { name: string; host: Record<string, unknown>; want: Record<string, unknown> }[] = [
    {
      name: "flags",
      host: { Privileged: true, ReadonlyRootfs: true },
      want: { privileged: true, readonlyRootfs: true },
    },
    {
      name: "modes",
      host: {
        PidMode: "host",
        IpcMode: "private",
        UTSMode: "host",
        UsernsMode: "host",
        CgroupnsMode: "host",
        NetworkMode: "host",
        Runtime: "runsc",
        CgroupParent: "/p",
      },
      want: {
        pid: "host",
        ipc: "private",
        uts: "host",
        userns: "host",
        cgroupns: "host",
        network: "host",
        runtime: "runsc",
        cgroupParent: "/p",
      },
    },
    { name: "capabilities", host: { CapAdd: ["SYS_ADMIN"], CapDrop: null }, want: { capAdd: ["SYS_ADMIN"] } },
    {
      name: "security options",
      host: {
        SecurityOpt: [
          "apparmor=unconfined",
          "no-new-privileges",
          "label=disable",
          'seccomp={"defaultAction":"SCMP_ACT_ALLOW"}',
        ],
      },
      want: {
        apparmor: { kind: "unconfined" },
        noNewPrivileges: true,
        selinux: { kind: "disabled" },
        seccomp: { kind: "profile", name: "custom", profile: { defaultAction: "SCMP_ACT_ALLOW" } },
      },
    },
    {
      name: "no paths masked",
      host: { MaskedPaths: [], ReadonlyPaths: [] },
      want: { unmasked: true, observedMaskedPaths: [], observedReadonlyPaths: [] },
    },
    {
      name: "masked paths",
      host: { MaskedPaths: ["/proc/kcore"], ReadonlyPaths: ["/proc/sys"] },
      want: { observedMaskedPaths: ["/proc/kcore"], observedReadonlyPaths: ["/proc/sys"] },
    },
    {
      name: "devices",
      host: {
        Devices: [{ PathOnHost: "/dev/sda", PathInContainer: "/dev/x", CgroupPermissions: "r" }],
        DeviceCgroupRules: ["c 1:1 r"],
        DeviceRequests: [{ Driver: "", Count: -1, DeviceIDs: null }],
      },
      want: {
        devices: [{ hostPath: "/dev/sda", containerPath: "/dev/x", access: "r" }],
        deviceCgroupRules: ["c 1:1 r"],
        gpus: "all",
      },
    },
    {
      name: "limits",
      host: {
        Memory: 1024,
        PidsLimit: 10,
        NanoCpus: 1500000000,
        CpuQuota: 0,
        Ulimits: [{ Name: "nofile", Soft: 1, Hard: -1 }],
      },
      want: {
        limits: { memoryBytes: 1024, pids: 10, cpus: 1.5 },
        rlimits: [{ type: "nofile", soft: 1, hard: Infinity }],
      },
    },
    {
      name: "groups and sysctls",
      host: { GroupAdd: ["docker"], Sysctls: { "net.ipv4.ip_forward": "1" } },
      want: { groupAdd: ["docker"], sysctls: [{ name: "net.ipv4.ip_forward", value: "1" }] },
    },
    {
      name: "ports",
      host: { PortBindings: { "80/tcp": [{ HostIp: "", HostPort: "8080" }], "9/udp": null } },
      want: { published: [{ hostIp: "0.0.0.0", hostPort: "8080", containerPort: "80", protocol: "tcp" }] },
    },
    {
      name: "tmpfs",
      host: { Tmpfs: { "/run": "size=1m" } },
      want: { mounts: [{ kind: "tmpfs", target: "/run", options: ["size=1m"] }] },
    },
    {
      name: "binds of a container that has no mount points yet",
      host: { Binds: ["/var/run/docker.sock:/s:ro", "v:/v"] },
      want: {
        mounts: [
          { kind: "bind", source: "/var/run/docker.sock", target: "/s", readOnly: true },
          { kind: "volume", volume: "v", target: "/v" },
        ],
      },
    },
    {
      name: "requested mounts",
      host: {
        Mounts: [
          {
            Type: "bind",
            Source: "/a",
            Target: "/b",
            ReadOnly: true,
            BindOptions: { Propagation: "rshared" },
          },
        ],
      },
      want: { mounts: [{ kind: "bind", source: "/a", target: "/b", readOnly: true, propagation: "shared" }] },
    },
  ];
  test.each(rows)("$name", ({ host, want }) => {
    const result = read([record(host)]);
    expect(result.problems).toEqual([]);
    expect(specOf([record(host)])).toMatchObject(want);
  });

  test("null is the engine's default, an empty list is not", () => {
    const spec = specOf([
      record({ MaskedPaths: null, ReadonlyPaths: null, PidsLimit: null, Memory: 0, PidMode: "" }),
    ]);
    for (const key of ["observedMaskedPaths", "unmasked", "limits", "pid"])
      expect(spec).not.toHaveProperty(key);
  });
});

describe("the rest of the record", () => {
  test("mount points win over the request, and a volume shows where its data is", () => {
    const Mounts = [
      {
        Type: "volume",
        Name: "v",
        Source: "/var/lib/docker/volumes/v/_data",
        Destination: "/v",
        Driver: "local",
        Mode: "z",
        RW: true,
        Propagation: "",
      },
      { Type: "bind", Source: "/etc", Destination: "/e", Mode: "", RW: false, Propagation: "rslave" },
    ];
    expect(specOf([record({ Binds: ["v:/v:z", "/etc:/e:ro"] }, { Mounts })])).toMatchObject({
      mounts: [
        {
          kind: "volume",
          volume: "v",
          source: "/var/lib/docker/volumes/v/_data",
          target: "/v",
          readOnly: false,
          relabel: "shared",
        },
        { kind: "bind", source: "/etc", target: "/e", readOnly: true, propagation: "slave" },
      ],
    });
  });

  test("a volume that binds a host path is that path, whatever the resolved mounts show", () => {
    const Mounts = [
      { Type: "volume", Name: "v", Source: "/var/lib/docker/volumes/v/_data", Destination: "/m", RW: true },
    ];
    const DriverConfig = { Options: { type: "none", o: "bind,ro", device: "/etc" } };
    const host = { Mounts: [{ Type: "volume", Source: "v", Target: "/m", VolumeOptions: { DriverConfig } }] };
    const mounts = [{ kind: "bind", volume: "v", source: "/etc", target: "/m", readOnly: true }];
    expect((specOf([record(host, { Mounts })]) as { mounts: unknown }).mounts).toEqual(mounts);
    expect((specOf([record(host)]) as { mounts: unknown }).mounts).toEqual(mounts);
  });

  test("values are observations, with their place", () => {
    const { subjects } = read([record({ Privileged: true })]);
    const privileged = subjects[0]?.spec?.privileged;
    expect(privileged?.observedFrom).toBe("docker inspect");
    expect(place(privileged?.at)).toBe("9:18");
    expect(subjects[0]).toMatchObject({ name: "web", kind: "docker", image: "nginx" });
  });

  const rows: readonly {
    name: string;
    rest?: Record<string, unknown>;
    config?: Record<string, unknown>;
    want: Record<string, unknown>;
  }[] = [
    { name: "an empty user is root", config: { User: "" }, want: { user: "0" } },
    {
      name: "a user, a terminal, names of the environment",
      config: { User: "1000", Tty: true, Env: ["PATH=/bin", "EMPTY"] },
      want: {
        user: "1000",
        terminal: true,
        environment: [
          { name: "PATH", literal: true },
          { name: "EMPTY", literal: false },
        ],
      },
    },
    {
      name: "a health check is an exec",
      config: { Healthcheck: { Test: ["CMD-SHELL", "x"] } },
      want: { operatorActions: ["exec"] },
    },
    {
      name: "a disabled one is not",
      config: { Healthcheck: { Test: ["NONE"] } },
      want: { operatorActions: [] },
    },
    { name: "an exec that runs", rest: { ExecIDs: ["x"] }, want: { operatorActions: ["exec"] } },
    {
      name: "the applied profile",
      rest: { AppArmorProfile: "docker-default" },
      want: { apparmor: { kind: "named", name: "docker-default" } },
    },
    {
      name: "no profile on a running container: no AppArmor",
      rest: { AppArmorProfile: "", State: { Running: true } },
      want: { daemon: { apparmor: false } },
    },
    {
      name: "the applied label",
      rest: { ProcessLabel: "system_u:system_r:container_t:s0" },
      want: { selinux: { kind: "type", type: "container_t" } },
    },
    {
      name: "networks",
      rest: { NetworkSettings: { Networks: { bridge: {}, shop: {} } } },
      want: { networks: ["shop"] },
    },
  ];
  test.each(rows)("$name", ({ rest, config, want }) => {
    expect(specOf([record({}, rest, config)])).toMatchObject(want);
  });

  test("no label on a container that does not run says nothing", () => {
    const spec = specOf([record({}, { AppArmorProfile: "", ProcessLabel: "", State: { Running: false } })]);
    expect(spec).not.toHaveProperty("daemon");
    expect(spec).not.toHaveProperty("selinux");
  });
});
