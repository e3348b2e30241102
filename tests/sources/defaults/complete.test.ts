import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Boundary } from "../../../src/boundary/boundary.ts";
import { hostFromPreset, patchedHost, unknownHost } from "../../../src/knowledge/presets.ts";
import { combine } from "../../../src/sources/defaults/combine.ts";
import { defaulted, unknown } from "../../../src/boundary/fact.ts";
import type { ContainerSpec } from "../../../src/sources/spec.ts";
import { boundaryOf, presets, said, told } from "./setup.ts";

describe("complete", () => {
  test("an engine by name, by the host's CRI, or unknown", () => {
    expect(told(boundaryOf({}).engine)).toEqual(["defaulted", "docker"]);
    expect(told(boundaryOf({ spec: { engine: "kubernetes" } }).engine)).toEqual([
      "unknown",
      "host.cri",
      "containerd",
      "cri-o",
    ]);
    expect(told(boundaryOf({ spec: { engine: "kubernetes" }, assume: { cri: "cri-o" } }).engine)).toEqual([
      "assumed",
      "cri-o",
    ]);
  });
  test("an assumed engine version is the host's too, and the host stays one object", () => {
    const host = patchedHost();
    const assume = { "engine-version": "28.5.2" };
    const [one, two] = [boundaryOf({ host, assume }), boundaryOf({ host, assume })];
    expect(told(one.engineVersion)).toEqual(["assumed", "28.5.2"]);
    expect(one.host.versions.get("docker")).toMatchObject({ value: "28.5.2" });
    expect(boundaryOf({ host }).host).toBe(host);
    expect(two.host.versions.get("docker")).toEqual(one.host.versions.get("docker"));
  });
  test("Podman as root or not: what differs is unknown by that, what does not stays", () => {
    const { rootless, process, namespaces } = boundaryOf({ spec: { engine: "podman", user: said("0") } });
    expect(told(rootless)).toEqual(["unknown", "engine.rootless", false, true]);
    expect(told(process.capabilities.bounding)[0]).toBe("defaulted");
    expect(told(namespaces.user)).toEqual([
      "unknown",
      "engine.rootless",
      { kind: "host" },
      { kind: "private" },
    ]);
  });
});

describe("combine", () => {
  test("agreeing facts stay as they are", () => {
    const fact = defaulted([1], "a");
    expect(combine([fact, defaulted([1], "b")], "x", "why")).toBe(fact);
  });
  test("an unknown among them names its own fact", () => {
    expect(told(combine([unknown("own", "because", [1, 2]), defaulted(3, "b")], "x", "why"))).toEqual([
      "unknown",
      "own",
      1,
      2,
      3,
    ]);
  });
  test("two different unknowns are told apart by the fact between them", () => {
    expect(told(combine([unknown("a", "", [1]), unknown("b", "", [1, 2])], "x", "why"))).toEqual([
      "unknown",
      "x",
      1,
      2,
    ]);
  });
  test("a value that cannot be listed leaves none", () => {
    expect(told(combine([unknown<number>("a", ""), defaulted(1, "b")], "x", "why"))).toEqual([
      "unknown",
      "a",
    ]);
  });
});

const text = fc.oneof(
  fc.constantFrom(
    "host",
    "private",
    "none",
    "",
    "container:x",
    "0",
    "root",
    "ALL",
    "CAP_SYS_ADMIN",
    "runsc",
    "/proc",
    "a *:* rwm",
  ),
  fc.string({ maxLength: 12 }),
);
const saidText = text.map((value) => said(value));
const spec: fc.Arbitrary<ContainerSpec> = fc.record(
  {
    engine: fc.constantFrom("docker", "podman", "nerdctl", "kubernetes"),
    mounts: fc.constant([]),
    rootless: fc.boolean().map((value) => said(value)),
    privileged: fc.boolean().map((value) => said(value)),
    user: saidText,
    capAdd: fc.array(saidText, { maxLength: 3 }),
    capDrop: fc.array(saidText, { maxLength: 3 }),
    pid: saidText,
    ipc: saidText,
    network: saidText,
    userns: saidText,
    cgroupns: saidText,
    runtime: saidText,
    maskPaths: fc.array(saidText, { maxLength: 2 }),
    unmaskPaths: fc.array(saidText, { maxLength: 2 }),
    deviceCgroupRules: fc.array(saidText, { maxLength: 2 }),
    engineVersion: fc.oneof(
      saidText,
      fc.constantFrom("20.10.24+dfsg1", "28.5.2", "5.6.2").map((value) => said(value)),
    ),
  },
  { requiredKeys: ["engine", "mounts"] },
);

describe("for every spec", () => {
  const hosts = [unknownHost(), patchedHost(), ...presets.map((preset) => hostFromPreset(preset))];
  const everyFact = (boundary: Boundary): readonly { known: boolean; candidates?: readonly unknown[] }[] => {
    const found: { known: boolean; candidates?: readonly unknown[] }[] = [];
    JSON.stringify({ ...boundary, host: null }, (_key, value: unknown) => {
      if (typeof value === "object" && value !== null && "known" in value)
        found.push(value as { known: boolean });
      return value;
    });
    return found;
  };
  test("there is a boundary, and an unknown fact that lists its values lists at least one, none twice", () => {
    fc.assert(
      fc.property(spec, fc.constantFrom(...hosts), (given, host) => {
        for (const fact of everyFact(boundaryOf({ spec: given, host }))) {
          const { candidates } = fact;
          if (fact.known || candidates === undefined) continue;
          expect(candidates.length).toBeGreaterThan(0);
          expect(new Set(candidates.map((value) => JSON.stringify(value))).size).toBe(candidates.length);
        }
      }),
      { numRuns: 400 },
    );
  });
  test("a privileged container never has fewer capabilities than an ordinary one", () => {
    fc.assert(
      fc.property(spec, (given) => {
        const sizes = [true, false].map((privileged) => {
          const { bounding } = boundaryOf({ spec: { ...given, privileged: said(privileged) } }).process
            .capabilities;
          return (bounding.known ? [bounding.value] : (bounding.candidates ?? [])).map((set) => set.length);
        });
        expect(Math.min(...(sizes[0] ?? []))).toBeGreaterThanOrEqual(Math.max(...(sizes[1] ?? [])));
      }),
    );
  });
});
