import { describe, expect, test } from "vitest";
import type { Target } from "../../src/assess.ts";
import { scan } from "../../src/assess.ts";
import type { ReportedVulnerability, Subject } from "../../src/engine/assessment.ts";
import { shippedKnowledge } from "../../src/knowledge/store.ts";
import { goals } from "../../src/knowledge/types.ts";
import { createFiles } from "../assess/files.ts";

interface Asked {
  readonly host: string;
  readonly assume?: Readonly<Record<string, string>>;
  readonly vulnerabilities?: boolean;
}

/** The one container of a target, with every known vulnerability judged by itself. */
async function subjectOf(
  target: Target,
  { host, assume = {}, vulnerabilities = true }: Asked,
): Promise<Subject> {
  const { subjects } = await scan(
    {
      targets: [target],
      host,
      goals,
      failOn: 1,
      judge: "worst",
      assume: new Map(Object.entries(assume)),
      order: 2,
      boundary: false,
      profiles: [],
      vulnerabilities,
    },
    { keep: true },
  );
  const [subject] = subjects;
  if (!subject) throw new Error("the target is one container");
  return subject;
}

const container = async (line: string, host: string, assume: Asked["assume"] = {}): Promise<Subject> =>
  subjectOf({ kind: "command", argv: line.split(" ") }, { host, assume });

const found = ({ vulnerabilities = [] }: Subject, cve: string): ReportedVulnerability => {
  const one = vulnerabilities.find((vulnerability) => vulnerability.cve === cve);
  if (!one) throw new Error(`${cve} is not judged`);
  return one;
};
const known = shippedKnowledge().techniques.filter(
  ({ vulnerability, status }) => vulnerability && status !== "deprecated",
);
const asRoot = { "image-user": "0" };

const lines = [
  "docker run alpine",
  "docker run --user 1000 --security-opt no-new-privileges alpine",
  "docker run --security-opt seccomp=unconfined alpine",
  "docker run --privileged alpine",
  "docker run --network host alpine",
  "docker run --runtime=runsc alpine",
  "docker run --runtime=io.containerd.kata.v2 alpine",
  "podman run alpine",
];
const hosts = ["patched", "unknown", "debian-12-docker", "ubuntu-24.04-docker-28"];
const cases = lines.flatMap((line) => hosts.map((host) => [line, host] as const));

test("they are judged only when somebody asks", async () => {
  const target: Target = { kind: "command", argv: ["docker", "run", "alpine"] };
  const subject = await subjectOf(target, { host: "unknown", vulnerabilities: false });
  expect(subject.vulnerabilities).toBeUndefined();
});

describe.each(cases)("%s on %s", (line, host) => {
  test("every known one is judged once, in order", async () => {
    const { vulnerabilities = [] } = await container(line, host);
    const cves = vulnerabilities.map(({ cve }) => cve);
    expect(cves).toEqual([...cves].sort());
    expect(new Set(cves)).toEqual(new Set(known.map(({ id, vulnerability }) => vulnerability?.cve ?? id)));
  });

  test("what the backtest reaches, nothing is said to hold; what is held says by what", async () => {
    const { vulnerabilities = [], backtest } = await container(line, host);
    const reached = new Set([...backtest.kernel.ids, ...backtest.runtime.ids]);
    for (const { cve, reachable, barriers } of vulnerabilities) {
      if (reached.has(cve)) expect(`${cve} ${reachable}`).not.toBe(`${cve} no`);
      expect(barriers.length > 0).toBe(reachable === "no");
    }
  });

  test("open ways and open vulnerabilities are the same, and nothing unknown is closed", async () => {
    const { vulnerabilities = [], paths } = await container(line, host);
    const open = new Set(
      paths.flatMap(({ status, cve }) => (status === "open" && cve !== null ? [cve] : [])),
    );
    for (const one of vulnerabilities) {
      if (open.has(one.cve))
        expect(one).toMatchObject({ cve: one.cve, version: "affected", reachable: "yes" });
      if (one.status === "closed")
        expect(one.version === "fixed" || one.version === "not-affected" || one.reachable === "no").toBe(
          true,
        );
      if (!one.confirmed && one.status !== "unknown")
        expect(["fixed", "not-affected"]).toContain(one.version);
      if (one.status === "unknown") expect(one.wouldDecide).not.toEqual([]);
      expect(one.evidence).not.toEqual([]);
    }
  });
});

describe("on a host of which no version is known", () => {
  test.each(["patched", "unknown"])(
    "%s: what can be reached is unknown, what cannot is closed",
    async (host) => {
      const subject = await container("docker run alpine", host, asRoot);
      expect(found(subject, "CVE-2022-0847")).toMatchObject({
        version: "unknown",
        reachable: "yes",
        status: "unknown",
        installed: null,
      });
      expect(found(subject, "CVE-2022-0847").wouldDecide).toEqual(["host.kernel.release"]);
      expect(found(subject, "CVE-2022-0185")).toMatchObject({
        version: "unknown",
        reachable: "no",
        status: "closed",
        barriers: ["seccomp"],
      });
    },
  );
  test("another kernel closes those of the host's, and names itself alone", async () => {
    const subject = await container("docker run --runtime=runsc alpine", "unknown");
    expect(found(subject, "CVE-2022-0847")).toMatchObject({ status: "closed", barriers: ["gvisor-correct"] });
  });
  test("a runtime that is not in use is named as the barrier", async () => {
    const subject = await container("docker run alpine", "unknown", asRoot);
    expect(found(subject, "CVE-2022-0811").barriers).toEqual(["engine:docker"]);
  });
});

describe("on a host whose versions are known", () => {
  test("a fix is a fix, whatever can be reached; what the kernel is too new for too", async () => {
    const subject = await container("docker run --privileged alpine", "debian-12-docker");
    expect(found(subject, "CVE-2022-0847")).toMatchObject({ version: "fixed", status: "closed" });
    expect(found(subject, "CVE-2022-0847").installed).toMatch(/^6\.1/);
    expect(found(subject, "CVE-2022-0847").barriers).toEqual([]);
  });
  test("a version with the bug, from where it can be reached, is open, with what to do", async () => {
    const files = createFiles();
    const pod = (hostNetwork: boolean): string =>
      [
        "apiVersion: v1",
        "kind: Pod",
        "metadata: { name: app }",
        "spec:",
        `  hostNetwork: ${String(hostNetwork)}`,
        "  containers: [{ name: app, image: alpine, securityContext: { runAsUser: 0 } }]",
        "",
      ].join("\n");
    const asked = { host: "patched", assume: { cri: "containerd", "engine-version": "1.4.0" } };
    const shared = await subjectOf({ kind: "path", path: files.write("shared.yaml", pod(true)) }, asked);
    const apart = await subjectOf({ kind: "path", path: files.write("apart.yaml", pod(false)) }, asked);
    files.remove();
    expect(found(shared, "CVE-2020-15257")).toMatchObject({
      version: "affected",
      reachable: "yes",
      status: "open",
      installed: "1.4.0",
      wouldDecide: [],
    });
    expect(found(shared, "CVE-2020-15257").remedy).toContain("install containerd");
    expect(found(apart, "CVE-2020-15257")).toMatchObject({ status: "closed", barriers: ["namespace:net"] });
  });
  test("a bug of another distribution's kernels was never there", async () => {
    const subject = await container("docker run alpine", "debian-12-docker");
    expect(found(subject, "CVE-2021-3493")).toMatchObject({ version: "not-affected", status: "closed" });
  });
});
