import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { toData } from "../../src/base/document.ts";
import { sourceText } from "../../src/base/location.ts";
import { parseYaml } from "../../src/base/parse-yaml.ts";
import type { Boundary } from "../../src/boundary/boundary.ts";
import { defaulted } from "../../src/boundary/fact.ts";
import type { HostFacts } from "../../src/boundary/host.ts";
import { conditions } from "../../src/conditions/registry.ts";
import type { Verdict } from "../../src/conditions/verdict.ts";
import { statusOf } from "../../src/conditions/verdict.ts";
import { affectedVerdict } from "../../src/engine/affected.ts";
import { compileFormula, evaluate } from "../../src/engine/formula.ts";
import type { Technique, Vulnerability } from "../../src/knowledge/types.ts";
import type { PackageFixes } from "../../src/knowledge/versions/packages.ts";
import { resolveProfile } from "../../src/seccomp/resolve.ts";
import { asUser, plain } from "../helpers/host-boundary.ts";
import { shippedProfile } from "../seccomp/shipped.ts";

const by = <T>(value: T) => defaulted(value, "the test");

function read(path: string): Technique & { vulnerability: Vulnerability } {
  const { documents } = parseYaml(
    sourceText(
      path,
      readFileSync(new URL(`../../knowledge/vulnerabilities/${path}.yaml`, import.meta.url), "utf8"),
    ),
  );
  return (documents[0] ? toData(documents[0]) : {}) as Technique & { vulnerability: Vulnerability };
}
const dirtyPipe = read("kernel/CVE-2022-0847");
const overlay = read("kernel/CVE-2021-3493");
const leakyVessels = read("runtime/CVE-2024-21626");
const overwrite = read("runtime/CVE-2019-5736");
const shim = read("runtime/CVE-2020-15257");

function on(facts: Partial<HostFacts>, base: Boundary = plain): Boundary {
  return { ...base, host: { ...plain.host, ...facts } };
}
function verdictOf({ vulnerability }: { vulnerability: Vulnerability }, boundary: Boundary) {
  return affectedVerdict(vulnerability, boundary);
}
/** The same vulnerability with these advisories of distributions. */
function advisedBy(
  { vulnerability }: { vulnerability: Vulnerability },
  packages: PackageFixes,
): Vulnerability {
  return { ...vulnerability, affected: { ...vulnerability.affected, packages } };
}
const withoutPackages = (of: { vulnerability: Vulnerability }) => advisedBy(of, {});
const words = { holds: "affected", blocked: "patched", unknown: "unknown" } as const;
const answer = (verdict: Verdict) => words[statusOf(verdict)];

describe("kernels", () => {
  test.each([
    ["5.10.101", "affected"],
    ["5.10.102", "patched"],
    ["5.15.24-talos", "affected"],
    ["5.15.25", "patched"],
    ["5.16.11-arch1-1", "patched"],
    ["5.17", "patched"],
    ["5.7", "patched"],
    ["6.8.0-51-generic", "patched"],
    ["5.15.0-25-generic", "unknown"],
    ["5.4.0-100-generic", "patched"],
    ["5.10.0-11-amd64", "unknown"],
    ["5.14.0-503.el9.x86_64", "unknown"],
    ["4.18.0-348.el8.x86_64", "unknown"],
    ["6.12.0-55.el10.x86_64", "patched"],
  ])("Dirty Pipe on %s: %s", (release, wanted) => {
    expect(answer(verdictOf(dirtyPipe, on({ kernelRelease: by(release) })))).toBe(wanted);
  });

  test("a distribution's kernel names the package as what would decide", () => {
    const verdict = verdictOf(dirtyPipe, on({ kernelRelease: by("5.15.0-25-generic") }));
    expect(verdict.undecided.map((u) => u.fact)).toEqual(["host.kernel.package"]);
    expect(verdict.barriers).toEqual(["patched:CVE-2022-0847"]);
  });

  const debian = (version: string) =>
    on({
      kernelRelease: by("5.10.0-11-amd64"),
      distribution: by("Debian GNU/Linux 11"),
      versions: new Map([["linux", by(version)]]),
    });

  test("Debian's package is kernel.org's point release, and may have a fix before that has it", () => {
    expect(answer(verdictOf(dirtyPipe, debian("5.10.103-1")))).toBe("patched");
    expect(answer(verdictOf(dirtyPipe, debian("5.7.10-1")))).toBe("patched");
    // Debian 11 got the fix of this one in 5.10.92-2, upstream's branch in 5.10.102.
    const verdict = verdictOf({ vulnerability: withoutPackages(dirtyPipe) }, debian("5.10.92-2"));
    expect(answer(verdict)).toBe("unknown");
    expect(verdict.undecided.map((u) => u.fact)).toEqual(["host.kernel.package"]);
  });

  const advised = advisedBy(dirtyPipe, {
    debian: { "11": "5.10.92-2" },
    ubuntu: { "22.04": "5.15.0-22.22", "20.04": "not-affected" },
    rhel: { "8": "0" },
    amazon: { "2": "5.10.96-90.460.amzn2" },
    cos: { "93": "16623.102.20" },
  });
  test.each([
    ["5.10.0-11-amd64", "5.10.92-1", "Debian GNU/Linux 11", "affected"],
    ["5.10.0-11-amd64", "5.10.92-2", "Debian GNU/Linux 11", "patched"],
    ["5.15.0-18-generic", undefined, "Ubuntu 22.04", "affected"],
    ["5.15.0-18-generic", undefined, undefined, "unknown"],
    ["5.15.0-25-generic", undefined, "Ubuntu 22.04", "patched"],
    ["5.15.0-22-generic", undefined, "Ubuntu 22.04", "unknown"],
    ["5.15.0-1001-aws", undefined, "Ubuntu 22.04", "unknown"],
    // Ubuntu says it of the kernel that 20.04 began with, not of the newer one that it also has.
    ["5.13.0-30-generic", undefined, "Ubuntu 20.04", "unknown"],
    ["4.18.0-348.el8.x86_64", undefined, "Red Hat Enterprise Linux 8.5", "patched"],
    ["5.14.0-70.el9_0.x86_64", undefined, "Red Hat Enterprise Linux 9.0", "unknown"],
    ["5.10.93-87.444.amzn2.x86_64", undefined, "Amazon Linux 2", "affected"],
    ["5.10.96-90.460.amzn2.x86_64", undefined, "Amazon Linux 2", "patched"],
    ["5.10.90+", undefined, "cos-93-16623.102.19", "affected"],
    ["5.10.90+", undefined, "cos-93-16623.102.20", "patched"],
    ["5.10.90+", undefined, "Container-Optimized OS 93", "unknown"],
    ["5.16.10-0-lts", undefined, "Alpine Linux v3.15", "affected"],
  ])("advised: %s, %s on %s: %s", (release, installed, distribution, wanted) => {
    const host = on({
      kernelRelease: by(release),
      ...(distribution === undefined ? {} : { distribution: by(distribution) }),
      versions: new Map(installed === undefined ? [] : [["linux", by(installed)]]),
    });
    expect(answer(affectedVerdict(advised, host))).toBe(wanted);
  });

  test("a package alone is judged as its distribution's, where what runs is not known", () => {
    const only = (version: string, distribution: string) =>
      answer(
        affectedVerdict(
          advised,
          on({ distribution: by(distribution), versions: new Map([["linux", by(version)]]) }),
        ),
      );
    expect(only("5.15.0-18.18", "Ubuntu 22.04")).toBe("affected");
    expect(only("5.15.0-22.22", "Ubuntu 22.04")).toBe("patched");
    expect(only("5.13.0-30.33", "Ubuntu 21.10")).toBe("unknown");
    expect(only("5.4.0-100.113", "Ubuntu 18.04")).toBe("patched");
    expect(only("4.18.0-348.el8", "Rocky Linux 8.5")).toBe("patched");
    expect(only("5.14.0-70.el9_0", "Rocky Linux 9.0")).toBe("unknown");
  });

  test("an unknown release names itself; a host that is assumed patched is patched", () => {
    const verdict = verdictOf(dirtyPipe, plain);
    expect(verdict.undecided.map((u) => u.fact)).toEqual(["host.kernel.release"]);
    expect(answer(verdict)).toBe("unknown");
    expect(answer(verdictOf(dirtyPipe, on({ assumedPatched: true })))).toBe("patched");
  });

  test("a release that is known to have it wins over the assumption", () => {
    expect(answer(verdictOf(dirtyPipe, on({ assumedPatched: true, kernelRelease: by("5.10.101") })))).toBe(
      "affected",
    );
  });

  test("a bug of Ubuntu's own is nobody else's", () => {
    expect(answer(verdictOf(overlay, on({ kernelRelease: by("5.4.0-72-generic") })))).toBe("unknown");
    expect(answer(verdictOf(overlay, on({ kernelRelease: by("5.10.0-11-amd64") })))).toBe("patched");
    expect(answer(verdictOf(overlay, on({ distribution: by("Fedora Linux 33") })))).toBe("patched");
    expect(answer(verdictOf(overlay, on({ kernelRelease: by("6.8.0-51-generic") })))).toBe("patched");
  });
});

describe("runtimes", () => {
  const runc = (version: string, facts: Partial<HostFacts> = {}) =>
    on({ ...facts, versions: new Map([["runc", by(version)]]) });

  test.each([
    ["1.0.0-rc92", "patched"],
    ["1.0.0-rc93", "affected"],
    ["1.1.11", "affected"],
    ["1.1.12", "patched"],
    ["1.3.3", "patched"],
    ["1.1.5+ds1-1+deb12u1", "patched"],
    ["1.1.5+ds1-1+b4", "unknown"],
    ["1.1.5+ds1", "unknown"],
    ["1.0.0~rc93+ds1-5+deb11u2", "affected"],
    ["1.0.0~rc93+ds1-5+deb11u3", "patched"],
    ["1.1.7-0ubuntu1~22.04.1", "unknown"],
    ["1.1.12-1.el9", "patched"],
    ["nonsense", "unknown"],
  ])("CVE-2024-21626 with runc %s: %s", (version, wanted) => {
    expect(answer(verdictOf(leakyVessels, runc(version)))).toBe(wanted);
  });

  test("Debian's release settles a version that does not name it", () => {
    const facts = { distribution: by("Debian GNU/Linux 12 (bookworm)") };
    expect(answer(verdictOf(leakyVessels, runc("1.1.5+ds1-1+b4", facts)))).toBe("affected");
  });

  const advised = advisedBy(leakyVessels, {
    debian: { "11": "1.0.0~rc93+ds1-5+deb11u3", "12": "1.1.5+ds1-1+deb12u1", "13": "not-affected" },
    ubuntu: { "22.04": "1.1.7-0ubuntu1~22.04.2" },
    rhel: { "9": "4:1.1.12-1.el9_3" },
    amazon: { "2023": "1.1.11-1.amzn2023" },
    alpine: { "3.19": "1.1.12-r0" },
    cos: { "109": "17800.66.54" },
  });
  test.each([
    ["1.1.5+ds1-1", "Debian GNU/Linux 12", "affected"],
    ["1.1.5+ds1-1+deb12u1", "Debian GNU/Linux 12", "patched"],
    ["1.1.5+ds1-4", "Debian GNU/Linux 13", "patched"],
    // Older than Debian's fix, but made from a release that has it, or had no bug yet.
    ["1.0.0~rc90+ds1-1", "Debian GNU/Linux 11", "unknown"],
    ["1.1.7-0ubuntu1~22.04.1", "Ubuntu 22.04", "affected"],
    ["1.1.7-0ubuntu1~22.04.2", "Ubuntu 22.04", "patched"],
    ["1.1.7-0ubuntu1~20.04.1", "Ubuntu 20.04", "unknown"],
    ["1.1.9-1.el9", "Red Hat Enterprise Linux 9", "affected"],
    ["1.1.9-1.el9", "AlmaLinux 9", "unknown"],
    ["1.1.9-1.el9", undefined, "unknown"],
    ["4:1.1.12-1.el9_3", "AlmaLinux 9", "patched"],
    ["1.0.0-74.rc95.module+el8.4.0", "Red Hat Enterprise Linux 8.4", "unknown"],
    ["1.1.7-3.amzn2023", "Amazon Linux 2023", "affected"],
    ["1.1.11-r1", "Alpine Linux v3.19", "affected"],
    ["1.1.11-r1", "Alpine Linux v3.18", "unknown"],
    ["1.1.7", "cos-109-17800.66.50", "affected"],
    ["1.1.7", "cos-109-17800.66.54", "patched"],
    ["1.1.7", "Container-Optimized OS 109", "unknown"],
    // Without the package's own part: what is installed may carry the fix.
    ["1.1.9", "Red Hat Enterprise Linux 9", "unknown"],
    ["1.1.9", "Ubuntu 22.04", "unknown"],
    ["1.1.9", "Arch Linux", "affected"],
    ["1.1.9-1", undefined, "unknown"],
    ["1.1.9-1~ubuntu.22.04~jammy", "Ubuntu 22.04", "affected"],
    ["5:1.1.9-1~debian.12~bookworm", "Debian GNU/Linux 12", "affected"],
  ])("advised: %s on %s: %s", (version, distribution, wanted) => {
    const facts = distribution === undefined ? {} : { distribution: by(distribution) };
    expect(answer(affectedVerdict(advised, runc(version, facts)))).toBe(wanted);
  });

  test("what stays unknown names the package and says that it may carry the fix", () => {
    const { undecided } = affectedVerdict(advised, runc("1.1.9", { distribution: by("Rocky Linux 9") }));
    expect(undecided).toEqual([
      {
        fact: "host.versions.runc",
        reason: "runc 1.1.9 is on Rocky Linux 9, whose package may carry the fix of 1.1.12",
      },
    ]);
  });

  test("the build of a Container-Optimized OS may be a fact of its own", () => {
    const build = (cos: string) =>
      on({
        distribution: by("Container-Optimized OS 109"),
        versions: new Map([
          ["runc", by("1.1.7")],
          ["cos", by(cos)],
        ]),
      });
    expect(answer(affectedVerdict(advised, build("17800.66.50")))).toBe("affected");
    expect(answer(affectedVerdict(advised, build("17800.218.20")))).toBe("patched");
  });

  test("an unknown version is asked for by name", () => {
    expect(verdictOf(leakyVessels, plain).undecided.map((u) => u.fact)).toEqual(["host.versions.runc"]);
  });

  test("without a known fix the version alone never tells", () => {
    const vulnerability = {
      ...leakyVessels.vulnerability,
      affected: { kind: "ranges", ranges: [{ introduced: "0", fixed: null }] },
    } as const;
    expect(answer(affectedVerdict(vulnerability, runc("1.3.3")))).toBe("unknown");
  });

  test("what the container says of its own engine goes before the host's", () => {
    const vulnerability = {
      ...shim.vulnerability,
      component: "docker",
      affected: { kind: "ranges", ranges: [{ introduced: "0", fixed: "29.0.0" }] },
    } as const;
    expect(answer(affectedVerdict(vulnerability, plain))).toBe("patched");
  });
});

describe("what reaching a vulnerability takes", () => {
  const byId = new Map(conditions.map((condition) => [condition.id, condition]));
  const filter = resolveProfile(shippedProfile("docker-29.4.3").profile, {
    capabilities: new Set(["CAP_NET_RAW"]),
    arch: "amd64",
    kernel: [6, 1],
  });
  const filtered: Boundary = {
    ...plain,
    process: { ...plain.process, seccomp: by({ kind: "filter", name: "docker-29.4.3", filter: "docker" }) },
  };
  const reach = ({ requires }: Technique, boundary: Boundary) =>
    evaluate(compileFormula(requires, byId), {
      context: { boundary, actor: "workload", filters: new Map([["docker", filter]]), hostPaths: [] },
      memo: new Map(),
    });

  test("CVE-2024-21626 takes a hostile image, or somebody who enters", () => {
    expect(reach(leakyVessels, plain).worst).toEqual([["no-operator-action"], ["trusted-image"]]);
    expect(statusOf(reach(leakyVessels, { ...plain, operatorActions: by(["exec"]) }))).toBe("holds");
    expect(statusOf(reach(leakyVessels, { ...plain, image: { ...plain.image, trusted: by(false) } }))).toBe(
      "holds",
    );
    expect(reach(leakyVessels, { ...plain, runtime: by("crun") }).barriers).toContain("runtime:crun");
  });

  test("CVE-2020-15257 takes the host's network and root", () => {
    const hostNetwork: Boundary = {
      ...plain,
      namespaces: { ...plain.namespaces, net: by({ kind: "host" }) },
    };
    expect(reach(shim, plain).worst).toEqual([["namespace:net"]]);
    expect(reach(shim, asUser(1000, [], hostNetwork)).worst).toEqual([["non-root"]]);
    expect(statusOf(reach(shim, hostNetwork))).toBe("holds");
  });

  test("CVE-2019-5736 is closed by a user namespace", () => {
    const entered: Boundary = { ...plain, operatorActions: by(["exec"]) };
    expect(statusOf(reach(overwrite, entered))).toBe("holds");
    const remapped: Boundary = {
      ...entered,
      namespaces: { ...plain.namespaces, user: by({ kind: "private" }) },
    };
    expect(reach(overwrite, remapped).worst).toEqual([["user-namespace"]]);
  });

  test("a capability over a namespace of one's own is closed by Docker's filter", () => {
    const nftables = read("kernel/CVE-2024-1086");
    expect(reach(nftables, filtered).worst).toEqual([["capability:CAP_NET_ADMIN"], ["seccomp"]]);
    expect(
      statusOf(
        reach(nftables, { ...plain, process: { ...plain.process, seccomp: by({ kind: "unconfined" }) } }),
      ),
    ).toBe("holds");
  });

  test("Dirty Pipe needs nothing that Docker's default takes away", () => {
    expect(statusOf(reach(dirtyPipe, asUser(1000, [], filtered)))).toBe("holds");
  });

  test("packet sockets are closed by dropping NET_RAW, together with the filter", () => {
    const packet = read("kernel/CVE-2017-7308");
    expect(statusOf(reach(packet, filtered))).toBe("holds");
    expect(reach(packet, asUser(1000, [], filtered)).worst).toEqual([
      ["capability:CAP_NET_RAW"],
      ["seccomp"],
    ]);
  });
});
