import { describe, expect, test } from "vitest";
import {
  canCreateUserNamespace,
  canMount,
  isNoFilter,
  socketFamilyAllowed,
  unrestricted,
} from "../../src/seccomp/helpers.ts";
import { parseSeccompProfile } from "../../src/seccomp/parse.ts";
import { resolveProfile } from "../../src/seccomp/resolve.ts";
import { socketFamilies } from "../../src/seccomp/socket-families.ts";
import { filterOf } from "./shipped.ts";
import type { Setting } from "./shipped.ts";

const read = (document: unknown) => {
  const { profile } = parseSeccompProfile(document);
  if (!profile) throw new Error("the profile of this test cannot be read");
  return profile;
};
const filter = (document: unknown, arch = "amd64") =>
  resolveProfile(read(document), { capabilities: new Set(), arch, kernel: [6, 1] });
const via = (name: string, family: number, setting: Setting = {}): readonly string[] =>
  socketFamilyAllowed(filterOf(name, setting), family).ways.map((way) => way.via);

const admin: Setting = { capabilities: ["SYS_ADMIN"] };

test.each([
  ["docker-25.0.3", {}, "denied", []],
  ["docker-25.0.3", { arch: "s390x" }, "denied", []],
  ["docker-25.0.3", admin, "allowed", ["unshare", "clone", "clone3"]],
  ["containerd-2.2.4", {}, "denied", []],
  ["podman-5.5", {}, "allowed", ["unshare", "clone", "clone3"]],
  ["cri-o-1.34", {}, "denied", []],
] as const)("%s with %j: a user namespace is %s", (name, setting, outcome, ways) => {
  const found = canCreateUserNamespace(filterOf(name, setting));
  expect(found.outcome).toBe(outcome);
  expect(found.ways.map((way) => way.via)).toEqual(ways);
});

test("clone3 alone is enough for a user namespace, as its flags cannot be read", () => {
  const found = canCreateUserNamespace(
    filter({ defaultAction: "SCMP_ACT_ERRNO", syscalls: [{ names: ["clone3"], action: "SCMP_ACT_ALLOW" }] }),
  );
  expect(found.ways.map((way) => way.via)).toEqual(["clone3"]);
});

describe("mounting", () => {
  test.each([
    ["docker-25.0.3", {}, "denied"],
    ["docker-25.0.3", admin, "allowed"],
    ["podman-5.5", {}, "allowed"],
    ["cri-o-1.34", {}, "allowed"],
  ] as const)("%s with %j is %s", (name, setting, outcome) => {
    expect(canMount(filterOf(name, setting)).outcome).toBe(outcome);
  });

  test.each([
    [["fsopen", "fsconfig", "fsmount", "move_mount"], "allowed"],
    [["fsopen", "fsconfig", "fsmount"], "denied"],
    [["open_tree", "move_mount"], "allowed"],
    [["open_tree"], "denied"],
  ])("with only %j it is %s", (names, outcome) => {
    expect(
      canMount(filter({ defaultAction: "SCMP_ACT_ERRNO", syscalls: [{ names, action: "SCMP_ACT_ALLOW" }] }))
        .outcome,
    ).toBe(outcome);
  });
});

describe("socket families", () => {
  const upper = "socket, upper half of the argument set";

  // Every row agrees with the BPF that libseccomp 2.5.4 makes of the same rules.
  test.each([
    ["docker-28.2.0", 38, {}, ["socket", upper, "socketcall"]],
    ["docker-28.2.0", 40, {}, [upper, "socketcall"]],
    ["docker-29.4.2", 38, {}, [upper]],
    ["docker-29.4.3", 38, {}, [upper, "socketcall"]],
    ["docker-profiles-0.2.4", 38, {}, ["socketcall"]],
    ["docker-profiles-0.3.0", 40, {}, ["socketcall"]],
    ["docker-profiles-0.3.0", 40, { arch: "arm64" }, []],
    ["containerd-2.2.4", 38, {}, [upper, "socketcall"]],
    ["containerd-2.3.7", 38, {}, ["socketcall"]],
    ["podman-5.8", 40, {}, [upper, "socketcall"]],
  ] as const)("%s leaves family %i open by the right calls (%j)", (name, family, setting, ways) => {
    expect(via(name, family, setting)).toEqual(ways);
  });

  test("the way through socketcall is a hypothesis, since an LSM may close it", () => {
    const [way] = socketFamilyAllowed(filterOf("docker-profiles-0.3.0"), 38).ways;
    expect(way?.confidence).toBe("hypothesis");
    expect(way?.because).toContain("LSM");
  });

  test("libseccomp opens socketcall beside any rule that allows socket, unless a rule of its own denies it", () => {
    const socket = {
      names: ["socket"],
      action: "SCMP_ACT_ALLOW",
      args: [{ index: 0, value: 2, op: "SCMP_CMP_EQ" }],
    };
    const refused = { names: ["socketcall"], action: "SCMP_ACT_ERRNO", errnoRet: 38 };
    const profile = (syscalls: readonly unknown[]) => ({
      defaultAction: "SCMP_ACT_ERRNO",
      architectures: ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
      syscalls,
    });
    expect(socketFamilyAllowed(filter(profile([socket])), 38).outcome).toBe("allowed");
    expect(socketFamilyAllowed(filter(profile([socket, refused])), 38).outcome).toBe("denied");
    // A denial equal to the default is dropped by runc, and the companion stays (moby/profiles pull 21).
    expect(socketFamilyAllowed(filter(profile([socket, { ...refused, errnoRet: 1 }])), 38).outcome).toBe(
      "allowed",
    );
  });

  test("without the 32-bit architecture there is no socketcall", () => {
    const only64 = {
      defaultAction: "SCMP_ACT_ERRNO",
      architectures: ["SCMP_ARCH_X86_64"],
      syscalls: [
        { names: ["socket"], action: "SCMP_ACT_ALLOW", args: [{ index: 0, value: 2, op: "SCMP_CMP_EQ" }] },
      ],
    };
    expect(socketFamilyAllowed(filter(only64), 38).outcome).toBe("denied");
    expect(socketFamilyAllowed(filter(only64), 2).outcome).toBe("allowed");
  });

  test("numbers are those of include/linux/socket.h", () => {
    expect([socketFamilies["AF_RXRPC"], socketFamilies["AF_ALG"], socketFamilies["AF_VSOCK"]]).toEqual([
      33, 38, 40,
    ]);
  });
});

describe("no filter", () => {
  test.each([
    [{ defaultAction: "SCMP_ACT_ALLOW", syscalls: [] }, true],
    [{ defaultAction: "SCMP_ACT_ALLOW" }, true],
    [{ defaultAction: "SCMP_ACT_LOG" }, true],
    [{}, true],
    [{ defaultAction: "SCMP_ACT_ALLOW", syscalls: [{ names: ["mount"], action: "SCMP_ACT_ERRNO" }] }, false],
    [{ defaultAction: "SCMP_ACT_ERRNO" }, false],
  ])("%j → %s", (document, want) => {
    expect(isNoFilter(read(document))).toBe(want);
  });

  test("an unrestricted container can do all of it", () => {
    expect(canMount(unrestricted).outcome).toBe("allowed");
    expect(canCreateUserNamespace(unrestricted).outcome).toBe("allowed");
    expect(socketFamilyAllowed(unrestricted, 38).ways.map((way) => way.via)).toEqual(["socket"]);
  });
});
