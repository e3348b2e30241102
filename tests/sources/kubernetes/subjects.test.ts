import { describe, expect, test } from "vitest";
import { kubernetes } from "../../../src/sources/kubernetes/kubernetes.ts";
import { parsed, read } from "./read.ts";

const template = "template: {spec: {containers: [{name: app, image: nginx}]}}";

describe("what is recognised", () => {
  test.each([
    ["a pod", "{apiVersion: v1, kind: Pod}", true],
    ["a custom resource", "{apiVersion: example.org/v1, kind: Thing}", true],
    ["a list", "{apiVersion: v1, kind: List, items: []}", true],
    ["an object without apiVersion", "{kind: Pod}", false],
    ["an object whose kind is a mapping", "{apiVersion: v1, kind: {}}", false],
    ["a Compose file", "{services: {web: {image: nginx}}}", false],
    ["a list of things", "[1, 2]", false],
    ["a word", "hello", false],
  ])("%s → %s %s", (_name, text, want) => {
    const [document] = parsed(text);
    expect(document && kubernetes.recognises({ file: "x", document })).toBe(want);
  });
});

describe("every kind with a pod template gives its containers", () => {
  test.each<[string, string, string[]]>([
    [
      "Pod",
      "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: app, image: nginx}]}}",
      ["Pod/a/app"],
    ],
    ...["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"].map((kind): [string, string, string[]] => [
      kind,
      `{apiVersion: apps/v1, kind: ${kind}, metadata: {name: a}, spec: {selector: {}, ${template}}}`,
      [`${kind}/a/app`],
    ]),
    [
      "an old Deployment",
      `{apiVersion: extensions/v1beta1, kind: Deployment, metadata: {name: a}, spec: {${template}}}`,
      ["Deployment/a/app"],
    ],
    ["Job", `{apiVersion: batch/v1, kind: Job, metadata: {name: a}, spec: {${template}}}`, ["Job/a/app"]],
    [
      "CronJob",
      `{apiVersion: batch/v1, kind: CronJob, metadata: {name: a}, spec: {jobTemplate: {spec: {${template}}}}}`,
      ["CronJob/a/app"],
    ],
    [
      "ReplicationController",
      `{apiVersion: v1, kind: ReplicationController, metadata: {name: a}, spec: {${template}}}`,
      ["ReplicationController/a/app"],
    ],
    [
      "PodTemplate",
      `{apiVersion: v1, kind: PodTemplate, metadata: {name: a}, ${template}}`,
      ["PodTemplate/a/app"],
    ],
    [
      "DeploymentConfig",
      `{apiVersion: apps.openshift.io/v1, kind: DeploymentConfig, metadata: {name: a}, spec: {${template}}}`,
      ["DeploymentConfig/a/app"],
    ],
    [
      "an Argo Rollout",
      `{apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {name: a}, spec: {${template}}}`,
      ["Rollout/a/app"],
    ],
    [
      "a Knative Service whose container has no name",
      "{apiVersion: serving.knative.dev/v1, kind: Service, metadata: {name: a}, spec: {template: {spec: {containers: [{image: x}]}}}}",
      ["Service/a/containers[0]"],
    ],
    [
      "a RayCluster with two templates",
      "{apiVersion: ray.io/v1, kind: RayCluster, metadata: {name: a}, spec: {headGroupSpec: {template: {spec: {containers: [{name: r, image: x}]}}}, workerGroupSpecs: [{template: {spec: {containers: [{name: r, image: x}]}}}]}}",
      ["RayCluster/a/headGroupSpec/r", "RayCluster/a/workerGroupSpecs[0]/r"],
    ],
    [
      "a LeaderWorkerSet",
      `{apiVersion: leaderworkerset.x-k8s.io/v1, kind: LeaderWorkerSet, metadata: {name: a}, spec: {leaderWorkerTemplate: {leaderTemplate: {spec: {containers: [{name: l, image: x}]}}, workerTemplate: {spec: {containers: [{name: w, image: x}]}}}}}`,
      [
        "LeaderWorkerSet/a/leaderWorkerTemplate.leaderTemplate/l",
        "LeaderWorkerSet/a/leaderWorkerTemplate.workerTemplate/w",
      ],
    ],
    [
      "a kind of the same name elsewhere",
      "{apiVersion: batch.volcano.sh/v1, kind: Job, metadata: {name: a}, spec: {tasks: [{template: {spec: {containers: [{name: t, image: x}]}}}]}}",
      ["Job/a/t"],
    ],
    [
      "a List",
      `{apiVersion: v1, kind: List, items: [{apiVersion: batch/v1, kind: Job, metadata: {name: a}, spec: {${template}}}, {apiVersion: v1, kind: Service, metadata: {name: s}}]}`,
      ["Job/a/app"],
    ],
    [
      "a PodList with items that leave out their kind",
      "{apiVersion: v1, kind: PodList, items: [{metadata: {name: a}, spec: {containers: [{name: app, image: nginx}]}}]}",
      ["Pod/a/app"],
    ],
    [
      "an OpenShift Template",
      `{apiVersion: template.openshift.io/v1, kind: Template, objects: [{apiVersion: batch/v1, kind: Job, metadata: {name: a}, spec: {${template}}}]}`,
      ["Job/a/app"],
    ],
    [
      "several documents",
      "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: x, image: i}]}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: b}, spec: {containers: [{name: x, image: i}]}}",
      ["Pod/a/x", "Pod/b/x"],
    ],
    [
      "kinds without a template",
      "{apiVersion: v1, kind: ConfigMap, data: {a: b}}\n---\n{apiVersion: v1, kind: Service, spec: {ports: [{port: 80}]}}",
      [],
    ],
    [
      "a schema that speaks of containers",
      "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, spec: {containers: [{name: a, image: b}]}}",
      [],
    ],
    [
      "a status that speaks of containers",
      "{apiVersion: example.org/v1, kind: Thing, status: {containers: [{name: a, image: b}]}}",
      [],
    ],
  ])("%s", (_name, text, names) => {
    const result = read(text);
    expect(result.names).toEqual(names);
    expect(result.problems).toEqual([]);
  });
});

describe("names", () => {
  const spec = "spec: {containers: [{name: c, image: i}]}";
  test.each([
    [
      "a namespace stands before the name",
      `{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: n}, ${spec}}`,
      ["Pod/n/a/c"],
    ],
    [
      "generateName is completed by the server",
      `{apiVersion: v1, kind: Pod, metadata: {generateName: run-}, ${spec}}`,
      ["Pod/run-*/c"],
    ],
    ["no name at all", `{apiVersion: v1, kind: Pod, ${spec}}`, ["Pod/(unnamed)/c"]],
    [
      "equal names are numbered",
      `{apiVersion: v1, kind: Pod, metadata: {name: a}, ${spec}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: a}, ${spec}}`,
      ["Pod/a/c", "Pod/a/c#2"],
    ],
  ])("%s", (_name, text, names) => {
    expect(read(text).names).toEqual(names);
  });

  test("init, sidecar, regular and ephemeral containers are subjects", () => {
    const { names } = read(
      "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {initContainers: [{name: i, image: x}, {name: s, image: x, restartPolicy: Always}], containers: [{name: c, image: x}], ephemeralContainers: [{name: e, image: x, targetContainerName: c}]}}",
    );
    expect(names).toEqual(["Pod/a/i", "Pod/a/s", "Pod/a/c", "Pod/a/e"]);
  });
});

describe("what is malformed is an error with its place; the rest is read", () => {
  const deployment = (spec: string): string =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec:\n  selector: {}\n  template:\n    spec:\n${spec}`;
  test.each([
    ["no spec", "apiVersion: v1\nkind: Pod\n", [], ["pod.yaml:1:1: spec: expected a mapping, found nothing"]],
    [
      "a spec that is a list",
      "apiVersion: v1\nkind: Pod\nspec: []\n",
      [],
      ["pod.yaml:3:7: spec: expected a mapping, found a list"],
    ],
    [
      "no template",
      "apiVersion: batch/v1\nkind: Job\nspec: {}\n",
      [],
      ["pod.yaml:3:7: spec.template: expected a mapping, found nothing"],
    ],
    [
      "no containers",
      deployment("      volumes: []\n"),
      [],
      ["pod.yaml:8:7: spec.template.spec.containers: expected a list of containers, found nothing"],
    ],
    [
      "an empty list of containers",
      deployment("      containers: []\n"),
      [],
      ["pod.yaml:8:19: spec.template.spec.containers: expected at least one container, found a list"],
    ],
    [
      "containers as a mapping",
      deployment("      containers: {a: b}\n"),
      [],
      ["pod.yaml:8:19: spec.template.spec.containers: expected a list, found a mapping"],
    ],
    [
      "privileged as a string",
      deployment(
        '      containers:\n        - name: a\n          image: i\n          securityContext:\n            privileged: "yes"\n        - {name: b, image: i}\n',
      ),
      ["Deployment/d/a", "Deployment/d/b"],
      [
        'pod.yaml:12:25: spec.template.spec.containers[0].securityContext.privileged: expected true or false, found "yes"',
      ],
    ],
    [
      "a container that is a word",
      deployment("      containers: [a, {name: b, image: i}]\n"),
      ["Deployment/d/b"],
      ['pod.yaml:8:20: spec.template.spec.containers[0]: expected a mapping, found "a"'],
    ],
    [
      "a capability that is a number",
      deployment(
        "      containers: [{name: a, image: i, securityContext: {capabilities: {add: [1, SYS_TIME]}}}]\n",
      ),
      ["Deployment/d/a"],
      [
        "pod.yaml:8:79: spec.template.spec.containers[0].securityContext.capabilities.add[0]: expected a string, found 1",
      ],
    ],
    [
      "no image and no name",
      deployment("      containers: [{name: a}, {image: i}]\n"),
      ["Deployment/d/a", "Deployment/d/containers[1]"],
      [
        "pod.yaml:8:20: spec.template.spec.containers[0].image: expected an image, found nothing",
        "pod.yaml:8:31: spec.template.spec.containers[1].name: expected the name of the container, found nothing",
      ],
    ],
    [
      "an item of a List without a kind",
      "{apiVersion: v1, kind: List, items: [{a: b}]}",
      [],
      ["pod.yaml:1:38: items[0].apiVersion: expected an API version, found nothing"],
    ],
    [
      "a List whose items are none",
      "{apiVersion: v1, kind: List, items: {}}",
      [],
      ["pod.yaml:1:37: items: expected a list, found a mapping"],
    ],
    [
      "an item of a List that is null",
      "{apiVersion: v1, kind: List, items: [null]}",
      [],
      ["pod.yaml:1:37: items[0]: expected a mapping, found nothing"],
    ],
  ])("%s", (_name, text, names, problems) => {
    const result = read(text);
    expect(result.names).toEqual(names);
    expect(result.problems).toEqual(problems);
  });

  test("a problem of one document leaves the others alone", () => {
    const result = read(
      "apiVersion: v1\nkind: Pod\n---\n{apiVersion: v1, kind: Pod, metadata: {name: b}, spec: {containers: [{name: c, image: i}]}}",
    );
    expect(result.names).toEqual(["Pod/b/c"]);
    expect(result.problems).toHaveLength(1);
  });
});

describe("what is no whole workload is passed over, and said to be", () => {
  test("a kustomize patch", () => {
    const result = read(
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {replicas: 3, template: {spec: {containers: [{name: a, resources: {}}]}}}",
    );
    expect(result.names).toEqual([]);
    expect(result.problems).toEqual([
      "warning: pod.yaml:1:1: passed over: a patch of an object (no selector, no image), not a whole one",
    ]);
  });

  test.each([
    ["a pod for Windows", "os: {name: windows}", 0],
    ["a pod that only Windows nodes take", "nodeSelector: {kubernetes.io/os: windows}", 0],
    ["a HostProcess pod", "securityContext: {windowsOptions: {hostProcess: true}}", 0],
    ["a pod for Linux", "os: {name: linux}", 1],
  ])("%s", (_name, line, subjects) => {
    const result = read(
      `{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {${line}, containers: [{name: c, image: i}]}}`,
    );
    expect(result.names).toHaveLength(subjects);
    expect(
      result.problems.map((problem) => problem.includes("warning: ") && problem.includes("not judged")),
    ).toEqual(subjects === 0 ? [true] : []);
  });

  test("an object that is nested too deep says that the rest was not searched", () => {
    const deep = `${"{a: ".repeat(20)}{containers: [{name: c, image: i}]}${"}".repeat(20)}`;
    const result = read(`{apiVersion: example.org/v1, kind: Thing, spec: ${deep}}`);
    expect(result.names).toEqual([]);
    expect(result.raw.map(({ code }) => code)).toEqual(["internal-limit"]);
  });
});
