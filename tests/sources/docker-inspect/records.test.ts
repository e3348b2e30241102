import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sourceText } from "../../../src/base/location.ts";
import { parseJson } from "../../../src/base/parse-json.ts";
import { formatProblem } from "../../../src/base/problems.ts";
import { dockerInspect } from "../../../src/sources/docker-inspect/docker-inspect.ts";
import { contextWith, positionsIn } from "../command-line/helpers.ts";

import { read, record, specOf } from "./helpers.ts";

describe("podman", () => {
  test("its records are told by their own fields, and hold the capabilities", () => {
    const rest = {
      BoundingCaps: ["CAP_KILL"],
      EffectiveCaps: [],
      OCIRuntime: "crun",
      ImageName: "docker.io/library/redis",
      Pod: "",
    };
    const host = {
      IDMappings: { UidMap: ["0:1000:1", "1:100000:65536"] },
      Runtime: "oci",
      CgroupMode: "private",
    };
    const config = { SystemdMode: true, Secrets: [{ Name: "key" }], User: "" };
    expect(read([record(host, rest, config)]).problems).toEqual([]);
    expect(specOf([record(host, rest, config)])).toMatchObject({
      engine: "podman",
      runtime: "crun",
      image: "docker.io/library/redis",
      cgroupns: "private",
      userns: "private",
      uidMap: [
        { containerId: 0, hostId: 1000, size: 1 },
        { containerId: 1, hostId: 100000, size: 65536 },
      ],
      observedBoundingCaps: ["CAP_KILL"],
      observedEffectiveCaps: [],
      writableCgroups: true,
      secrets: ["key"],
    });
  });
});

describe("other records in the same input", () => {
  test("docker info is about the daemon", () => {
    const info = {
      ServerVersion: "28.5.2",
      KernelVersion: "6.12.0",
      CgroupVersion: "2",
      DefaultRuntime: "runc",
      SecurityOptions: ["name=apparmor", "name=seccomp,profile=unconfined", "name=userns"],
    };
    expect(specOf([record()], info)).toMatchObject({
      engineVersion: "28.5.2",
      rootless: false,
      daemon: {
        apparmor: true,
        selinux: false,
        usernsRemap: true,
        rootless: false,
        seccompProfile: { kind: "unconfined" },
        cgroupVersion: "v2",
        kernelRelease: "6.12.0",
        defaultRuntime: "runc",
      },
    });
  });

  test("docker version, and an image's user", () => {
    const image = {
      Id: "sha256:1",
      RepoTags: ["nginx"],
      RootFS: { Type: "layers" },
      Config: { User: "101" },
    };
    const version = { Client: {}, Server: { Version: "29.0.0", ApiVersion: "1.52", KernelVersion: "6.1.0" } };
    expect(specOf([record(), image], version)).toMatchObject({
      imageUser: "101",
      engineVersion: "29.0.0",
      daemon: { kernelRelease: "6.1.0" },
    });
  });

  test("podman info says nothing about a Docker container", () => {
    const info = {
      host: { security: { rootless: true }, cgroupVersion: "v2", kernel: "6.1.0" },
      version: { Version: "5.6.2" },
    };
    expect(specOf([record()], info)).not.toHaveProperty("rootless");
    expect(specOf([record({}, { OCIRuntime: "crun" })], info)).toMatchObject({
      rootless: true,
      engineVersion: "5.6.2",
    });
  });

  test("equal names are told apart, and a stranger is a problem", () => {
    const result = read([record(), record(), { a: 1 }]);
    expect(result.subjects.map(({ name }) => name)).toEqual(["web", "web-2"]);
    expect(result.problems).toMatchObject([{ code: "unrecognised" }]);
  });
});

describe("malformed records", () => {
  test.each([
    {
      value: record({ Privileged: "yes" }),
      want: 'HostConfig.Privileged: expected true or false, found "yes"',
    },
    { value: record({ CapAdd: "ALL" }), want: 'HostConfig.CapAdd: expected a list, found "ALL"' },
    { value: record({ CapAdd: [1] }), want: "HostConfig.CapAdd[0]: expected a string, found 1" },
    { value: record({ Memory: "1g" }), want: 'HostConfig.Memory: expected a whole number, found "1g"' },
    {
      value: record({}, { Mounts: [{ Type: "bind" }] }),
      want: "Mounts[0]: expected a Destination, found nothing",
    },
    {
      value: record({ SecurityOpt: ["foo"] }),
      want: '--security-opt: expected a security option such as seccomp=, apparmor=, label= or no-new-privileges, found "foo"',
    },
  ])("$want", ({ value, want }) => {
    const result = read([value]);
    expect(
      result.problems.map((problem) => formatProblem(problem).replace(/^i\.json:\d+:\d+: /, "")),
    ).toEqual([want]);
    expect(result.subjects).toHaveLength(1);
  });

  test("any JSON in any place: never a throw, every place inside the text", () => {
    const key = fc.constantFrom(
      "Config",
      "HostConfig",
      "Mounts",
      "Binds",
      "State",
      "Running",
      "User",
      "Env",
      "Devices",
      "SecurityOpt",
      "NetworkSettings",
      "Ports",
      "Name",
      "Image",
      "RootFS",
      "SecurityOptions",
      "ServerVersion",
      "Server",
      "host",
      "security",
      "__proto__",
      "Destination",
      "OCIRuntime",
      "IDMappings",
      "UidMap",
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom(null, true, -1, 1.5, "", "/a:/b:ro", "label", "x=y"),
        fc.array(tie("tree"), { maxLength: 4 }),
        fc.dictionary(key, tie("tree"), { maxKeys: 6 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(key, tree, { maxKeys: 10 }), (fields) => {
        const text = JSON.stringify([{ Config: {}, HostConfig: {}, ...fields }]);
        const { document } = parseJson(sourceText("x", text));
        if (!document) return;
        for (const at of positionsIn(
          dockerInspect.read({ file: "x", documents: [document] }, contextWith()),
        )) {
          expect(at.offset).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 500 },
    );
  });
});
