import { describe, expect, test } from "vitest";
import {
  kernelStatus,
  packageOfRelease,
  releaseOfPackage,
  runningPackage,
} from "../../../src/knowledge/versions/kernel-package.ts";
import { originOf } from "../../../src/knowledge/versions/distribution.ts";
import type { PackageFixes } from "../../../src/knowledge/versions/packages.ts";
import {
  advisoryFor,
  isVendors,
  mayCarryFixes,
  packageStatus,
  upstreamOf,
} from "../../../src/knowledge/versions/packages.ts";

describe("what is upstream's in a package's version", () => {
  test.each([
    ["1.1.12", "1.1.12"],
    ["4:1.1.12-1.el9_3", "1.1.12-1.el9_3"],
    ["1.0.0-74.rc95.module+el8.4.0+11822", "1.0.0-rc95"],
    ["4:1.0.0-3.rc10.el9", "1.0.0-rc10"],
    ["5:28.1.1-1~ubuntu.24.04~noble", "28.1.1-1~ubuntu.24.04~noble"],
  ])("%s → %s", (version, upstream) => {
    expect(upstreamOf(version)).toBe(upstream);
  });

  test.each([
    "1.1.12",
    "v2.1.0-beta.0",
    "1.0.0-rc93",
    "20250319.0",
    "5:28.1.1-1~debian.12~bookworm",
    "18.09.1-ce",
  ])("%s is upstream's own", (version) => {
    expect(mayCarryFixes(version)).toBe(false);
  });
  test.each([
    "1.1.5+ds1-1+deb12u1",
    "1.1.12-1.el9",
    "1.0.0-74.rc95.module+el8",
    "1.7.27-1",
    "4.9.4-rhel",
    "1.35.6-eks-8f14419",
    "1.33.5-gke.1201000",
    "1.1.12-r3",
  ])("%s may carry fixes", (version) => {
    expect(mayCarryFixes(version)).toBe(true);
    expect(isVendors(version)).toBe(false);
  });
});

const packages: PackageFixes = {
  debian: { "12": "1.1.5+ds1-1+deb12u1", "13": "not-affected" },
  ubuntu: { "22.04": "1.1.7-0ubuntu1~22.04.2" },
  rhel: {
    "9": "4:1.1.12-1.el9_3",
    "9.2": "4:1.1.9-2.el9_2",
    "8": "1:1.1.12-1.module+el8.9.0+21243+a586538b",
  },
  almalinux: { "8": "1:1.1.11-3.module+el8.9.0+1+alma" },
  amazon: { "2023": "1.1.11-1.amzn2023" },
  alpine: { "3.19": "1.1.12-r0" },
};

describe("a distribution's advisory", () => {
  const status = (version: string, host: string | undefined) => {
    const origin = originOf(version, host);
    const advisory = origin && advisoryFor(version, origin, packages);
    return advisory && packageStatus(version, advisory, origin);
  };
  test.each([
    ["1.1.5+ds1-1+b4", "Debian GNU/Linux 12", "affected"],
    ["1.1.5+ds1-1+deb12u1", undefined, "fixed"],
    ["1.1.5+ds1-1", "Debian GNU/Linux 11", undefined],
    ["1.1.7-0ubuntu1~22.04.1", "Ubuntu 22.04.5", "affected"],
    ["1.1.7-0ubuntu1~22.04.2", undefined, "fixed"],
    ["1.1.12-0ubuntu2~22.04.1", "Ubuntu 22.04", "fixed"],
    ["1.1.7-0ubuntu1~20.04.1", "Ubuntu 20.04", undefined],
    ["4:1.1.9-1.el9", "Red Hat Enterprise Linux 9.3", "affected"],
    ["1.1.12-1.el9_3", "Red Hat Enterprise Linux 9.3", "fixed"],
    ["4:1.1.13-1.el9", "Red Hat Enterprise Linux 9", "fixed"],
    ["4:1.1.9-1.el9_2", "Red Hat Enterprise Linux 9.2", "affected"],
    ["4:1.1.9-2.el9_2", "Red Hat Enterprise Linux 9.2", "fixed"],
    ["4:1.1.9-1.el9_0", "Red Hat Enterprise Linux 9.0", "perhaps"],
    ["4:1.1.9-1.el9", undefined, "perhaps"],
    ["4:1.1.13-1.el9", undefined, "perhaps"],
    ["4:1.1.12-1.el9_3", undefined, "fixed"],
    ["4:1.1.9-1.el9", "Rocky Linux 9.3", "perhaps"],
    ["4:1.1.13-1.el9_4", "Rocky Linux 9.4", "fixed"],
    ["4:1.1.13-1.el9", "CentOS Stream 9", "perhaps"],
    ["1:1.1.11-3.module+el8.9.0+1+alma", "AlmaLinux 8.9", "fixed"],
    ["1:1.1.11-2.module+el8.9.0+1+alma", "AlmaLinux 8.9", "affected"],
    ["1:1.0.0-74.rc95.module+el8.9.0+1", "Red Hat Enterprise Linux 8.9", "perhaps"],
    ["1.1.7-3.amzn2023", "Amazon Linux 2023", "affected"],
    ["1.1.11-1.amzn2023.0.1", undefined, "fixed"],
    ["1.1.11-r0", "Alpine Linux v3.19", "affected"],
    ["1.1.12-r1", "Alpine Linux v3.19", "fixed"],
    ["1.1.11-r0", undefined, undefined],
  ])("%s on %s: %s", (version, host, wanted) => {
    expect(status(version, host)).toBe(wanted);
  });

  test("an epoch counts where both have one", () => {
    expect(status("3:9.9-1.el9", "Red Hat Enterprise Linux 9")).toBe("affected");
    expect(status("9.9-1.el9", "Red Hat Enterprise Linux 9")).toBe("fixed");
  });
});

describe("the package of a kernel", () => {
  test.each([
    ["5.14.0-427.13.1.el9_4.x86_64", "5.14.0-427.13.1.el9_4", true],
    ["3.10.0-1160.el7.x86_64", "3.10.0-1160.el7", true],
    ["5.14.0-503.el9.x86_64+debug", "5.14.0-503.el9", true],
    ["6.1.112-122.189.amzn2023.x86_64", "6.1.112-122.189.amzn2023", true],
    ["6.11.4-301.fc41.x86_64", "6.11.4-301.fc41", true],
    ["6.6.31-0-lts", "6.6.31-r0", true],
    ["5.15.0-91-generic", "5.15.0-91", false],
    ["6.12.43+deb13-amd64", "6.12.43", false],
  ])("%s is %s", (release, version, whole) => {
    expect(packageOfRelease(release)).toEqual({ version, whole });
  });

  test.each([
    "6.1.0-18-amd64",
    "5.15.0-200.131.27.el9uek.x86_64",
    "4.18.0-513.rt7.295.el8.x86_64",
    "6.4.0-150600.23.25-default",
    "6.9.3",
    "5.15.24-talos",
  ])("%s does not tell", (release) => {
    expect(packageOfRelease(release)).toBeUndefined();
  });

  test("what is installed says nothing about another kernel that runs", () => {
    const installed = "5.15.0-91.101";
    expect(runningPackage("5.15.0-91-generic", installed)).toEqual({ version: installed, whole: true });
    expect(runningPackage("5.15.0-89-generic", installed)).toEqual({ version: "5.15.0-89", whole: false });
    expect(runningPackage(undefined, installed)).toEqual({ version: installed, whole: true });
    expect(runningPackage("6.1.0-18-amd64", "6.1.76-1")).toEqual({ version: "6.1.76-1", whole: true });
    expect(runningPackage("5.14.0-427.el9.x86_64", "5.14.0-503.el9")?.version).toBe("5.14.0-427.el9");
    expect(runningPackage(undefined, undefined)).toBeUndefined();
  });

  const fixes: PackageFixes = {
    ubuntu: { "22.04": "5.15.0-91.101", "24.04": "not-affected", "20.04": "5.4.0-1100.107" },
    debian: { "12": "6.1.76-1", "13": "6.12.43-1" },
    rhel: { "9": "5.14.0-427.13.1.el9_4", "8.6": "4.18.0-372.91.1.el8_6" },
    amazon: { "2023": "6.1.112-122.189.amzn2023" },
  };
  const status = (release: string | undefined, installed: string | undefined, host: string) => {
    const kernel = runningPackage(release, installed);
    const origin = kernel && originOf(kernel.version, host);
    const advisory = origin && advisoryFor(kernel.version, origin, fixes);
    return advisory && kernelStatus(kernel, advisory, origin);
  };
  test.each([
    ["5.15.0-91-generic", "5.15.0-91.101", "Ubuntu 22.04", "fixed"],
    ["5.15.0-91-generic", "5.15.0-91.100", "Ubuntu 22.04", "affected"],
    ["5.15.0-92-generic", undefined, "Ubuntu 22.04", "fixed"],
    ["5.15.0-90-generic", "5.15.0-91.101", "Ubuntu 22.04", "affected"],
    ["5.15.0-91-generic", undefined, "Ubuntu 22.04", "perhaps"],
    // Another branch, and a cloud's kernel, are other packages.
    ["6.5.0-15-generic", "6.5.0-15.15~22.04.1", "Ubuntu 22.04", undefined],
    ["5.15.0-1051-aws", undefined, "Ubuntu 22.04", undefined],
    ["5.4.0-90-generic", "5.4.0-90.101", "Ubuntu 20.04", undefined],
    ["6.8.0-51-generic", undefined, "Ubuntu 24.04", "fixed"],
    ["6.11.0-9-generic", undefined, "Ubuntu 24.04", undefined],
    ["6.1.0-18-amd64", "6.1.76-1", "Debian GNU/Linux 12", "fixed"],
    ["6.1.0-17-amd64", "6.1.69-1", "Debian GNU/Linux 12", "affected"],
    ["6.9.7+bpo-amd64", "6.9.7-1~bpo12+1", "Debian GNU/Linux 12", undefined],
    ["6.12.43+deb13-amd64", undefined, "Debian GNU/Linux 13", "perhaps"],
    ["6.12.44+deb13-amd64", undefined, "Debian GNU/Linux 13", "fixed"],
    ["5.14.0-427.13.1.el9_4.x86_64", undefined, "Red Hat Enterprise Linux 9.4", "fixed"],
    ["5.14.0-427.el9_4.x86_64", undefined, "Red Hat Enterprise Linux 9.4", "affected"],
    ["5.14.0-284.64.1.el9_2.x86_64", undefined, "Red Hat Enterprise Linux 9.2", "perhaps"],
    ["5.14.0-427.el9_4.x86_64", undefined, "AlmaLinux 9.4", "perhaps"],
    ["4.18.0-372.80.1.el8_6.x86_64", undefined, "Red Hat Enterprise Linux 8.6", "affected"],
    ["6.1.110-120.1.amzn2023.x86_64", undefined, "Amazon Linux 2023", "affected"],
    ["6.12.94-123.180.amzn2023.x86_64", undefined, "Amazon Linux 2023", undefined],
  ])("%s, %s on %s: %s", (release, installed, host, wanted) => {
    expect(status(release, installed, host)).toBe(wanted);
  });

  test("a package's version follows upstream as its distribution does", () => {
    expect(releaseOfPackage("6.1.76-1~bpo11+1", "debian")).toMatchObject({
      version: "6.1.76",
      origin: "points",
    });
    expect(releaseOfPackage("5.15.0-91.101", "ubuntu")).toMatchObject({
      version: "5.15.0",
      origin: "branch",
    });
    expect(releaseOfPackage("5.14.0-427.el9_4", "rhel")).toMatchObject({ origin: "backports" });
    expect(releaseOfPackage("unknown", "debian")).toBeUndefined();
  });
});
