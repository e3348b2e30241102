import { describe, expect, test } from "vitest";
import { container, pod, read, said } from "./read.ts";

/** A pod whose container mounts volume v (with more lines for mount, volume and container). */
function mounting(volume: string, mount = "", own = ""): ReturnType<typeof read> {
  return read(
    container(
      `volumeMounts: [{name: v, mountPath: /m${mount === "" ? "" : `, ${mount}`}}]\n${own}`,
      `volumes: [{name: v${volume === "" ? "" : `, ${volume}`}}]`,
    ),
  );
}

const readOnly = { readOnly: true };

describe("volumes by their type", () => {
  test.each([
    [
      "hostPath",
      "hostPath: {path: /var/run/docker.sock, type: Socket}",
      "",
      { kind: "bind", source: "/var/run/docker.sock" },
    ],
    [
      "hostPath with a sub-path",
      "hostPath: {path: /var/log}",
      "subPath: pods/x",
      { kind: "bind", source: "/var/log/pods/x", subPath: "pods/x" },
    ],
    [
      "hostPath with the pod's name as a folder",
      "hostPath: {path: /var/log}",
      "subPathExpr: $(POD_NAME)",
      { kind: "bind", source: "/var/log/$(POD_NAME)" },
    ],
    [
      "hostPath read-only",
      "hostPath: {path: /}",
      "readOnly: true",
      { kind: "bind", source: "/", readOnly: true },
    ],
    ["emptyDir", "emptyDir: {}", "", { kind: "volume", volume: "v" }],
    [
      "emptyDir in memory",
      "emptyDir: {medium: Memory}",
      "",
      { kind: "volume", volume: "v", fsType: "tmpfs" },
    ],
    ["no source is an emptyDir", "", "", { kind: "volume", volume: "v" }],
    ["configMap", "configMap: {name: a}", "readOnly: false", { kind: "volume", ...readOnly }],
    ["secret", "secret: {secretName: a}", "", { kind: "volume", ...readOnly }],
    ["projected", "projected: {sources: [{configMap: {name: a}}]}", "", { kind: "volume", ...readOnly }],
    ["downwardAPI", "downwardAPI: {items: []}", "", { kind: "volume", ...readOnly }],
    ["image", "image: {reference: a}", "", { kind: "volume", ...readOnly }],
    ["csi", "csi: {driver: d, readOnly: true}", "", { kind: "volume", readOnly: true }],
    ["nfs", "nfs: {server: s, path: /p}", "", { kind: "volume", fsType: "nfs" }],
    ["nfs read-only", "nfs: {server: s, path: /p, readOnly: true}", "", { kind: "volume", readOnly: true }],
    ["flexVolume", "flexVolume: {driver: d}", "", { kind: "volume", volume: "v" }],
    ["gitRepo", "gitRepo: {repository: r}", "", { kind: "volume", volume: "v" }],
    [
      "a claim whose volume is not in the input",
      "persistentVolumeClaim: {claimName: a}",
      "",
      { kind: "volume", volume: "v" },
    ],
    [
      "a claim read-only",
      "persistentVolumeClaim: {claimName: a, readOnly: true}",
      "",
      { kind: "volume", readOnly: true },
    ],
    [
      "propagation from the host",
      "hostPath: {path: /a}",
      "mountPropagation: HostToContainer",
      { propagation: "slave" },
    ],
    ["no propagation", "hostPath: {path: /a}", "mountPropagation: None", { propagation: "private" }],
    [
      "read-only for what lies below as well",
      "hostPath: {path: /a}",
      "readOnly: true, recursiveReadOnly: Enabled",
      { options: ["rro"] },
    ],
  ])("%s", (_name, volume, mount, want) => {
    const result = mounting(volume, mount);
    expect(result.problems).toEqual([]);
    expect(result.plain("Pod/p/c")["mounts"]).toEqual([expect.objectContaining({ target: "/m", ...want })]);
  });

  test("a privileged container may propagate to the host", () => {
    const result = mounting(
      "hostPath: {path: /a}",
      "mountPropagation: Bidirectional",
      "securityContext: {privileged: true}",
    );
    expect(result.problems).toEqual([]);
    expect(result.spec("Pod/p/c").mounts[0]?.propagation?.value).toBe("shared");
  });

  test("a sub-path is built from variables that the manifest states", () => {
    const result = mounting(
      "hostPath: {path: /srv}",
      "subPathExpr: a/$(SITE)",
      "env: [{name: SITE, value: b}]",
    );
    expect(said(result.spec("Pod/p/c").mounts[0]?.source)).toBe("/srv/a/b@6");
  });

  test("a volume that nobody mounts is nowhere", () => {
    expect(read(container("", "volumes: [{name: v, hostPath: {path: /}}]")).spec("Pod/p/c").mounts).toEqual(
      [],
    );
  });

  test("only the container that mounts it has it", () => {
    const result = read(
      pod(
        "volumes: [{name: v, hostPath: {path: /}}]\ninitContainers: [{name: i, image: x, volumeMounts: [{name: v, mountPath: /h}]}]\ncontainers: [{name: c, image: x}]",
      ),
    );
    expect(result.spec("Pod/p/i").mounts).toHaveLength(1);
    expect(result.spec("Pod/p/c").mounts).toHaveLength(0);
  });
});

describe("claims whose volume is in the input", () => {
  const claiming = container(
    "volumeMounts: [{name: v, mountPath: /m}]",
    "volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]",
  );
  const volume = (spec: string): string =>
    `---\n{apiVersion: v1, kind: PersistentVolume, metadata: {name: pv1}, spec: {${spec}}}\n`;
  const claim =
    "---\n{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data}, spec: {volumeName: pv1}}\n";
  test.each([
    [
      "by the volume's claimRef",
      volume("hostPath: {path: /mnt/a}, claimRef: {namespace: default, name: data}"),
      "/mnt/a",
    ],
    ["by the claim's volumeName", volume("hostPath: {path: /mnt/a}") + claim, "/mnt/a"],
    ["a local volume", volume("local: {path: /mnt/disk}") + claim, "/mnt/disk"],
    ["a volume that lies elsewhere", volume("nfs: {server: s, path: /p}") + claim, undefined],
    [
      "another namespace's claim",
      volume("hostPath: {path: /mnt/a}, claimRef: {namespace: other, name: data}"),
      undefined,
    ],
  ])("%s", (_name, more, source) => {
    const [mount] = read(claiming + more).spec("Pod/p/c").mounts;
    expect(mount?.source?.value).toBe(source);
    expect(mount?.kind).toBe(source === undefined ? "volume" : "bind");
  });

  test("objects beside the file count as well", () => {
    const result = read(claiming, { beside: volume("hostPath: {path: /mnt/a}") + claim });
    expect(result.spec("Pod/p/c").mounts[0]?.source?.value).toBe("/mnt/a");
  });

  test("a StatefulSet's claims are volumes", () => {
    const set =
      "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec:\n  selector: {}\n  volumeClaimTemplates: [{metadata: {name: data}}]\n  template: {spec: {containers: [{name: c, image: i, volumeMounts: [{name: data, mountPath: /m}]}]}}\n";
    const result = read(
      `${set}${volume("local: {path: /mnt/a}, claimRef: {namespace: default, name: data-db-0}")}`,
    );
    expect(result.problems).toEqual([]);
    expect(result.spec("StatefulSet/db/c").mounts[0]?.source?.value).toBe("/mnt/a");
  });

  const blocks = container(
    "volumeDevices: [{name: v, devicePath: /dev/xvda}]",
    "volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]",
  );
  test("raw blocks of a disk of the host are a device", () => {
    const spec = read(blocks + volume("volumeMode: Block, local: {path: /dev/sdb}") + claim).plain("Pod/p/c");
    expect(spec["devices"]).toEqual([{ hostPath: "/dev/sdb", containerPath: "/dev/xvda", access: "rwm" }]);
    expect(spec["mounts"]).toEqual([]);
  });
  test("raw blocks from elsewhere are a volume", () => {
    expect(read(blocks).plain("Pod/p/c")).toMatchObject({
      devices: [],
      mounts: [{ kind: "volume", volume: "v", target: "/dev/xvda" }],
    });
  });
});

describe("what is wrong with a volume", () => {
  const at = (problems: readonly string[]): readonly string[] =>
    problems.map((problem) => problem.replace(/^pod\.yaml:\d+:\d+: /, ""));
  test.each([
    [
      "a volume without a name",
      container("", "volumes: [{emptyDir: {}}]"),
      ["spec.volumes[0].name: expected the name of the volume, found nothing"],
    ],
    [
      "a volume twice",
      container("", "volumes: [{name: a}, {name: a}]"),
      ['spec.volumes[1].name: expected a name of its own, found "a" again'],
    ],
    [
      "two types",
      container("", "volumes: [{name: a, emptyDir: {}, secret: {secretName: s}}]"),
      ["spec.volumes[0]: expected one type of volume, found emptyDir and secret"],
    ],
    [
      "a type of nobody's",
      container("", "volumes: [{name: a, hostpath: {path: /}}]"),
      ['spec.volumes[0].hostpath: expected a type of volume, found "hostpath"'],
    ],
    [
      "a hostPath without a path",
      container("", "volumes: [{name: a, hostPath: {}}]"),
      ["spec.volumes[0].hostPath.path: expected a path of the host, found nothing"],
    ],
    [
      "a hostPath that climbs",
      container("", "volumes: [{name: a, hostPath: {path: /a/../b}}]"),
      ['spec.volumes[0].hostPath.path: expected a path without .., found "/a/../b"'],
    ],
    [
      "a hostPath of a type of nobody's",
      container("", "volumes: [{name: a, hostPath: {path: /a, type: Folder}}]"),
      [
        'spec.volumes[0].hostPath.type: expected DirectoryOrCreate, Directory, FileOrCreate, File, Socket, CharDevice or BlockDevice, found "Folder"',
      ],
    ],
    [
      "a mount of a volume that is not there",
      container("volumeMounts: [{name: x, mountPath: /m}]"),
      ['spec.containers[0].volumeMounts[0].name: expected the name of a volume of the pod, found "x"'],
    ],
    [
      "a mount without a path",
      container("volumeMounts: [{name: v}]", "volumes: [{name: v}]"),
      ["spec.containers[0].volumeMounts[0].mountPath: expected a path in the container, found nothing"],
    ],
    [
      "two mounts at one path",
      container("volumeMounts: [{name: v, mountPath: /m}, {name: v, mountPath: /m}]", "volumes: [{name: v}]"),
      ['spec.containers[0].volumeMounts[1].mountPath: expected each path once, found "/m" again'],
    ],
    [
      "a sub-path that climbs",
      container("volumeMounts: [{name: v, mountPath: /m, subPath: ../a}]", "volumes: [{name: v}]"),
      ['spec.containers[0].volumeMounts[0].subPath: expected a path within the volume, found "../a"'],
    ],
    [
      "propagation to the host without privilege",
      container(
        "volumeMounts: [{name: v, mountPath: /m, mountPropagation: Bidirectional}]",
        "volumes: [{name: v}]",
      ),
      [
        'spec.containers[0].volumeMounts[0].mountPropagation: expected None or HostToContainer in a container that is not privileged, found "Bidirectional"',
      ],
    ],
    [
      "volumes as a mapping",
      container("", "volumes: {a: {}}"),
      ["spec.volumes: expected a list, found a mapping"],
    ],
  ])("%s", (_name, text, want) => {
    const result = read(text);
    expect(at(result.problems)).toEqual(want);
    expect(result.names).toEqual(["Pod/p/c"]);
  });

  test("a sub-path that climbs leaves the whole volume in view", () => {
    const result = mounting("hostPath: {path: /srv}", "subPath: ../..");
    expect(result.spec("Pod/p/c").mounts[0]?.source?.value).toBe("/srv");
  });
});

describe("what containers of a pod share", () => {
  const two = (podLines: string, first = "", second = ""): ReturnType<typeof read> =>
    read(pod(`${podLines}\ncontainers:\n  - {name: a, image: i${first}}\n  - {name: b, image: i${second}}`));
  const through = (result: ReturnType<typeof read>, name: string): readonly string[] =>
    (result.spec(name).siblings ?? []).map((share) => `${share.name} ${share.through} ${share.detail}`);
  const network = "b network-namespace the pod's network";
  const ipc = "b ipc-namespace the pod's IPC objects";
  const mounts = (more = ""): string => `, volumeMounts: [{name: v, mountPath: /m${more}}]`;
  test.each([
    ["network and IPC", "", "", "", [network, ipc]],
    ["the host's network is not the pod's", "hostNetwork: true", "", "", [ipc]],
    ["the host's IPC is not the pod's", "hostIPC: true", "", "", [network]],
    [
      "processes where the pod says so",
      "shareProcessNamespace: true",
      "",
      "",
      [network, ipc, "b pid-namespace shareProcessNamespace"],
    ],
    [
      "a volume that it may write",
      "volumes: [{name: v, emptyDir: {}}]",
      mounts(),
      mounts(),
      [network, ipc, "b volume v"],
    ],
    [
      "a volume that it may only read",
      "volumes: [{name: v, emptyDir: {}}]",
      mounts(", readOnly: true"),
      mounts(),
      [network, ipc],
    ],
    [
      "a volume that the other may only read",
      "volumes: [{name: v, emptyDir: {}}]",
      mounts(),
      mounts(", readOnly: true"),
      [network, ipc, "b volume v"],
    ],
    ["a config map", "volumes: [{name: v, configMap: {name: x}}]", mounts(), mounts(), [network, ipc]],
  ])("%s", (_name, podLines, first, second, want) => {
    expect(through(two(podLines, first, second), "Pod/p/a")).toEqual(want);
  });

  test("alone in its pod a container shares nothing", () => {
    expect(through(read(container("")), "Pod/p/c")).toEqual([]);
  });

  test("an init container has ended: volumes only", () => {
    const result = read(
      pod(
        "volumes: [{name: v}]\ninitContainers: [{name: i, image: x, volumeMounts: [{name: v, mountPath: /m}]}]\ncontainers: [{name: c, image: x, volumeMounts: [{name: v, mountPath: /m}]}]",
      ),
    );
    expect(through(result, "Pod/p/c")).toEqual(["i volume v"]);
    expect(through(result, "Pod/p/i")).toEqual(["c volume v"]);
  });

  test("an ephemeral container joins the processes of its target", () => {
    const result = read(
      pod(
        "containers: [{name: a, image: x}, {name: b, image: x}]\nephemeralContainers: [{name: e, image: x, targetContainerName: a}]",
      ),
    );
    expect(through(result, "Pod/p/a").filter((share) => share.includes("pid"))).toEqual([
      "e pid-namespace targetContainerName",
    ]);
    expect(through(result, "Pod/p/b").filter((share) => share.includes("pid"))).toEqual([]);
  });

  test("a pod of very many containers does not list every pair", () => {
    const many = Array.from({ length: 2000 }, (_, i) => `  - {name: c${String(i)}, image: i}`).join("\n");
    expect(read(pod(`containers:\n${many}`)).spec("Pod/p/c0").siblings).toHaveLength(32);
  });
});
