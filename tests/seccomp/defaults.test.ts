import { describe, expect, test } from "vitest";
import { defaultProfileFor } from "../../src/seccomp/defaults.ts";
import { assembleDefaultProfiles } from "../../src/seccomp/assemble.ts";
import { isNoFilter } from "../../src/seccomp/helpers.ts";
import { shipped } from "./shipped.ts";

const chosen = (engine: string, version: string | undefined): string | undefined =>
  defaultProfileFor(shipped.profiles, engine, version).profile?.name;
const candidates = (engine: string, version: string | undefined): readonly string[] =>
  defaultProfileFor(shipped.profiles, engine, version).candidates.map(({ name }) => name);

test("every document under knowledge/profiles can be read and keeps its rule count", () => {
  expect(shipped.problems).toEqual([]);
  expect(shipped.profiles.length).toBeGreaterThan(30);
});

test.each(shipped.profiles.map((profile) => [profile.name, profile] as const))(
  "%s denies by default, names its source and its releases",
  (_name, { profile, source, ranges }) => {
    expect(profile.defaultAction).toBe("SCMP_ACT_ERRNO");
    expect(isNoFilter(profile)).toBe(false);
    expect(source.repository).toMatch(/^https:\/\//);
    expect(ranges.length).toBeGreaterThan(0);
  },
);

describe("a known version picks one profile", () => {
  test.each([
    ["docker", "20.10.0", "docker-20.10.0"],
    ["docker", "20.10.9", "docker-20.10.4"],
    ["docker", "20.10.22", "docker-20.10.22"],
    ["docker", "20.10.24", "docker-20.10.18"],
    ["docker", "20.10.27", "docker-20.10.26"],
    ["docker", "23.0.6", "docker-23.0.0"],
    ["docker", "23.0.8", "docker-24.0.3"],
    ["docker", "23.0.15", "docker-23.0.10"],
    ["docker", "24.0.2", "docker-23.0.0"],
    ["docker", "24.0.9", "docker-24.0.3"],
    ["docker", "25.0.2", "docker-25.0.0"],
    ["docker", "27.5.1", "docker-25.0.3"],
    ["docker", "28.5.2", "docker-28.2.0"],
    ["docker", "29.4.1", "docker-28.2.0"],
    ["docker", "v29.4.2", "docker-29.4.2"],
    ["docker", "29.5.0-rc.1", "docker-29.4.3"],
    ["docker", "26.1.5+dfsg1", "docker-25.0.3"],
    ["containerd", "1.6.21", "containerd-1.6.17"],
    ["containerd", "1.7.27", "containerd-1.7.14"],
    ["containerd", "1.7.32", "containerd-1.7.32"],
    ["containerd", "2.0.5", "containerd-2.0.0"],
    ["containerd", "2.1.9", "containerd-2.1.0"],
    ["containerd", "2.3.0", "containerd-2.2.0"],
    ["containerd", "2.3.1", "containerd-2.2.4"],
    ["containerd", "2.4.1", "containerd-2.2.4"],
    ["containerd", "2.4.2", "containerd-2.3.7"],
    ["podman", "4.9.4", "podman-4.3"],
    ["podman", "5.4.2", "podman-5.2"],
    ["cri-o", "1.29.1", "cri-o-1.28"],
  ])("%s %s → %s", (engine, version, want) => {
    expect(chosen(engine, version)).toBe(want);
  });
});

test("an unknown version leaves every profile of the engine possible, newest first", () => {
  const all = candidates("docker", undefined);
  expect(all).toHaveLength(shipped.profiles.filter(({ engine }) => engine === "docker").length);
  expect(all.at(-1)).toBe("docker-20.10.0");
  expect(chosen("docker", undefined)).toBeUndefined();
  expect(candidates("docker", "unknown")).toEqual(all);
});

test("a release for which two profiles are possible yields both", () => {
  expect(candidates("docker", "29.9.1")).toEqual([
    "docker-profiles-0.3.0",
    "docker-profiles-0.2.4",
    "docker-29.4.3",
  ]);
  expect(candidates("cri-o", "1.35.0")).toEqual(["cri-o-common-0.67", "cri-o-1.34"]);
});

test("an engine or a release that is not known yields nothing", () => {
  expect(candidates("lxc", "1.0")).toEqual([]);
  expect(candidates("docker", "1.13.1")).toEqual([]);
});

describe("documents that do not work out are left out and reported", () => {
  const whole = {
    name: "a",
    engine: "docker",
    ranges: [{ since: "1" }],
    source: { repository: "https://example.org/a", path: "p", version: "1" },
    confidence: "verified",
    profile: { defaultAction: "SCMP_ACT_ERRNO", syscalls: [{ names: ["read"], action: "SCMP_ACT_ALLOW" }] },
  };
  const step = { ...whole, profile: undefined, name: "b", base: "a" };

  test.each([
    ["a base that is not there", [step], ["b.base"], []],
    ["a base that is itself", [{ ...step, base: "b" }], ["b.base"], []],
    [
      "a removal that finds nothing",
      [whole, { ...step, edits: [{ op: "remove", rule: { names: ["write"], action: "SCMP_ACT_ALLOW" } }] }],
      ["b.edits[0]"],
      ["a", "b"],
    ],
    ["an unknown edit", [whole, { ...step, edits: [{ op: "swap" }] }], ["[1].edits[0].op"], ["a", "b"]],
    ["a wrong rule count", [{ ...whole, rules: 2 }], ["a.rules"], ["a"]],
    ["no object", [7], ["[0]"], []],
  ])("%s", (_title, documents, problems, names) => {
    const found = assembleDefaultProfiles(documents);
    expect(found.problems.map(({ path }) => path)).toEqual(problems);
    expect(found.profiles.map(({ name }) => name)).toEqual(names);
  });
});
