import { describe, expect, test } from "vitest";
import { hostPathGains } from "../../src/boundary/host-paths.ts";
import { stages } from "../../src/knowledge/types.ts";
import type { Formula, Stage } from "../../src/knowledge/types.ts";
import { allTechniques, techniqueFiles, vulnerabilityFiles } from "../helpers/knowledge.ts";

const files = [...techniqueFiles, ...vulnerabilityFiles];

/** Stages that are a goal, or reached without a technique. */
const ends: readonly Stage[] = [
  "host-root",
  "host-write",
  "host-read",
  "sibling",
  "denial-of-service",
  "exposure",
];

function conditionsOf(formula: Formula): readonly (readonly [string, unknown])[] {
  return Object.entries(formula).flatMap(([key, value]) =>
    key === "all" || key === "any" ? (value as Formula[]).flatMap(conditionsOf) : [[key, value] as const],
  );
}

describe("technique files", () => {
  test("there are as many as the product needs", () => {
    expect(techniqueFiles.length).toBeGreaterThanOrEqual(90);
    expect(vulnerabilityFiles.length).toBeGreaterThanOrEqual(12);
  });

  test.each(files)("$path is valid, and its id is the file's name", ({ problems }) => {
    expect(problems).toEqual([]);
  });

  test("ids and titles are unique, aliases are nobody's id", () => {
    const ids = allTechniques.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(allTechniques.map(({ title }) => title)).size).toBe(ids.length);
    for (const alias of allTechniques.flatMap(({ aliases }) => aliases ?? []))
      expect(ids).not.toContain(alias);
  });

  test.each(allTechniques)("$id has examples, a reason in one sentence and a reference", (technique) => {
    const { examples, reason, references, remedy = "" } = technique;
    expect(examples.closed.length).toBeGreaterThan(0);
    // A reason completes "web: ...": no capital at the start of a plain word, no full stop.
    expect(reason).toMatch(/[^.]$/);
    expect(`${reason} ${remedy}`).not.toMatch(/vulnerable|please|!/i);
    for (const { supports } of references) expect(supports.length).toBeGreaterThan(5);
  });

  test("a draft says so by its confidence: nothing of high confidence waits for confirmation", () => {
    for (const { status, confidence, id } of allTechniques)
      if (status === "draft") expect([id, confidence]).not.toContain("high");
  });

  test("most techniques rest on a source", () => {
    const drafts = allTechniques.filter(({ status }) => status === "draft");
    expect(drafts.length / allTechniques.length).toBeLessThan(0.1);
  });
});

describe("stages", () => {
  test("every stage that a technique starts from is reached by another one", () => {
    const reached = new Set<Stage>(["workload", "container-root", ...allTechniques.map(({ to }) => to)]);
    for (const { from, id } of allTechniques) expect([id, reached.has(from)]).toEqual([id, true]);
  });

  test("every stage that a technique ends at is a goal, or another one leads on from there", () => {
    const left = new Set<Stage>(["container-root", ...ends, ...allTechniques.map(({ from }) => from)]);
    for (const { to, id } of allTechniques) expect([id, left.has(to)]).toEqual([id, true]);
  });

  test("every stage is of use", () => {
    const named = new Set(allTechniques.flatMap(({ from, to }) => [from, to]));
    expect(stages.filter((stage) => !named.has(stage) && stage !== "container-root")).toEqual([]);
  });
});

describe("what techniques ask for", () => {
  test("a technique of the misconfiguration axis asks for something that a configuration decides", () => {
    for (const { axis, requires, id, from } of allTechniques) {
      if (axis !== "misconfiguration" || from !== "workload") continue;
      expect([id, conditionsOf(requires).filter(([key]) => key !== "kernel").length > 0]).toEqual([id, true]);
    }
  });

  test("a capability that counts against the host is asked for with a shared kernel, or inside a virtual machine", () => {
    for (const { requires, id } of allTechniques) {
      const asked = conditionsOf(requires);
      if (!asked.some(([key]) => key === "capability")) continue;
      expect([id, asked.some(([key]) => key === "kernel")]).toEqual([id, true]);
    }
  });

  test("every gain of a host path is named by a technique, but for those that are shown only", () => {
    const asked = new Set(
      allTechniques.flatMap(({ requires }) =>
        conditionsOf(requires).flatMap(([key, value]) =>
          key === "host-path" ? [(value as { gives: string }).gives] : [],
        ),
      ),
    );
    const shownOnly = ["kernel-interface", "user-credentials"];
    expect(hostPathGains.filter((gain) => !asked.has(gain)).sort()).toEqual(shownOnly.sort());
  });
});

describe("examples one barrier apart", () => {
  /** Conditions, and the barrier that an example has to show closing a technique that asks for one of them. */
  const shown: readonly (readonly [barrier: string, conditions: readonly string[]])[] = [
    ["gvisor-correct", ["kernel"]],
    ["capability", ["capability"]],
    ["seccomp", ["syscall", "socket-family", "may-mount"]],
    ["non-root", ["uid", "writable"]],
    ["user-namespace", ["uid", "writable", "capability"]],
    ["apparmor", ["lsm-permits"]],
  ];
  /** Where that barrier does not close it, and why. */
  const exceptions: Readonly<Record<string, string>> = {
    "guest-kernel-bug gvisor-correct": "it asks for a virtual machine, which has no gVisor in it",
    "guest-kernel-by-privilege gvisor-correct": "likewise",
    "runtime-bug-operator gvisor-correct": "the runtime is entered from the host, gVisor's as any other",
    "host-ipc-services gvisor-correct": "the namespace is asked first, and gVisor shares none",
    "host-process-signal capability": "root of the host needs none",
    "segment-spoofing user-namespace": "the capability counts over the network that the container was given",
    "kernel-log-read user-namespace": "the sysctl is the other way, and says nothing of users",
    "sibling-process apparmor": "the profile permits tracing within itself, and siblings share it",
    "handle-read apparmor": "the profile does not mediate handles",
    "handle-write apparmor": "likewise",
    "module-load apparmor": "the profile does not mediate modules; SELinux does",
  };

  const cases = allTechniques
    .filter(({ vulnerability }) => !vulnerability)
    .flatMap((technique) => {
      const asked = new Set(conditionsOf(technique.requires).map(([key]) => key));
      return shown
        .filter(([, keys]) => keys.some((key) => asked.has(key)))
        .map(([barrier]) => ({ technique, barrier }));
    });

  test.each(cases)("$technique.id: closed by $barrier alone", ({ technique, barrier }) => {
    if (`${technique.id} ${barrier}` in exceptions) return;
    const by = technique.examples.closed.map((example) => example.by.split(":")[0]);
    expect(by).toContain(barrier);
  });

  test("exceptions name cases that exist", () => {
    const names = new Set(cases.map(({ technique, barrier }) => `${technique.id} ${barrier}`));
    expect(Object.keys(exceptions).filter((name) => !names.has(name))).toEqual([]);
  });
});
