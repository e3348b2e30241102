import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { valueOf } from "../../src/boundary/fact.ts";
import type { HostFacts } from "../../src/boundary/host.ts";
import { askedOfHost } from "../../src/knowledge/asked-of-host.ts";
import { readHostFile, writeHostFile } from "../../src/knowledge/host-file.ts";
import { shippedKnowledge } from "../../src/knowledge/store.ts";
import { collectHost } from "../../src/observe/host/collect.ts";
import type { Looker } from "../../src/observe/host/look.ts";
import { lookAt } from "../../src/observe/host/look.ts";

const asked = {
  sysctls: ["user.max_user_namespaces", "kernel.not_here"],
  kernelOptions: ["CONFIG_USER_NS", "CONFIG_TLS"],
};

/** A host that has these files and programs, and nothing else. */
function hostWith(
  files: Readonly<Record<string, string | Buffer>>,
  programs: Readonly<Record<string, string>> = {},
): HostFacts {
  const looker: Looker = {
    read(path) {
      const text = files[path];
      return text === undefined ? { reason: `${path}: ENOENT` } : { text: text.toString(), from: path };
    },
    readBytes: (path) => (files[path] === undefined ? undefined : Buffer.from(files[path])),
    run(...words) {
      const line = words.join(" ");
      return programs[line] === undefined
        ? { reason: `${line}: ENOENT` }
        : { text: programs[line], from: line };
    },
    link: () => undefined,
  };
  return collectHost(asked, looker);
}

const config = gzipSync("CONFIG_USER_NS=y\nCONFIG_MODULES=y\n# CONFIG_TLS is not set\n");

describe("facts of a machine", () => {
  test("kernel: release, sysctls that exist, and the options that the knowledge asks for", () => {
    const host = hostWith({
      "/proc/sys/kernel/osrelease": "6.1.0-18-amd64\n",
      "/proc/config.gz": config,
      "/proc/sys/user/max_user_namespaces": "0\n",
      "/proc/sys/kernel/modules_disabled": "1\n",
    });
    expect(valueOf(host.kernelRelease)).toBe("6.1.0-18-amd64");
    expect([...host.kernelConfig].map(([name, fact]) => [name, valueOf(fact)])).toEqual([
      ["CONFIG_USER_NS", "y"],
      ["CONFIG_TLS", "n"],
    ]);
    expect([...host.sysctls.keys()]).toEqual(["user.max_user_namespaces"]);
    expect(valueOf(host.modulesEnabled)).toBe(false);
  });

  test.each([
    ["cgroup2 only", "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n", "v2"],
    [
      "both",
      "cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\ncgroup /sys/fs/cgroup/cpu cgroup rw 0 0\n",
      "hybrid",
    ],
    ["version 1 only", "cgroup /sys/fs/cgroup/cpu cgroup rw 0 0\n", "v1"],
    ["none", "proc /proc proc rw 0 0\n", undefined],
  ])("control groups: %s → %s", (_, mounts, want) => {
    expect(valueOf(hostWith({ "/proc/self/mounts": mounts }).cgroupVersion)).toBe(want);
  });

  test.each([
    [{ "/sys/kernel/security/lsm": "capability,yama" }, false],
    [
      { "/sys/kernel/security/lsm": "capability,apparmor", "/sys/module/apparmor/parameters/enabled": "Y\n" },
      true,
    ],
    [{ "/sys/module/apparmor/parameters/enabled": "N\n" }, false],
    [{}, false],
  ])("AppArmor: %j → %s", (files, want) => {
    expect(valueOf(hostWith(files as Record<string, string>).apparmor)).toBe(want);
  });

  test.each([
    ["none [integrity] confidentiality\n", "integrity"],
    ["[none] integrity confidentiality\n", "none"],
  ])("lockdown %j → %s", (text, want) => {
    expect(valueOf(hostWith({ "/sys/kernel/security/lockdown": text }).lockdown)).toBe(want);
  });

  test("lockdown is unknown where securityfs is not mounted and the build may have it", () => {
    expect(hostWith({}).lockdown).toMatchObject({
      known: false,
      reason: "/sys/kernel/security/lockdown: ENOENT",
    });
  });

  test("a program's version is its package's, where a package brought it", () => {
    const host = hostWith(
      {},
      {
        "runc --version": "runc version 1.1.5+ds1\ncommit: 1.1.5+ds1-1+deb12u1\n",
        "dpkg-query --search /usr/sbin/runc": "runc: /usr/sbin/runc\n",
        "dpkg-query --show --showformat ${source:Version} runc": "1.1.5+ds1-1+deb12u1",
        "dockerd --version": "Docker version 28.2.2, build deadbeef\n",
      },
    );
    expect([...host.versions].map(([name, fact]) => [name, valueOf(fact)])).toEqual([
      ["docker", "28.2.2"],
      ["runc", "1.1.5+ds1-1+deb12u1"],
    ]);
  });

  test.each([
    ['{"hosts": ["tcp://0.0.0.0:2375"], "userns-remap": "default"}', "open", true],
    ['{"hosts": ["tcp://0.0.0.0:2376"], "tlsverify": true}', "none", false],
    ["{}", "none", false],
    ['{"features": null}', "none", false],
    ["not JSON", undefined, undefined],
  ])("daemon.json %s → TCP %s, remapped %s", (text, tcp, remapped) => {
    const host = hostWith({ "/etc/docker/daemon.json": text });
    const fact = host.settings.get("docker.tcp");
    expect(fact && valueOf(fact)).toBe(tcp);
    expect(valueOf(host.usernsRemap)).toBe(remapped);
  });

  test("the kubelet's file: filter by default, engine, anonymous access", () => {
    const host = hostWith({
      "/var/lib/kubelet/config.yaml":
        "kind: KubeletConfiguration\nauthentication:\n  anonymous:\n    enabled: true\nauthorization:\n  mode: AlwaysAllow\nseccompDefault: true\ncontainerRuntimeEndpoint: unix:///run/containerd/containerd.sock\n",
    });
    expect(valueOf(host.kubeletSeccompDefault)).toBe(true);
    expect(valueOf(host.cri)).toBe("containerd");
    expect(host.settings.get("kubelet.anonymous-access")).toMatchObject({ value: "allowed" });
  });

  test("the GPU toolkit's file: its mode, and the switch that brings an old hole back", () => {
    const text =
      '[features]\n#allow-x = true\nallow-cuda-compat-libs-from-container = true\n[nvidia-container-runtime]\nmode = "cdi"\n';
    const { settings } = hostWith({ "/etc/nvidia-container-runtime/config.toml": text });
    expect(settings.get("nvidia.mode")).toMatchObject({ value: "cdi" });
    expect(settings.get("nvidia.allow-cuda-compat-libs-from-container")).toMatchObject({ value: "true" });
  });

  test("this machine can be looked at, whoever asks: a kernel release at least", () => {
    const { sysctls, kernelOptions } = askedOfHost(shippedKnowledge());
    expect(sysctls).toContain("kernel.unprivileged_bpf_disabled");
    expect(kernelOptions).toContain("CONFIG_USER_NS");
    const host = collectHost({ sysctls, kernelOptions }, lookAt());
    expect(valueOf(host.kernelRelease)).toMatch(/^\d+\.\d+/);
  });
});

describe("a host file", () => {
  const host = hostWith({ "/proc/sys/kernel/osrelease": "6.1.0\n", "/proc/config.gz": config });
  const text = writeHostFile(host, "2026-11-25T00:00:00Z");

  test("says what was collected, and each fact remembers the interface and the file", () => {
    const read = readHostFile(text, "host.json");
    if ("problem" in read) throw new Error(read.problem);
    expect(read.host.kernelRelease).toMatchObject({
      value: "6.1.0",
      provenance: { kind: "observed", from: "host.json: /proc/sys/kernel/osrelease" },
    });
    expect(read.host.lockdown).toMatchObject({ known: true, value: "none" });
    expect(read.host.cri).toMatchObject({ known: false, candidates: ["containerd", "cri-o", "cri-dockerd"] });
    expect(writeHostFile(read.host, "2026-11-25T00:00:00Z").length).toBeGreaterThan(text.length);
  });

  test("that has Docker Desktop says that this is the engine", () => {
    const file =
      '{"schema": "holdfast.host/1", "facts": {}, "versions": {"docker-desktop": {"value": "4.40.0", "from": "x"}}}';
    const read = readHostFile(file, "host.json");
    expect("host" in read && read.host.settings.get("docker.product")).toMatchObject({ value: "desktop" });
  });

  test.each([
    ["not JSON", "{", /^expected JSON, found/],
    ["another schema", '{"schema": "holdfast.assessment/1"}', /^schema: expected "holdfast.host\/1", found/],
    ["a list", "[]", /^expected an object, found/],
    ["no facts", '{"schema": "holdfast.host/1"}', /^facts: expected an object/],
    [
      "a value of another kind",
      '{"schema": "holdfast.host/1", "facts": {"apparmor": {"value": "yes", "from": "x"}}}',
      /^facts\.apparmor\.value: expected true, false, found "yes"/,
    ],
    [
      "a table with a number",
      '{"schema": "holdfast.host/1", "facts": {}, "sysctls": {"a.b": {"value": 1, "from": "x"}}}',
      /^sysctls\.a\.b\.value: expected a text, found 1/,
    ],
  ])("with %s is refused, naming the field", (_, content, want) => {
    const read = readHostFile(content, "host.json");
    expect("problem" in read && read.problem).toMatch(want);
  });
});
