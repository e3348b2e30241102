import { describe, expect, test } from "vitest";
import { holdsFor, pathsFor, valuesFor } from "../../src/knowledge/engine-defaults.ts";
import { parseEngineFile } from "../../src/knowledge/engine-defaults-schema.ts";
import { assumptions, readAssumptions, withAssumptions } from "../../src/knowledge/preset-assumptions.ts";
import {
  commonLinks,
  hostFromPreset,
  hostNamed,
  patchedHost,
  unknownHost,
} from "../../src/knowledge/presets.ts";
import { parsePreset } from "../../src/knowledge/presets-schema.ts";
import { answer } from "../../src/seccomp/answer.ts";
import { resolveProfile } from "../../src/seccomp/resolve.ts";
import { compareVersions } from "../../src/seccomp/versions.ts";
import { shipped, shippedProfile } from "../seccomp/shipped.ts";
import { engines, presets, yamlFiles } from "../sources/defaults/setup.ts";

describe("the shipped files", () => {
  test.each(yamlFiles("engines"))("engines/%s fits its schema", (name, data) => {
    const { value, problems } = parseEngineFile(data);
    expect(problems).toEqual([]);
    expect(`${value?.id ?? ""}.yaml`).toBe(name);
  });
  test.each(yamlFiles("presets"))("presets/%s fits its schema", (name, data) => {
    const { value, problems } = parsePreset(data);
    expect(problems).toEqual([]);
    expect(`${value?.id ?? ""}.yaml`).toBe(name);
  });
  test("are all there", () => {
    expect([...engines.engines.keys()].sort()).toEqual([
      "containerd",
      "cri-o",
      "docker",
      "nerdctl",
      "podman",
    ]);
    expect(presets.length).toBeGreaterThanOrEqual(7);
  });
  test("an unknown key is named", () => {
    const [, data] = yamlFiles("presets")[0] ?? [];
    expect(parsePreset({ ...(data as object), kernel: 1 }).problems).toHaveLength(1);
    expect(parseEngineFile({ id: "docker" }).problems.map((p) => p.path)).toContain("capabilities");
    expect(parseEngineFile(null).problems.length).toBeGreaterThan(0);
  });
});

describe("the profiles that stand for a release that is not known", () => {
  const capabilitySets = [
    [],
    ["CAP_NET_RAW", "CAP_SYS_CHROOT"],
    ["CAP_SYS_ADMIN"],
    ["CAP_BPF", "CAP_PERFMON", "CAP_SYS_PTRACE", "CAP_DAC_READ_SEARCH"],
  ];
  const flags = [0x10000000, 0x00020000, 0x40000000];

  /** Whatever the filter lets through, at least for some arguments. */
  function allowed(name: string, syscalls: ReadonlySet<string>): ReadonlySet<string> {
    const found = new Set<string>();
    for (const [index, capabilities] of capabilitySets.entries()) {
      for (const kernel of [
        [4, 5],
        [6, 8],
      ] as const) {
        const filter = resolveProfile(shippedProfile(name).profile, {
          capabilities: new Set(capabilities),
          arch: "amd64",
          kernel,
        });
        const key = `${String(index)} ${String(kernel[0])}`;
        const passes = (query: Parameters<typeof answer>[1]): boolean =>
          answer(filter, query).outcome !== "denied";
        for (const syscall of syscalls) if (passes({ syscall })) found.add(`${key} ${syscall}`);
        for (let family = 0; family < 46; family++)
          if (passes({ syscall: "socket", args: { 0: family } }))
            found.add(`${key} socket ${String(family)}`);
        for (const flag of flags)
          for (const syscall of ["clone", "unshare"])
            if (passes({ syscall, args: { 0: { mask: flag, value: flag } } }))
              found.add(`${key} ${syscall} ${String(flag)}`);
      }
    }
    return found;
  }

  test.each(
    [...engines.engines.values()].flatMap((engine) => [
      ["maintained", engine] as const,
      ["any", engine] as const,
    ]),
  )("%s: nothing that a release of $id allows is lost", (which, engine) => {
    const { profilesOf, representatives } = engine.seccomp;
    const since = profilesOf === engine.id ? engine.maintained.since : "2.2.0";
    const possible = shipped.profiles.filter(
      (p) =>
        p.engine === profilesOf &&
        (which === "any" ||
          p.ranges.some((range) => range.until === undefined || compareVersions(range.until, since) > 0)),
    );
    expect(possible.length).toBeGreaterThan(1);
    const syscalls = new Set(possible.flatMap((p) => p.profile.syscalls.flatMap((rule) => rule.names)));
    const covered = new Set(representatives[which].flatMap((name) => [...allowed(name, syscalls)]));
    const lost = possible.flatMap((p) =>
      [...allowed(p.name, syscalls)].filter((call) => !covered.has(call)).map((call) => `${p.name}: ${call}`),
    );
    expect(lost).toEqual([]);
  });
});

describe("releases", () => {
  const ranges = [{ since: "1.2", until: "1.4" }, { since: "2.0.1" }];
  test.each([
    ["1.1", "never"],
    ["1.2", "always"],
    ["1.4", "never"],
    ["2.0.1+dfsg1", "always"],
  ])("%s: %s", (version, want) => {
    expect(holdsFor(ranges, { version })).toBe(want);
  });
  test.each([
    [undefined, "sometimes"],
    ["1.3", "sometimes"],
    ["2.0.1", "always"],
    ["3", "always"],
  ])("since %s: %s", (since, want) => {
    expect(holdsFor(ranges, { since })).toBe(want);
  });
  test("without ranges a value is everybody's", () => {
    expect(holdsFor(undefined, { since: undefined })).toBe("always");
    expect(holdsFor([{ until: "1" }], { since: "2" })).toBe("never");
  });
  test("values and paths that are possible", () => {
    const entries = [
      { value: "old", ranges: [{ until: "2" }], source: "" },
      { value: "new", ranges: [{ since: "2" }], source: "" },
    ];
    expect(valuesFor(entries, { since: undefined }).map((e) => e.value)).toEqual(["old", "new"]);
    expect(valuesFor(entries, { since: "2.1" }).map((e) => e.value)).toEqual(["new"]);
    const lists = [
      { paths: ["/a"], source: "" },
      { paths: ["/b"], ranges: [{ since: "2" }], source: "" },
    ];
    expect(pathsFor(lists, { since: undefined })).toEqual([["/a"], ["/a", "/b"]]);
    expect(pathsFor(lists, { version: "1" })).toEqual([["/a"]]);
  });
});

describe("hosts", () => {
  test("patched assumes nothing but the absence of known vulnerabilities", () => {
    const host = patchedHost();
    expect([
      host.source,
      host.assumedPatched,
      host.apparmor.known,
      host.cgroupVersion.known,
      host.kernelRelease.known,
    ]).toEqual(["patched", true, false, false, false]);
    expect(unknownHost().assumedPatched).toBe(false);
    expect(host.links).toBe(commonLinks);
  });
  test("a preset states its facts with date and source, and leaves the rest unknown", () => {
    const host = hostNamed("debian-12-docker", presets);
    expect(host?.source).toBe("preset:debian-12-docker");
    expect(host?.kernelRelease).toMatchObject({
      known: true,
      value: "6.1.0-56-amd64",
      provenance: { kind: "assumed" },
    });
    expect(host?.versions.get("runc")).toMatchObject({ value: "1.1.5+ds1-1+deb12u1" });
    expect(host?.lockdown.known).toBe(false);
    expect(hostNamed("no-such-host", presets)).toBeUndefined();
  });
  test.each(presets.map((preset) => [preset.id, preset] as const))(
    "%s names kernel, engine and cgroup version",
    (_id, preset) => {
      const host = hostFromPreset(preset);
      expect([
        host.kernelRelease.known,
        host.cgroupVersion.known,
        host.apparmor.known,
        host.versions.size > 1,
      ]).toEqual([true, true, true, true]);
    },
  );
});

describe("--assume", () => {
  test("settles facts of the host", () => {
    const { assume, messages } = readAssumptions([
      "apparmor=docker-default",
      "cgroup=v1",
      "selinux=none",
      "runtime-class.secure=runsc",
      "seccomp-default=true",
    ]);
    expect(messages).toEqual([]);
    const host = patchedHost(assume);
    expect(host).toMatchObject({
      apparmor: { value: true },
      cgroupVersion: { value: "v1" },
      cgroupV1Mountable: { value: true },
      selinux: { value: "absent" },
      kubeletSeccompDefault: {
        value: true,
        provenance: { kind: "assumed", by: "--assume seccomp-default=true" },
      },
    });
    expect(host.runtimeHandlers.get("secure")).toMatchObject({ value: "runsc" });
  });
  test("wins over a preset, and gives the same object again", () => {
    const { assume } = readAssumptions(["apparmor=none"]);
    const plain = hostNamed("debian-12-docker", presets);
    const host = plain && withAssumptions(plain, assume);
    expect(host?.apparmor).toMatchObject({ value: false });
    expect(plain && withAssumptions(plain, assume)).toBe(host);
    expect(host && withAssumptions(host, assume)).toBe(host);
  });
  test.each([
    ["appamor=none", "expected `--assume` to name one of apparmor, "],
    ["cgroup=v3", 'expected `--assume cgroup` to be v1|v2|hybrid, found "v3"'],
    ["rootless", "expected `--assume rootless` to be true|false, found nothing"],
    ["runtime-class.=runc", "expected `--assume` to name one of"],
    ["image-user=root", 'expected `--assume image-user` to be UID|unknown, found "root"'],
  ])("%s is refused", (pair, message) => {
    const { assume, messages } = readAssumptions([pair]);
    expect(assume.size).toBe(0);
    expect(messages).toEqual([expect.stringContaining(message)]);
  });
  test("every key has its line of help", () => {
    expect(assumptions.length).toBe(15);
    expect(assumptions.every(({ help }) => help.length > 10 && help.length < 120)).toBe(true);
  });
});
