import { describe, expect, test } from "vitest";
import type { Boundary } from "../../src/boundary/boundary.ts";
import { defaulted, unknown } from "../../src/boundary/fact.ts";
import type { HostPathGain } from "../../src/boundary/host-paths.ts";
import { hostPath } from "../../src/conditions/host-path.ts";
import type { Actor } from "../../src/conditions/types.ts";
import { statusOf } from "../../src/conditions/verdict.ts";
import { asUser, bind, mounted, plain } from "../helpers/host-boundary.ts";
import { hostPaths } from "../helpers/host-path-list.ts";

type Access = "read" | "write" | "connect";

function ask(
  boundary: Boundary,
  gives: HostPathGain,
  access: Access,
  component?: string,
  actor: Actor = "workload",
) {
  const argument = { gives, access, ...(component !== undefined && { component }) };
  return hostPath.evaluate(argument as never, { boundary, actor, filters: new Map(), hostPaths });
}
const by = <T>(value: T) => defaulted(value, "the test");
const socket = (boundary: Boundary) => ask(boundary, "engine-socket", "connect", "docker");

describe("an engine's socket", () => {
  test.each([
    ["the socket itself", "/run/docker.sock:/s"],
    ["through the host's link /var/run", "/var/run/docker.sock:/s"],
    ["mounted read-only", "/var/run/docker.sock:/var/run/docker.sock:ro"],
    ["through a folder that holds it", "/run:/host/run"],
    ["through a link to that folder", "/var/run/:/host/run:ro"],
    ["through the host's root", "/:/host:ro"],
    ["with dots and slashes", "/run/../run//docker.sock/:/s"],
  ])("%s: %s is open to root", (_, line) => {
    expect(statusOf(socket(mounted([line])))).toBe("holds");
  });

  test("evidence says that read-only does not stop a connection, and where the socket is found", () => {
    const { evidence } = socket(mounted(["/run:/host/run:ro"]));
    expect(evidence.map((e) => e.text)).toContain(
      "/run of the host is mounted at /host/run and holds /run/docker.sock",
    );
    expect(evidence.map((e) => e.text)).toContain(
      "/host/run is mounted read-only, which does not stop a connection",
    );
  });

  test("for another user without the socket's group, file permission alone stands", () => {
    const verdict = socket(mounted(["/var/run/docker.sock:/s:ro"], asUser(1000)));
    expect(verdict.worst).toEqual([["file-permission:/run/docker.sock"]]);
    expect(verdict.best).toEqual(verdict.worst);
  });

  test("below a mounted folder, the folder's files are one barrier", () => {
    expect(socket(mounted(["/run:/run"], asUser(1000))).worst).toEqual([["file-permission:/run"]]);
  });

  test("whether a group's number is docker's on the host is unknown", () => {
    const verdict = socket(mounted(["/var/run/docker.sock:/s"], asUser(1000, [998])));
    expect(statusOf(verdict)).toBe("unknown");
    expect(verdict.undecided.map((u) => u.fact)).toEqual(["host.group.docker"]);
  });

  test("a socket of group root opens to group 0", () => {
    const boundary = mounted(["/run/containerd/containerd.sock:/s"], asUser(1000, [0]));
    expect(statusOf(ask(boundary, "engine-socket", "connect", "containerd"))).toBe("holds");
    expect(socket(mounted(["/run/docker.sock:/s"], asUser(1000, [0]))).worst).toEqual([
      ["file-permission:/run/docker.sock"],
    ]);
  });

  test("a user namespace makes root somebody else", () => {
    const remapped = {
      ...plain,
      namespaces: { ...plain.namespaces, user: by({ kind: "private" } as const) },
    };
    expect(socket(mounted(["/run/docker.sock:/s"], remapped)).worst).toEqual([["user-namespace"]]);
  });

  test("SELinux keeps a confined container from it", () => {
    const confined = {
      ...plain,
      process: { ...plain.process, selinux: by({ kind: "type", type: "container_t" } as const) },
    };
    expect(socket(mounted(["/run/docker.sock:/s"], confined)).worst).toEqual([["selinux"]]);
  });

  test("gVisor refuses it by default, and a virtual machine has no way to it", () => {
    const gvisor = (hostUds: boolean): Boundary => ({
      ...plain,
      isolation: by({ kind: "application-kernel", name: "gvisor", hostUds, hostNetwork: false }),
    });
    expect(socket(mounted(["/run/docker.sock:/s"], gvisor(false))).worst).toEqual([["gvisor:host-uds"]]);
    expect(statusOf(socket(mounted(["/run/docker.sock:/s"], gvisor(true))))).toBe("holds");
    const machine: Boundary = { ...plain, isolation: by({ kind: "hypervisor", vmm: "qemu", jailed: false }) };
    expect(socket(mounted(["/run/docker.sock:/s"], machine)).worst).toEqual([]);
  });

  test("not mounted: closed for good, with the barrier named", () => {
    const verdict = socket(plain);
    expect(verdict.worst).toEqual([]);
    expect(verdict.barriers).toEqual(["mount:absent:/run/docker.sock"]);
  });

  test("a socket that the host may not have is unknown below its folder, unless the mount gives as much anyway", () => {
    const podman = { ...plain, engine: by("podman" as const) };
    const below = ask(mounted(["/var/lib:/x:ro"], { ...podman }), "engine-socket", "connect", "lxd");
    expect(below.undecided.map((u) => u.fact)).toContain("host.path:/var/lib/lxd/unix.socket");
    expect(ask(mounted(["/run:/x"], podman), "engine-socket", "connect", "cri-o").worst).toEqual([]);
    expect(statusOf(ask(mounted(["/run/crio:/x"], podman), "engine-socket", "connect", "cri-o"))).toBe(
      "holds",
    );
  });

  test("an engine of a user's is that user's: whose number it is, no input says", () => {
    const boundary = mounted(["/run/user/1000/docker.sock:/s"], asUser(1000));
    expect(ask(boundary, "user-engine-socket", "connect").undecided.map((u) => u.fact)).toEqual([
      "host.owner:/run/user/1000/docker.sock",
    ]);
    const rootless = {
      ...plain,
      rootless: by(true),
      namespaces: { ...plain.namespaces, user: by({ kind: "private" } as const) },
    };
    expect(
      statusOf(ask(mounted(["/run/user/1000/docker.sock:/s"], rootless), "user-engine-socket", "connect")),
    ).toBe("holds");
  });

  test("a home that the shell would have named is a home", () => {
    expect(statusOf(ask(mounted(["~/.ssh:/x:ro"]), "credentials", "read"))).toBe("holds");
    expect(statusOf(ask(mounted(["$HOME/.ssh:/x:ro"]), "credentials", "read"))).toBe("holds");
  });
});

describe("a host path that root runs", () => {
  const jobs = (boundary: Boundary) => ask(boundary, "scheduled-jobs", "write");

  test.each(["/etc/cron.d:/x", "/etc/cron.d/backup:/x", "/etc:/x", "/:/x", "/etc/./cron.d/:/x"])(
    "%s is open to root",
    (line) => {
      expect(statusOf(jobs(mounted([line])))).toBe("holds");
    },
  );

  test("a read-only mount is the barrier, named by where it is mounted", () => {
    expect(jobs(mounted(["/etc/cron.d:/jobs:ro"])).worst).toContainEqual(["mount:read-only:/jobs"]);
  });

  test("a mount over it hides it; a mount beside it does not", () => {
    expect(jobs(mounted(["/etc/cron.d:/x/cron.d", "/srv/empty:/x/cron.d/."])).worst).toContainEqual([
      "masked:/x/cron.d",
    ]);
    expect(jobs(mounted(["/etc/cron.d:/x", "/srv/empty:/x2"])).worst).toEqual([[]]);
  });

  test("a volume over one folder leaves the others", () => {
    const boundary = mounted(["/etc:/h"], {
      ...plain,
      mounts: [{ ...bind("/x:/h/cron.d"), kind: "volume", source: null }],
    });
    expect(statusOf(jobs(boundary))).toBe("holds");
  });

  test("links of the host lead to the same entry", () => {
    expect(statusOf(ask(mounted(["/lib/modules:/x"]), "boot", "write"))).toBe("holds");
    expect(statusOf(ask(mounted(["/usr/lib/modules/6.1.0:/x"]), "boot", "write"))).toBe("holds");
  });

  test("a closer entry speaks for its own part", () => {
    expect(ask(mounted(["/usr/share/zoneinfo:/x"]), "programs", "write").worst).toEqual([]);
    expect(statusOf(ask(mounted(["/usr/games:/x"]), "programs", "write"))).toBe("holds");
  });

  test("under gVisor a host path is the host's all the same, and mounting inside undoes no read-only mount", () => {
    const capabilities = {
      ...plain.process.capabilities,
      permitted: by(["CAP_SYS_ADMIN", "CAP_DAC_OVERRIDE"]),
    };
    const gvisor: Boundary = {
      ...plain,
      isolation: by({ kind: "application-kernel", name: "gvisor", hostUds: false, hostNetwork: false }),
      process: { ...plain.process, capabilities, seccomp: by({ kind: "unconfined" }) },
    };
    expect(statusOf(jobs(mounted(["/etc/cron.d:/x"], gvisor)))).toBe("holds");
    expect(jobs(mounted(["/etc/cron.d:/x:ro"], gvisor)).worst).toEqual([["mount:read-only:/x"]]);
    const shared: Boundary = { ...gvisor, isolation: plain.isolation };
    expect(statusOf(jobs(mounted(["/etc/cron.d:/x:ro"], shared)))).toBe("holds");
  });
});

describe("read-only and what is mounted below", () => {
  const units = (boundary: Boundary) => ask(mounted(["/:/host:ro"], boundary), "services", "write");
  const docker = (version: string): Boundary => ({ ...plain, engineVersion: by(version) });

  test("Docker makes it recursive from Engine 25 on", () => {
    expect(units(docker("29.4.3")).worst).toContainEqual(["mount:read-only:/host"]);
    expect(statusOf(units(docker("24.0.7")))).toBe("holds");
  });

  test("an old kernel cannot: mount_setattr came with 5.12", () => {
    const old = { ...docker("29.4.3"), host: { ...plain.host, kernelRelease: by("5.10.0-28-amd64") } };
    expect(statusOf(units(old))).toBe("holds");
  });

  test("Kubernetes does not, unless recursiveReadOnly asks for it", () => {
    const pod = { ...plain, engine: by("containerd" as const) };
    expect(statusOf(units(pod))).toBe("holds");
    const recursive = { ...pod, mounts: [{ ...bind("/:/host:ro"), recursiveReadOnly: by(true) }] };
    expect(ask(recursive, "services", "write").worst).toContainEqual(["mount:read-only:/host"]);
  });

  test("an unknown release leaves it open both ways, and is named", () => {
    const verdict = units({ ...plain, engineVersion: unknown("engine.version", "the test does not say") });
    expect(statusOf(verdict)).toBe("unknown");
    expect(verdict.undecided.map((u) => u.fact)).toContain("engine.version");
  });
});

describe("what stays a grant", () => {
  const grants = [
    "/srv/data",
    "/root/project",
    "/home/alice/project",
    "/opt/app/data",
    "/mnt/disk",
    "/var/www/html",
    "/var/log/nginx",
    "/tmp/x",
    "/etc/ssl/certs",
  ];
  const asked: readonly (readonly [HostPathGain, Access])[] = hostPaths.flatMap((entry) =>
    (["read", "write", "connect"] as const).flatMap((access) =>
      entry[access] === undefined ? [] : [[entry[access], access] as const],
    ),
  );

  test.each(grants)("%s leads nowhere, writable and as root", (path) => {
    for (const [gives, access] of asked)
      expect(ask(mounted([`${path}:/x`]), gives, access).worst).toEqual([]);
  });

  const readOnly = [
    "/etc/localtime",
    "/etc/timezone",
    "/usr/share/zoneinfo",
    "/etc/passwd",
    "/etc/hosts",
    "/etc/resolv.conf",
    "/run/udev",
    "/sys",
    "/lib/modules",
    "/usr/src",
    "/var/log",
    "/dev/shm",
  ];
  test.each(readOnly)("%s leads nowhere when it is read-only", (path) => {
    for (const [gives, access] of asked)
      if (access !== "write") expect(ask(mounted([`${path}:/x:ro`]), gives, access).worst).toEqual([]);
  });

  test("files that the engine itself mounts are no views of its store", () => {
    const boundary = mounted([
      "/var/lib/docker/containers/0a1b/hosts:/etc/hosts",
      "/var/lib/docker/volumes/db/_data:/db",
    ]);
    expect(ask(boundary, "engine-store", "write").worst).toEqual([]);
  });
});

describe("a mount whose source nobody states", () => {
  test("is held against the host's root, and against what it is mounted as", () => {
    const boundary = mounted(["$SOCKET:/var/run/docker.sock"]);
    expect(statusOf(socket(boundary))).toBe("unknown");
    expect(statusOf(ask(boundary, "host-filesystem", "write"))).toBe("unknown");
    expect(ask(boundary, "scheduled-jobs", "write").worst).toEqual([]);
  });

  test("the folder that somebody stands in is theirs to share", () => {
    expect(ask(mounted(["$PWD/data:/data", "$(pwd):/app"]), "host-filesystem", "write").worst).toEqual([]);
  });
});
