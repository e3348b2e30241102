import { describe, expect, test } from "vitest";
import { container, pod, read, said } from "./read.ts";

describe("the container's security context", () => {
  test.each([
    ["privileged", "securityContext: {privileged: true}", { privileged: true }],
    ["privileged by a YAML 1.1 word", "securityContext: {privileged: on}", { privileged: true }],
    [
      "capabilities as they are spelled",
      "securityContext: {capabilities: {add: [CAP_SYS_ADMIN, net_raw], drop: [all]}}",
      { capAdd: ["CAP_SYS_ADMIN", "net_raw"], capDrop: ["all"] },
    ],
    ["escalation refused", "securityContext: {allowPrivilegeEscalation: false}", { noNewPrivileges: true }],
    ["escalation allowed", "securityContext: {allowPrivilegeEscalation: true}", { noNewPrivileges: false }],
    ["a read-only root", "securityContext: {readOnlyRootFilesystem: true}", { readonlyRootfs: true }],
    ["an unmasked /proc", "securityContext: {procMount: Unmasked}", { unmasked: true }],
    ["a masked /proc", "securityContext: {procMount: Default}", { unmasked: false }],
    [
      "user and group",
      "securityContext: {runAsUser: 1000, runAsGroup: 3000, runAsNonRoot: true}",
      { user: "1000", group: "3000", runAsNonRoot: true },
    ],
    ["an octal user of YAML 1.1", "securityContext: {runAsUser: 010}", { user: "8" }],
    [
      "seccomp by default",
      "securityContext: {seccompProfile: {type: RuntimeDefault}}",
      { seccomp: { kind: "default" } },
    ],
    [
      "no seccomp",
      "securityContext: {seccompProfile: {type: Unconfined}}",
      { seccomp: { kind: "unconfined" } },
    ],
    [
      "AppArmor by default",
      "securityContext: {appArmorProfile: {type: RuntimeDefault}}",
      { apparmor: { kind: "default" } },
    ],
    [
      "no AppArmor",
      "securityContext: {appArmorProfile: {type: Unconfined}}",
      { apparmor: { kind: "unconfined" } },
    ],
    [
      "an AppArmor profile",
      "securityContext: {appArmorProfile: {type: Localhost, localhostProfile: p}}",
      { apparmor: { kind: "named", name: "p" } },
    ],
    [
      "an SELinux type",
      "securityContext: {seLinuxOptions: {type: spc_t}}",
      { selinux: { kind: "type", type: "spc_t" } },
    ],
    ["a terminal", "tty: true\nstdin: true", { terminal: true }],
    [
      "limits",
      "resources: {limits: {memory: 1.5Gi, cpu: 250m}}",
      { limits: { memoryBytes: 1610612736, cpus: 0.25 } },
    ],
    [
      "limits as numbers",
      "resources: {limits: {memory: 1e3, cpu: 2}}",
      { limits: { memoryBytes: 1000, cpus: 2 } },
    ],
    ["a limit of zero is none", "resources: {limits: {memory: 0}}", { limits: {} }],
    [
      "a port of the host",
      "ports: [{containerPort: 80, hostPort: 8080, protocol: UDP}, {containerPort: 81}]",
      { published: [{ hostIp: "", hostPort: "8080", containerPort: "80", protocol: "udp" }] },
    ],
    ["a probe that executes", "livenessProbe: {exec: {command: [a]}}", { operatorActions: ["exec"] }],
    ["a probe over HTTP", "readinessProbe: {httpGet: {port: 80}}", { operatorActions: [] }],
    ["a startup probe that executes", "startupProbe: {exec: {}}", { operatorActions: ["exec"] }],
    ["a hook that executes", "lifecycle: {preStop: {exec: {command: [a]}}}", { operatorActions: ["exec"] }],
    ["another hook", "lifecycle: {postStart: {exec: {command: [a]}}}", { operatorActions: ["exec"] }],
  ])("%s", (_name, lines, want) => {
    const result = read(container(lines));
    expect(result.problems).toEqual([]);
    expect(result.plain("Pod/p/c")).toMatchObject(want);
  });

  test("what is not said stays unsaid", () => {
    const spec = read(container("")).spec("Pod/p/c");
    for (const key of [
      "privileged",
      "user",
      "seccomp",
      "apparmor",
      "selinux",
      "noNewPrivileges",
      "unmasked",
      "pid",
      "network",
      "userns",
      "runtime",
      "egress",
      "terminal",
    ] as const) {
      expect(spec[key], key).toBeUndefined();
    }
  });
});

describe("pod and container", () => {
  const both = (podContext: string, own: string): ReturnType<typeof read> =>
    read(
      pod(
        `securityContext: {${podContext}}\ncontainers:\n  - name: c\n    image: i\n    securityContext: {${own}}`,
      ),
    );
  test.each([
    ["the pod's user reaches the container", "runAsUser: 1", "", "user", "1@6"],
    ["the container's user wins", "runAsUser: 1", "runAsUser: 2", "user", "2@10"],
    ["the container's group wins", "runAsGroup: 1", "runAsGroup: 2", "group", "2@10"],
    [
      "the container's runAsNonRoot wins",
      "runAsNonRoot: true",
      "runAsNonRoot: false",
      "runAsNonRoot",
      "false@10",
    ],
    [
      "the pod's filter reaches the container",
      "seccompProfile: {type: RuntimeDefault}",
      "",
      "seccomp",
      '{"kind":"default"}@6',
    ],
    [
      "the container's filter wins",
      "seccompProfile: {type: RuntimeDefault}",
      "seccompProfile: {type: Unconfined}",
      "seccomp",
      '{"kind":"unconfined"}@10',
    ],
    [
      "the pod's AppArmor profile reaches the container",
      "appArmorProfile: {type: Unconfined}",
      "",
      "apparmor",
      '{"kind":"unconfined"}@6',
    ],
    [
      "the pod's SELinux type reaches the container",
      "seLinuxOptions: {type: spc_t}",
      "",
      "selinux",
      '{"kind":"type","type":"spc_t"}@6',
    ],
    [
      "the container's SELinux options win as a whole",
      "seLinuxOptions: {type: spc_t}",
      "seLinuxOptions: {level: s0}",
      "selinux",
      undefined,
    ],
  ] as const)("%s", (_name, podContext, own, key, want) => {
    expect(said(both(podContext, own).spec("Pod/p/c")[key])).toBe(want);
  });

  test("fsGroup and supplementalGroups are groups of every container", () => {
    expect(both("fsGroup: 20, supplementalGroups: [30, 40]", "").plain("Pod/p/c")["groupAdd"]).toEqual([
      "20",
      "30",
      "40",
    ]);
  });

  test("fields that only containers have say that they do nothing at the pod's level", () => {
    const { problems } = both("privileged: true, capabilities: {drop: [ALL]}", "");
    expect(problems).toEqual([
      "warning: pod.yaml:6:33: spec.securityContext.privileged: expected privileged in a container's securityContext, found it in the pod's, where it has no effect",
      "warning: pod.yaml:6:53: spec.securityContext.capabilities: expected capabilities in a container's securityContext, found it in the pod's, where it has no effect",
    ]);
  });

  test.each([
    ["hostPID", "hostPID: true", { pid: "host" }],
    ["hostIPC", "hostIPC: true", { ipc: "host" }],
    ["hostNetwork", "hostNetwork: yes", { network: "host" }],
    ["hostUsers false", "hostUsers: false", { userns: "private" }],
    ["hostUsers true", "hostUsers: true", { userns: "host" }],
    ["shareProcessNamespace", "shareProcessNamespace: true", { sharedPid: true }],
    ["a runtime class", "runtimeClassName: gvisor", { runtime: "gvisor" }],
    [
      "sysctls",
      'securityContext: {sysctls: [{name: net.core.somaxconn, value: "1"}]}',
      { sysctls: [{ name: "net.core.somaxconn", value: "1" }] },
    ],
    ["limits of the pod", "resources: {limits: {memory: 1Mi}}", { limits: { memoryBytes: 1048576 } }],
  ])("%s", (_name, line, want) => {
    const result = read(container("", line));
    expect(result.problems).toEqual([]);
    expect(result.plain("Pod/p/c")).toMatchObject(want);
  });

  test("hostPID: false is the container's own", () => {
    expect(read(container("", "hostPID: false")).spec("Pod/p/c").pid).toBeUndefined();
  });

  test("a RuntimeClass in the input says which handler runs it", () => {
    const result = read(
      `${container("", "runtimeClassName: safe")}---\n{apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: {name: safe}, handler: runsc}`,
    );
    expect(result.plain("Pod/p/c")).toMatchObject({ runtime: "safe", runtimeHandler: "runsc" });
  });
});

describe("annotations that came before fields", () => {
  const annotated = (annotation: string, own: string, podContext: string): ReturnType<typeof read> =>
    read(
      pod(
        `securityContext: {${podContext}}\ncontainers:\n  - name: c\n    image: i\n    securityContext: {${own}}`,
        `annotations:\n  ${annotation}`,
      ),
    );
  const key = "container.apparmor.security.beta.kubernetes.io/c";
  test.each([
    ["the annotation is read", `${key}: localhost/p`, "", "", { kind: "named", name: "p" }],
    ["the annotation's default", `${key}: runtime/default`, "", "", { kind: "default" }],
    [
      "the annotation wins over the pod",
      `${key}: unconfined`,
      "",
      "appArmorProfile: {type: RuntimeDefault}",
      { kind: "unconfined" },
    ],
    [
      "the container's field wins over the annotation",
      `${key}: unconfined`,
      "appArmorProfile: {type: RuntimeDefault}",
      "",
      { kind: "default" },
    ],
  ])("%s", (_name, annotation, own, podContext, want) => {
    expect(annotated(annotation, own, podContext).plain("Pod/p/c")["apparmor"]).toEqual(want);
  });

  test.each([
    [
      "seccomp for the pod",
      "seccomp.security.alpha.kubernetes.io/pod: runtime/default",
      "warning: pod.yaml:6:47",
    ],
    [
      "seccomp for a container",
      "container.seccomp.security.alpha.kubernetes.io/c: unconfined",
      "warning: pod.yaml:6:55",
    ],
    [
      "AppArmor for a container that is not there",
      "container.apparmor.security.beta.kubernetes.io/x: unconfined",
      "pod.yaml:6:55",
    ],
    ["AppArmor with a word of nobody's", `${key}: strict`, "pod.yaml:6:55"],
  ])("%s", (_name, annotation, at) => {
    const result = annotated(annotation, "", "");
    expect(result.problems).toHaveLength(1);
    expect(result.problems[0]).toContain(`${at}: metadata.annotations["`);
    expect(result.spec("Pod/p/c").seccomp).toBeUndefined();
  });
});

describe("a seccomp profile of the node", () => {
  const localhost = container(
    "securityContext: {seccompProfile: {type: Localhost, localhostProfile: profiles/a.json}}",
  );
  test("its contents are unknown", () => {
    expect(read(localhost).plain("Pod/p/c")["seccomp"]).toEqual({ kind: "profile", name: "profiles/a.json" });
  });
  test("its contents are those of the file beside the manifest", () => {
    const result = read(localhost, { files: { "profiles/a.json": '{"defaultAction": "SCMP_ACT_ALLOW"}' } });
    expect(result.plain("Pod/p/c")["seccomp"]).toEqual({
      kind: "profile",
      name: "profiles/a.json",
      profile: { defaultAction: "SCMP_ACT_ALLOW" },
    });
  });
});

describe("what the API server refuses", () => {
  const where = "spec.containers[0]";
  test.each([
    [
      "a type of nobody's",
      "securityContext: {seccompProfile: {type: Strict}}",
      `${where}.securityContext.seccompProfile.type: expected RuntimeDefault, Unconfined or Localhost, found "Strict"`,
    ],
    [
      "no type",
      "securityContext: {seccompProfile: {}}",
      `${where}.securityContext.seccompProfile.type: expected RuntimeDefault, Unconfined or Localhost, found nothing`,
    ],
    [
      "Localhost without a profile",
      "securityContext: {seccompProfile: {type: Localhost}}",
      `${where}.securityContext.seccompProfile.localhostProfile: expected the name of a profile, found nothing`,
    ],
    [
      "a profile beside another type",
      "securityContext: {appArmorProfile: {type: RuntimeDefault, localhostProfile: a}}",
      `${where}.securityContext.appArmorProfile.localhostProfile: expected nothing beside type RuntimeDefault, found "a"`,
    ],
    [
      "a profile outside the folder",
      "securityContext: {seccompProfile: {type: Localhost, localhostProfile: ../a}}",
      `${where}.securityContext.seccompProfile.localhostProfile: expected a path below the kubelet's seccomp folder, found "../a"`,
    ],
    [
      "a user as a string",
      'securityContext: {runAsUser: "0"}',
      `${where}.securityContext.runAsUser: expected a whole number, found "0"`,
    ],
    [
      "a negative user",
      "securityContext: {runAsUser: -1}",
      `${where}.securityContext.runAsUser: expected a whole number, found -1`,
    ],
    [
      "a boolean as a number",
      "securityContext: {privileged: 1}",
      `${where}.securityContext.privileged: expected true or false, found 1`,
    ],
    [
      "a security context that is a list",
      "securityContext: []",
      `${where}.securityContext: expected a mapping, found a list`,
    ],
    [
      "a quantity of nobody's",
      "resources: {limits: {memory: lots}}",
      `${where}.resources.limits.memory: expected a quantity such as 500m or 1Gi, found "lots"`,
    ],
    [
      "procMount in lower case",
      "securityContext: {procMount: unmasked}",
      `${where}.securityContext.procMount: expected Default or Unmasked, found "unmasked"`,
    ],
    [
      "no escalation beside privileged",
      "securityContext: {privileged: true, allowPrivilegeEscalation: false}",
      `${where}.securityContext.allowPrivilegeEscalation: expected true or nothing beside privileged, found false`,
    ],
    [
      "no escalation beside CAP_SYS_ADMIN",
      "securityContext: {capabilities: {add: [CAP_SYS_ADMIN]}, allowPrivilegeEscalation: false}",
      `${where}.securityContext.allowPrivilegeEscalation: expected true or nothing beside CAP_SYS_ADMIN, found false`,
    ],
  ])("%s", (_name, lines, want) => {
    const result = read(container(lines));
    expect(result.problems.map((problem) => problem.replace(/^pod\.yaml:\d+:\d+: /, ""))).toEqual([want]);
    expect(result.names).toEqual(["Pod/p/c"]);
  });

  test("a refused no_new_privs is not counted as a barrier", () => {
    expect(
      read(container("securityContext: {privileged: true, allowPrivilegeEscalation: false}")).plain(
        "Pod/p/c",
      )["noNewPrivileges"],
    ).toBe(false);
  });

  test.each([
    [
      "root that must not be root",
      container("securityContext: {runAsNonRoot: true, runAsUser: 0}"),
      "expected runAsUser other than 0 beside runAsNonRoot: true",
    ],
    [
      "the host's network with a user namespace",
      container("", "hostUsers: false\nhostNetwork: true"),
      "expected false beside hostUsers: false",
    ],
    [
      "both ways to share processes",
      container("", "hostPID: true\nshareProcessNamespace: true"),
      "expected hostPID or shareProcessNamespace, found both",
    ],
  ])("%s", (_name, text, want) => {
    const { problems } = read(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(want);
  });
});
