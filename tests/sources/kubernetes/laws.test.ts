import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sourceText } from "../../../src/base/location.ts";
import { parseJson } from "../../../src/base/parse-json.ts";
import { kubernetes } from "../../../src/sources/kubernetes/kubernetes.ts";
import type { SourceResult } from "../../../src/sources/types.ts";
import { read } from "./read.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const security = {
  privileged: true,
  runAsUser: 1,
  runAsGroup: 1,
  runAsNonRoot: false,
  capabilities: { add: ["SYS_TIME"], drop: ["ALL"] },
  allowPrivilegeEscalation: true,
  procMount: "Default",
  readOnlyRootFilesystem: true,
  seccompProfile: { type: "Localhost", localhostProfile: "a" },
  appArmorProfile: { type: "Unconfined" },
  seLinuxOptions: { type: "t" },
  windowsOptions: { hostProcess: false },
};

const one = {
  name: "c",
  image: "i",
  securityContext: security,
  env: [
    { name: "A", value: "b" },
    { name: "B", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
  ],
  envFrom: [{ prefix: "P", configMapRef: { name: "m" } }, { secretRef: { name: "s" } }],
  volumeMounts: [
    {
      name: "h",
      mountPath: "/h",
      subPathExpr: "$(A)/x",
      readOnly: true,
      mountPropagation: "Bidirectional",
      recursiveReadOnly: "Enabled",
    },
    { name: "t", mountPath: "/t" },
  ],
  volumeDevices: [{ name: "p", devicePath: "/dev/x" }],
  resources: { limits: { memory: "1Gi", cpu: 1 } },
  ports: [{ containerPort: 80, hostPort: 80, hostIP: "1.1.1.1", protocol: "TCP" }],
  livenessProbe: { exec: { command: ["a"] } },
  lifecycle: { preStop: { exec: {} } },
  tty: true,
};

const spec = {
  serviceAccountName: "a",
  automountServiceAccountToken: true,
  hostPID: true,
  hostNetwork: false,
  hostUsers: false,
  shareProcessNamespace: false,
  runtimeClassName: "r",
  os: { name: "linux" },
  securityContext: { ...security, fsGroup: 1, supplementalGroups: [2], sysctls: [{ name: "a", value: "b" }] },
  volumes: [
    { name: "h", hostPath: { path: "/a", type: "" } },
    { name: "t", projected: { sources: [{ serviceAccountToken: { audience: "x" } }] } },
    { name: "p", persistentVolumeClaim: { claimName: "data" } },
  ],
  initContainers: [{ ...one, name: "i", restartPolicy: "Always" }],
  containers: [one],
  ephemeralContainers: [{ ...one, name: "e", targetContainerName: "c" }],
};

const metadata = {
  name: "n",
  namespace: "ns",
  labels: { app: "x" },
  annotations: { "container.apparmor.security.beta.kubernetes.io/c": "unconfined" },
};
const rbac = "rbac.authorization.k8s.io/v1";
const cluster: Json[] = [
  { apiVersion: "v1", kind: "Pod", metadata, spec },
  {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata,
    spec: { selector: {}, volumeClaimTemplates: [{ metadata: { name: "p" } }], template: { metadata, spec } },
  },
  {
    apiVersion: "example.org/v1",
    kind: "Thing",
    metadata,
    spec: { groups: [{ template: { metadata, spec } }] },
  },
  {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "ns", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
  },
  {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: "a", namespace: "ns" },
    automountServiceAccountToken: false,
  },
  {
    apiVersion: rbac,
    kind: "ClusterRole",
    metadata: { name: "r", labels: { a: "b" } },
    aggregationRule: {
      clusterRoleSelectors: [
        { matchLabels: { a: "b" }, matchExpressions: [{ key: "a", operator: "In", values: ["b"] }] },
      ],
    },
    rules: [{ verbs: ["get"], apiGroups: [""], resources: ["secrets"], resourceNames: ["x"] }],
  },
  {
    apiVersion: rbac,
    kind: "RoleBinding",
    metadata: { name: "r", namespace: "ns" },
    subjects: [
      { kind: "ServiceAccount", name: "a", namespace: "ns" },
      { kind: "User", name: "system:serviceaccount:ns:a" },
    ],
    roleRef: { kind: "ClusterRole", name: "r" },
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata,
    spec: {
      podSelector: { matchLabels: { app: "x" } },
      policyTypes: ["Egress"],
      egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["1.1.1.1/32"] } }], ports: [{ port: 1 }] }],
    },
  },
  {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: "v" },
    spec: { volumeMode: "Block", local: { path: "/dev/sdb" }, claimRef: { namespace: "ns", name: "data" } },
  },
  {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "data", namespace: "ns" },
    spec: { volumeName: "v" },
  },
  { apiVersion: "node.k8s.io/v1", kind: "RuntimeClass", metadata: { name: "r" }, handler: "runsc" },
  { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "m", namespace: "ns" }, data: { A: "b" } },
];

function pathsOf(value: Json, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== "object" || value === null) return [path];
  const entries: [string | number, Json][] = Array.isArray(value)
    ? value.map((item, index) => [index, item])
    : Object.entries(value);
  return [path, ...entries.flatMap(([key, item]) => pathsOf(item, [...path, key]))];
}

function replaced(value: Json, [step, ...rest]: readonly (string | number)[], by: Json): Json {
  if (step === undefined) return by;
  if (Array.isArray(value))
    return value.map((item, index) => (index === step ? replaced(item, rest, by) : item));
  if (typeof value !== "object" || value === null) return by;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === step ? replaced(item, rest, by) : item]),
  );
}

function readJson(documents: readonly Json[]): { text: string; result: SourceResult } {
  const text = JSON.stringify({ apiVersion: "v1", kind: "List", items: documents });
  const { document } = parseJson(sourceText("a.json", text));
  if (!document) throw new Error("not JSON");
  return {
    text,
    result: kubernetes.read(
      { file: "a.json", documents: [document] },
      { readText: () => undefined, environment: new Map(), profiles: [] },
    ),
  };
}

const paths = pathsOf(cluster);
const anyJson = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
const likely = fc.constantFrom<Json>(
  null,
  "",
  "x",
  "yes",
  0,
  -1,
  1.5,
  2 ** 40,
  true,
  [],
  {},
  [null],
  [[]],
  [{}],
  { a: {} },
  "../..",
  "$(A)",
  "\u0000\u202e",
  "__proto__",
  "constructor",
);

function sound({ text, result }: ReturnType<typeof readJson>): void {
  for (const problem of result.problems) {
    expect(problem.at?.offset).toBeGreaterThanOrEqual(0);
    expect(problem.at?.offset).toBeLessThanOrEqual(text.length);
    expect(problem.message).toMatch(/^(expected .*, found|passed over: |namespace .* enforces)/s);
    expect(problem.message.length).toBeLessThan(600);
  }
  const names = result.subjects.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { at } of result.subjects) expect(at?.offset).toBeLessThan(text.length);
}

describe("whatever the values are", () => {
  test("the whole example is read", () => {
    const { result } = readJson(cluster);
    expect(result.subjects).toHaveLength(9);
    expect(paths.length).toBeGreaterThan(500);
  });

  test("any value in any field: no throw, every problem within the text, every name once", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...paths.slice(1)), fc.oneof(likely, anyJson)), {
          minLength: 1,
          maxLength: 3,
        }),
        (changes) => {
          const changed = changes.reduce<Json>((value, [path, by]) => replaced(value, path, by), cluster);
          sound(readJson(Array.isArray(changed) ? changed : [changed]));
        },
      ),
      { numRuns: 1500 },
    );
  });

  test("any object of any kind", () => {
    const kinds = fc.constantFrom(
      "Pod",
      "Deployment",
      "CronJob",
      "List",
      "PodList",
      "Template",
      "Role",
      "ClusterRoleBinding",
      "NetworkPolicy",
      "PersistentVolume",
      "Thing",
      "constructor",
      "__proto__",
    );
    const groups = fc.constantFrom("v1", "apps/v1", "batch/v1", rbac, "networking.k8s.io/v1", "/", "");
    fc.assert(
      fc.property(fc.array(fc.tuple(groups, kinds, anyJson, anyJson), { maxLength: 4 }), (objects) => {
        sound(
          readJson(
            objects.map(([apiVersion, kind, spec, metadata]) => ({
              apiVersion,
              kind,
              metadata,
              spec,
              items: spec,
              subjects: spec,
              rules: spec,
            })),
          ),
        );
      }),
      { numRuns: 500 },
    );
  });

  test("the order of the documents does not matter", () => {
    const facts = (documents: readonly Json[]): unknown =>
      readJson(documents)
        .result.subjects.map(({ name, spec: found }) => ({
          name,
          rights: found?.rights?.known,
          egress: found?.egress?.value,
          token: found?.serviceAccountToken?.known,
          mounts: found?.mounts.map(({ kind, source }) => [kind, source?.value]),
        }))
        .sort((a, b) => a.name.localeCompare(b.name));
    const want = facts(cluster);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(cluster, { minLength: cluster.length }),
        (shuffled) => void expect(facts(shuffled)).toEqual(want),
      ),
      { numRuns: 50 },
    );
  });
});

describe("what is large stays cheap", () => {
  test.each([
    [
      "containers that all mount all volumes",
      () =>
        `{apiVersion: v1, kind: Pod, spec: {volumes: [${names(100, (n) => `{name: v${n}}`)}], containers: [${names(300, (n) => `{name: c${n}, image: i, volumeMounts: *m}`).replace("*m", `&m [${names(100, (n) => `{name: v${n}, mountPath: /m${n}}`)}]`)}]}}`,
    ],
    [
      "objects of one name",
      () =>
        names(
          3000,
          () =>
            "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: c, image: i}]}}\n---\n",
          "",
        ),
    ],
    [
      "aliases that expand",
      () =>
        `{apiVersion: example.org/v1, kind: Thing, a: &a [${names(9, () => "{x: y}")}], b: &b [${names(9, () => "*a")}], c: &c [${names(9, () => "*b")}], d: &d [${names(9, () => "*c")}], e: [${names(9, () => "*d")}]}`,
    ],
    [
      "bindings of one account",
      () =>
        `${names(3000, (n) => `{apiVersion: ${rbac}, kind: RoleBinding, metadata: {name: b${n}}, subjects: [{kind: ServiceAccount, name: default}], roleRef: {kind: ClusterRole, name: edit}}\n---\n`, "")}{apiVersion: v1, kind: Pod, spec: {containers: [{name: c, image: i}]}}`,
    ],
  ])("%s", (_name, text) => {
    const written = text();
    const started = performance.now();
    read(written);
    expect(performance.now() - started).toBeLessThan(8000);
  });
});

function names(count: number, item: (name: string) => string, separator = ", "): string {
  return Array.from({ length: count }, (_, i) => item(String(i))).join(separator);
}
