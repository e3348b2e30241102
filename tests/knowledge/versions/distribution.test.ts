import { describe, expect, test } from "vitest";
import { originOf, parseDistribution } from "../../../src/knowledge/versions/distribution.ts";

describe("distributions", () => {
  test.each([
    ["Debian GNU/Linux 12 (bookworm)", "debian", "12", undefined],
    ["debian 12", "debian", "12", undefined],
    ["Debian GNU/Linux trixie/sid", "debian", "13", undefined],
    ["Ubuntu 24.04", "ubuntu", "24.04", undefined],
    ["ubuntu 22.04.5", "ubuntu", "22.04", undefined],
    ["Ubuntu Noble", "ubuntu", "24.04", undefined],
    ["Red Hat Enterprise Linux 9", "rhel", "9", undefined],
    ["Red Hat Enterprise Linux 9.4 (Plow)", "rhel", "9", "9.4"],
    ["AlmaLinux 9", "almalinux", "9", undefined],
    ["Rocky Linux 8.10 (Green Obsidian)", "rocky", "8", "8.10"],
    ["CentOS Stream 9", "centos", "9", undefined],
    ["Oracle Linux Server 9.3", "oracle", "9", "9.3"],
    ["Fedora Linux 41 (Server Edition)", "fedora", "41", undefined],
    ["Amazon Linux 2023", "amazon", "2023", undefined],
    ["amazon linux 2023.12.20260710", "amazon", "2023", undefined],
    ["Amazon Linux 2", "amazon", "2", undefined],
    ["SUSE Linux Enterprise Server 15 SP5", "suse", "15.5", undefined],
    ["openSUSE Leap 15.6", "suse", "15.6", undefined],
    ["Microsoft Azure Linux 3.0", "azurelinux", "3.0", undefined],
    ["Alpine Linux v3.20", "alpine", "3.20", undefined],
    ["Alpine 3.20.3", "alpine", "3.20", undefined],
    ["Container-Optimized OS", "cos", undefined, undefined],
    ["container-optimized os 121", "cos", "121", undefined],
    ["cos-109-17800.66.54", "cos", "109", undefined],
    ["Debian", "debian", undefined, undefined],
  ])("%s is %s %s", (text, family, release, minor) => {
    expect(parseDistribution(text)).toEqual({ family, release, ...(minor === undefined ? {} : { minor }) });
  });

  test.each(["Arch Linux", "Talos (v1.8.0)", "NixOS 24.11", "Bottlerocket OS 1.20", ""])(
    "%s has no packages with rules of their own here",
    (text) => {
      expect(parseDistribution(text)).toBeUndefined();
    },
  );

  test.each([
    ["1.1.5+ds1-1+deb12u1", undefined, "debian", "12", false],
    ["1.1.5+ds1-1+deb12u1", "Debian GNU/Linux 13", "debian", "12", true],
    ["1.1.5+ds1-1", "Ubuntu 22.04", "ubuntu", "22.04", true],
    ["1.1.5+ds1-1", undefined, "debian", undefined, false],
    ["1.1.12-0ubuntu2~22.04.1", undefined, "ubuntu", "22.04", false],
    ["1.1.12-0ubuntu3", "Ubuntu 24.04", "ubuntu", "24.04", true],
    ["5.15.0-91.101", "Ubuntu 22.04", "ubuntu", "22.04", true],
    ["1.1.12-1.el9", undefined, "rhel", "9", false],
    ["1.1.12-1.el9", "AlmaLinux 9.4", "almalinux", "9", true],
    ["1.1.12-1.el9", "Ubuntu 24.04", "rhel", "9", false],
    ["6.1.112-122.189.amzn2023", undefined, "amazon", "2023", false],
    ["6.6.29.1-4.azl3", undefined, "azurelinux", "3.0", false],
    ["1.1.12-r3", "Alpine Linux v3.19", "alpine", "3.19", true],
    ["1.1.12-r3", undefined, "alpine", undefined, false],
  ])("%s on %s is of %s %s", (version, host, family, release, stated) => {
    expect(originOf(version, host)).toMatchObject({ family, stated });
    expect(originOf(version, host)?.release).toBe(release);
  });

  test("an upstream version on a host that says nothing is nobody's package", () => {
    expect(originOf("1.1.12", undefined)).toBeUndefined();
    expect(originOf("5.15.0-200.131.27.el9uek.x86_64", undefined)).toBeUndefined();
  });
});

test("a build of OpenShift's is nobody's package that an advisory speaks of, although it ends in RHEL's mark", () => {
  expect(originOf("1.1.6-5.2.rhaos4.12.el8", "Red Hat Enterprise Linux 8")).toBeUndefined();
});
