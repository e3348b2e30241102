import { describe, expect, test } from "vitest";
import { readArguments } from "../../../src/sources/command-line/command-line.ts";
import { argumentsOf, contextWith, plain, problemsOf } from "./helpers.ts";

interface Row {
  readonly line: string;
  readonly want: Record<string, unknown>;
  readonly files?: Record<string, string>;
}

const profile = '{"defaultAction":"SCMP_ACT_ALLOW"}';

const rows: readonly Row[] = [
  { line: "docker run alpine", want: { engine: "docker", image: "alpine", mounts: [] } },
  { line: "docker container create alpine sh -c privileged", want: { image: "alpine", mounts: [] } },
  { line: "docker -H tcp://h:1 --context y -D run --privileged alpine", want: { privileged: true } },
  { line: "sudo -E docker run --privileged=false alpine --privileged", want: { privileged: false } },
  {
    line: "docker run -it -eFOO=bar -u1000:1000 alpine",
    want: { terminal: true, user: "1000:1000", environment: [{ name: "FOO", literal: true }] },
  },
  {
    line: "docker run -itv /a:/b alpine",
    want: { terminal: true, mounts: [{ kind: "bind", source: "/a", target: "/b", readOnly: undefined }] },
  },
  {
    line: "docker run -v=/a:/b -u=0 alpine",
    want: { user: "0", mounts: [{ kind: "bind", source: "/a", target: "/b" }] },
  },
  { line: "docker run --rm -- alpine", want: { image: "alpine" } },
  {
    line: "docker run --cap-add SYS_ADMIN --cap-add=net_raw --cap-drop ALL alpine",
    want: { capAdd: ["SYS_ADMIN", "net_raw"], capDrop: ["ALL"] },
  },
  {
    line: "podman run --cap-add SYS_ADMIN,NET_RAW alpine",
    want: { engine: "podman", capAdd: ["SYS_ADMIN", "NET_RAW"] },
  },
  {
    line: "docker run --security-opt seccomp=unconfined --security-opt apparmor:unconfined alpine",
    want: { seccomp: { kind: "unconfined" }, apparmor: { kind: "unconfined" } },
  },
  {
    line: "docker run --security-opt seccomp=p.json alpine",
    files: { "p.json": profile },
    want: { seccomp: { kind: "profile", name: "p.json", profile: { defaultAction: "SCMP_ACT_ALLOW" } } },
  },
  { line: "docker run --security-opt seccomp=builtin alpine", want: { seccomp: { kind: "default" } } },
  { line: "docker run --security-opt no-new-privileges alpine", want: { noNewPrivileges: true } },
  { line: "docker run --security-opt no-new-privileges:false alpine", want: { noNewPrivileges: false } },
  { line: "docker run --security-opt label:disable alpine", want: { selinux: { kind: "disabled" } } },
  {
    line: "docker run --security-opt label=type:spc_t alpine",
    want: { selinux: { kind: "type", type: "spc_t" } },
  },
  { line: "docker run --security-opt systempaths=unconfined alpine", want: { unmasked: true } },
  { line: "docker run --security-opt writable-cgroups=true alpine", want: { writableCgroups: true } },
  {
    line: "podman run --security-opt unmask=/proc/acpi:/sys/firmware --security-opt mask=/x alpine",
    want: { unmaskPaths: ["/proc/acpi", "/sys/firmware"], maskPaths: ["/x"] },
  },
  {
    line: "nerdctl run --privileged --security-opt privileged-without-host-devices alpine",
    want: { engine: "nerdctl", privileged: true, privilegedWithoutHostDevices: true },
  },
  {
    line: "docker run --pid host --ipc=host --uts host --userns host --cgroupns host --net host alpine",
    want: { pid: "host", ipc: "host", uts: "host", userns: "host", cgroupns: "host", network: "host" },
  },
  {
    line: "docker run --network a --network name=b,alias=c alpine",
    want: { network: "a", networks: ["a", "b"] },
  },
  {
    line: "podman run --network pasta:--map-gw --userns keep-id --group-add keep-groups alpine",
    want: { network: "pasta:--map-gw", userns: "keep-id", groupAdd: ["keep-groups"] },
  },
  {
    line: "podman run --uidmap 0:100000:65536 alpine",
    want: { userns: "private", uidMap: [{ containerId: 0, hostId: 100000, size: 65536 }] },
  },
  {
    line: "podman run --pod web --network host alpine",
    want: {
      network: "host",
      ipc: "container:web-infra",
      siblings: [{ name: "web", through: "network-namespace", detail: "the pod web" }],
    },
  },
  { line: "podman --runtime runsc run alpine", want: { runtime: "runsc" } },
  { line: "podman run --runtime crun alpine", want: { runtime: "crun" } },
  { line: "podman run --systemd=always alpine", want: { writableCgroups: true } },
  { line: "podman run fedora /sbin/init", want: { writableCgroups: true } },
  { line: "sudo podman run alpine", want: { rootless: false } },
  { line: "docker -H unix:///run/user/1000/docker.sock run alpine", want: { rootless: true } },
  {
    line: "docker run --device /dev/kvm --device /dev/sda:/dev/x:r --device /dev/fuse:rw alpine",
    want: {
      devices: [
        { hostPath: "/dev/kvm", containerPath: "/dev/kvm", access: "rwm" },
        { hostPath: "/dev/sda", containerPath: "/dev/x", access: "r" },
        { hostPath: "/dev/fuse", containerPath: "/dev/fuse", access: "rw" },
      ],
    },
  },
  { line: "docker run --device nvidia.com/gpu=all alpine", want: { gpus: "nvidia.com/gpu=all" } },
  {
    line: "docker run --gpus all --sysctl net.ipv4.ip_forward=1 --ulimit nofile=1024:-1 alpine",
    want: {
      gpus: "all",
      sysctls: [{ name: "net.ipv4.ip_forward", value: "1" }],
      rlimits: [{ type: "nofile", soft: 1024, hard: Infinity }],
    },
  },
  {
    line: "docker run -m 512m --pids-limit=-1 --cpus 1.5 alpine",
    want: { limits: { memoryBytes: 536870912, pids: -1, cpus: 1.5 } },
  },
  {
    line: "docker run --read-only --runtime=runsc --cgroup-parent /x alpine",
    want: { readonlyRootfs: true, runtime: "runsc", cgroupParent: "/x" },
  },
  {
    line: "docker run -p 80:8080 -p 127.0.0.1:53:53/udp -p [::1]:1:2 -p 9000 alpine",
    want: {
      published: [
        { hostIp: "0.0.0.0", hostPort: "80", containerPort: "8080", protocol: "tcp" },
        { hostIp: "127.0.0.1", hostPort: "53", containerPort: "53", protocol: "udp" },
        { hostIp: "::1", hostPort: "1", containerPort: "2", protocol: "tcp" },
        { hostIp: "0.0.0.0", hostPort: "", containerPort: "9000", protocol: "tcp" },
      ],
    },
  },
  { line: "docker run --health-cmd x alpine", want: { operatorActions: ["exec"] } },
  { line: "docker run --no-healthcheck alpine", want: { operatorActions: [] } },
  {
    line: "docker run --env-file f alpine",
    files: { f: "# c\nTOKEN=x\nHOME\n" },
    want: {
      environment: [
        { name: "TOKEN", literal: true },
        { name: "HOME", literal: false },
      ],
    },
  },
  {
    line: "podman run --secret db,type=mount --secret k,type=env,target=KEY alpine",
    want: { secrets: ["db"], environment: [{ name: "KEY", literal: false }] },
  },
  {
    line: "docker run --use-api-socket alpine",
    want: { mounts: [{ kind: "bind", source: "/var/run/docker.sock", target: "/var/run/docker.sock" }] },
  },
];

describe("readArguments", () => {
  test.each(rows)("$line", ({ line, want, files }) => {
    const result = argumentsOf(line, files);
    expect(problemsOf(result)).toEqual([]);
    expect(result.subjects).toHaveLength(1);
    expect(plain(result.subjects[0]?.spec)).toMatchObject(plain(want) as object);
  });

  const mounts: readonly { line: string; want: Record<string, unknown> }[] = [
    { line: "docker run -v data:/d x", want: { kind: "volume", volume: "data", target: "/d" } },
    { line: "docker run -v /d x", want: { kind: "volume", target: "/d" } },
    {
      line: "docker run -v ./a:/d:ro,rshared,Z x",
      want: {
        kind: "bind",
        source: "./a",
        target: "/d",
        readOnly: true,
        propagation: "shared",
        relabel: "private",
        options: ["ro", "rshared", "Z"],
      },
    },
    {
      line: "podman run -v /a:/d:O x",
      want: { kind: "bind", source: "/a", target: "/d", readOnly: true, fsType: "overlay", options: ["O"] },
    },
    {
      line: "podman run -v /a:/d:U,noexec,idmap=uids=0-1-2 x",
      want: { kind: "bind", source: "/a", target: "/d", options: ["U", "noexec", "idmap=uids=0-1-2"] },
    },
    { line: "nerdctl run -v sub/dir:/d x", want: { kind: "bind", source: "sub/dir", target: "/d" } },
    {
      line: "docker run --mount type=bind,src=/a,dst=/d,readonly x",
      want: { kind: "bind", source: "/a", target: "/d", readOnly: true },
    },
    {
      line: "docker run --mount type=bind,source=/a,destination=/d,ro=false,bind-propagation=rslave x",
      want: { kind: "bind", source: "/a", target: "/d", readOnly: false, propagation: "slave" },
    },
    {
      line: "docker run --mount source=v,target=/d,volume-subpath=s x",
      want: { kind: "volume", volume: "v", target: "/d", subPath: "s" },
    },
    {
      line: 'docker run --mount type=volume,dst=/d,volume-opt=type=none,volume-opt=device=/etc,"volume-opt=o=bind,ro" x',
      want: { kind: "bind", source: "/etc", target: "/d", readOnly: true },
    },
    {
      line: "docker run --mount type=tmpfs,dst=/d,tmpfs-size=1m x",
      want: { kind: "tmpfs", target: "/d", fsType: "tmpfs", options: ["tmpfs-size=1m"] },
    },
    {
      line: "podman run --mount type=glob,src=/etc/ssl/*.pem,dst=/d x",
      want: { kind: "bind", source: "/etc/ssl", target: "/d", options: ["glob"] },
    },
    {
      line: "podman run --mount type=bind,target=/etc x",
      want: { kind: "bind", source: "/etc", target: "/etc" },
    },
    {
      line: "podman run --mount type=image,src=a,dst=/d x",
      want: { kind: "other", target: "/d", fsType: "image" },
    },
    {
      line: "docker run --tmpfs /run:ro,size=1m x",
      want: { kind: "tmpfs", target: "/run", readOnly: true, fsType: "tmpfs", options: ["ro", "size=1m"] },
    },
    { line: "podman run --rootfs /srv/root sh", want: { kind: "bind", source: "/srv/root", target: "/" } },
  ];
  test.each(mounts)("$line", ({ line, want }) => {
    const result = argumentsOf(line);
    expect(problemsOf(result)).toEqual([]);
    expect(plain(result.subjects[0]?.spec?.mounts)).toEqual([want]);
  });

  test("a relative source is taken from the project's folder where that is known", () => {
    const result = readArguments(["docker", "run", "-v", "../x:/d", "a"], contextWith({}, "/srv/app"));
    expect(result.subjects[0]?.spec?.mounts[0]?.source?.value).toBe("/srv/x");
  });

  test("names come from --name, else from the image", () => {
    expect(argumentsOf("docker run --name web nginx").subjects[0]).toMatchObject({
      name: "web",
      kind: "command",
      image: "nginx",
    });
    expect(argumentsOf("docker run registry:5000/a/b@sha256:0 x").subjects[0]?.name).toBe("b");
  });
});
