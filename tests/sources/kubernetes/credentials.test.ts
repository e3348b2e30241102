import { describe, expect, test } from "vitest";
import { valueOf } from "../../../src/boundary/fact.ts";
import { container, pod, read } from "./read.ts";

const account = (name: string, more: string, namespace = ""): string =>
  `---\n{apiVersion: v1, kind: ServiceAccount, metadata: {name: ${name}${namespace}}, ${more}}\n`;

describe("whether a token is in the container", () => {
  const projected = "volumes: [{name: t, projected: {sources: [{serviceAccountToken: {path: token}}]}}]";
  const token = "volumeMounts: [{name: t, mountPath: /var/run/secrets/tokens}]";
  const over = "volumeMounts: [{name: t, mountPath: /var/run/secrets/kubernetes.io/serviceaccount}]";
  test.each([
    ["by default it is", container(""), true, "defaulted"],
    ["the pod says no", container("", "automountServiceAccountToken: false"), false, "declared"],
    [
      "the account says no",
      container("", "serviceAccountName: a") + account("a", "automountServiceAccountToken: false"),
      false,
      "declared",
    ],
    [
      "the default account says no",
      container("") + account("default", "automountServiceAccountToken: false"),
      false,
      "declared",
    ],
    [
      "another account says no",
      container("", "serviceAccountName: b") + account("a", "automountServiceAccountToken: false"),
      true,
      "defaulted",
    ],
    [
      "an account of another namespace says no",
      container("") + account("default", "automountServiceAccountToken: false", ", namespace: other"),
      true,
      "defaulted",
    ],
    [
      "the pod wins over the account",
      container("", "automountServiceAccountToken: true\nserviceAccountName: a") +
        account("a", "automountServiceAccountToken: false"),
      true,
      "declared",
    ],
    [
      "a projection that is mounted",
      container(token, `automountServiceAccountToken: false\n${projected}`),
      true,
      "declared",
    ],
    [
      "a projection that nobody mounts",
      container("", `automountServiceAccountToken: false\n${projected}`),
      false,
      "declared",
    ],
    [
      "a projection for somebody else",
      container(
        token,
        `automountServiceAccountToken: false\n${projected.replace("path: token", "path: token, audience: vault")}`,
      ),
      false,
      "declared",
    ],
    [
      "something else mounted in its place",
      container(over, "volumes: [{name: t, emptyDir: {}}]"),
      false,
      "declared",
    ],
    ["the token mounted in its usual place by hand", container(over, projected), true, "declared"],
  ] as const)("%s", (_name, text, want, provenance) => {
    const result = read(text);
    expect(result.problems).toEqual([]);
    const fact = result.spec("Pod/p/c").serviceAccountToken;
    expect(fact && valueOf(fact)).toBe(want);
    expect(fact?.known === true && fact.provenance.kind).toBe(provenance);
  });

  test("the account is the named one, the deprecated field's, or default", () => {
    expect(read(container("", "serviceAccountName: a")).spec("Pod/p/c").serviceAccount).toBe("a");
    expect(read(container("", "serviceAccount: b")).spec("Pod/p/c").serviceAccount).toBe("b");
    expect(read(container("")).spec("Pod/p/c").serviceAccount).toBe("default");
  });
});

describe("environment and secrets", () => {
  test.each([
    ["a value in the file", "env: [{name: A, value: b}]", [{ name: "A", literal: true }], []],
    [
      "a value from elsewhere",
      "env: [{name: A, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]",
      [{ name: "A", literal: false }],
      [],
    ],
    [
      "a value of a secret",
      "env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}]",
      [{ name: "A", literal: false }],
      ["s"],
    ],
    ["a whole secret", "envFrom: [{secretRef: {name: s}}]", [], ["s"]],
    [
      "a secret twice",
      "envFrom: [{secretRef: {name: s}}]\nenv: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}]",
      [{ name: "A", literal: false }],
      ["s"],
    ],
  ])("%s", (_name, lines, environment, secrets) => {
    const result = read(container(lines));
    expect(result.problems).toEqual([]);
    expect(result.plain("Pod/p/c")).toMatchObject({ environment, secrets });
  });

  test("the keys of a ConfigMap in the input are names, with their prefix", () => {
    const result = read(
      `${container("envFrom: [{prefix: P_, configMapRef: {name: m}}]")}---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: m}, data: {PASSWORD: x}}`,
    );
    expect(result.plain("Pod/p/c")).toMatchObject({
      environment: [{ name: "P_PASSWORD", literal: true }],
      secrets: [],
    });
  });

  test("secrets that are mounted, in every form", () => {
    const volumes = [
      "{name: a, secret: {secretName: s1}}",
      "{name: b, projected: {sources: [{secret: {name: s2}}, {serviceAccountToken: {path: t, audience: vault}}]}}",
      "{name: c, csi: {driver: secrets-store.csi.k8s.io, volumeAttributes: {secretProviderClass: s3}}}",
      "{name: d, secret: {secretName: unmounted}}",
    ];
    const mounts = ["a", "b", "c"].map((name) => `{name: ${name}, mountPath: /${name}}`);
    const result = read(
      container(`volumeMounts: [${mounts.join(", ")}]`, `volumes: [${volumes.join(", ")}]`),
    );
    expect(result.problems).toEqual([]);
    expect(result.plain("Pod/p/c")["secrets"]).toEqual(["s1", "s2", "service-account token for vault", "s3"]);
  });

  test("a variable without a name is a problem", () => {
    expect(read(container("env: [{value: a}]")).problems).toEqual([
      "pod.yaml:9:13: spec.containers[0].env[0].name: expected the name of a variable, found nothing",
    ]);
  });
});

describe("where connections may go", () => {
  const policy = (spec: string, namespace = ""): string =>
    `---\n{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: n${namespace}}, spec: {${spec}}}\n`;
  const labelled = (podLines = ""): string =>
    pod(`${podLines}\ncontainers: [{name: c, image: i}]`, "labels: {app: web}");
  const mine = "podSelector: {matchLabels: {app: web}}";
  test.each([
    ["no policy", "", undefined],
    ["a policy about ingress", policy(`${mine}, policyTypes: [Ingress]`), undefined],
    ["a policy without types or rules", policy(mine), undefined],
    ["nothing is let through", policy(`${mine}, policyTypes: [Egress]`), "none"],
    ["an empty list lets nothing through", policy(`${mine}, policyTypes: [Egress], egress: []`), "none"],
    ["rules imply the type", policy(`${mine}, egress: [{to: [{podSelector: {}}]}]`), "limited"],
    ["an empty rule lets everything through", policy(`${mine}, policyTypes: [Egress], egress: [{}]`), "open"],
    ["every address", policy(`${mine}, egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]`), "open"],
    [
      "every address but the metadata service",
      policy(`${mine}, egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}]}]`),
      "limited",
    ],
    ["every address on one port", policy(`${mine}, egress: [{ports: [{port: 53}]}]`), "limited"],
    [
      "policies add up",
      policy(`${mine}, policyTypes: [Egress]`) + policy(`${mine}, egress: [{to: [{podSelector: {}}]}]`),
      "limited",
    ],
    ["a policy for all pods", policy("podSelector: {}, policyTypes: [Egress]"), "none"],
    [
      "a policy for other pods",
      policy("podSelector: {matchLabels: {app: db}}, policyTypes: [Egress]"),
      undefined,
    ],
    [
      "a policy of another namespace",
      policy("podSelector: {}, policyTypes: [Egress]", ", namespace: other"),
      undefined,
    ],
    [
      "an expression that matches",
      policy(
        "podSelector: {matchExpressions: [{key: app, operator: In, values: [web]}]}, policyTypes: [Egress]",
      ),
      "none",
    ],
    [
      "an expression that does not",
      policy(
        "podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [web]}]}, policyTypes: [Egress]",
      ),
      undefined,
    ],
    [
      "a label that must not be there",
      policy("podSelector: {matchExpressions: [{key: app, operator: DoesNotExist}]}, policyTypes: [Egress]"),
      undefined,
    ],
    [
      "a label that must be there",
      policy("podSelector: {matchExpressions: [{key: app, operator: Exists}]}, policyTypes: [Egress]"),
      "none",
    ],
  ])("%s", (_name, more, want) => {
    const result = read(labelled() + more);
    expect(result.problems).toEqual([]);
    expect(result.spec("Pod/p/c").egress?.value).toBe(want);
  });

  test("a pod on the host's network is beyond policies", () => {
    expect(
      read(labelled("hostNetwork: true") + policy("podSelector: {}, policyTypes: [Egress]")).spec("Pod/p/c")
        .egress,
    ).toBeUndefined();
  });
});

describe("a namespace that would not admit the pod", () => {
  const inNamespace = (level: string, podLines: string, own: string): readonly string[] =>
    read(
      `{apiVersion: v1, kind: Namespace, metadata: {name: n, labels: {pod-security.kubernetes.io/enforce: ${level}}}}\n---\n${pod(`${podLines}\ncontainers:\n  - name: c\n    image: i\n    securityContext: {${own}}`, "namespace: n")}`,
    ).problems;
  const hardened =
    "allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: {drop: [ALL]}, seccompProfile: {type: RuntimeDefault}";
  test.each([
    ["privileged admits everything", "privileged", "hostPID: true", "privileged: true", undefined],
    ["baseline admits a plain pod", "baseline", "", "", undefined],
    ["baseline refuses privileged", "baseline", "", "privileged: true", "privileged"],
    [
      "baseline refuses host namespaces",
      "baseline",
      "hostPID: true\nhostNetwork: true",
      "",
      "hostNetwork, hostPID",
    ],
    [
      "baseline refuses a hostPath that nobody mounts",
      "baseline",
      "volumes: [{name: v, hostPath: {path: /a}}]",
      "",
      "hostPath volume",
    ],
    [
      "baseline refuses a capability",
      "baseline",
      "",
      "capabilities: {add: [NET_RAW, CHOWN]}",
      "capability NET_RAW",
    ],
    [
      "baseline refuses an open filter",
      "baseline",
      "securityContext: {seccompProfile: {type: Unconfined}}",
      "",
      "seccompProfile Unconfined",
    ],
    ["baseline refuses spc_t", "baseline", "", "seLinuxOptions: {type: spc_t}", "seLinuxOptions type spc_t"],
    [
      "baseline refuses an unsafe sysctl",
      "baseline",
      'securityContext: {sysctls: [{name: kernel.msgmax, value: "1"}]}',
      "",
      "sysctl kernel.msgmax",
    ],
    ["restricted admits a hardened pod", "restricted", "", hardened, undefined],
    [
      "restricted refuses a plain pod",
      "restricted",
      "",
      "",
      "allowPrivilegeEscalation is not false, capabilities.drop without ALL, no seccompProfile, runAsNonRoot is not true",
    ],
    [
      "restricted refuses a kind of volume",
      "restricted",
      "volumes: [{name: v, nfs: {server: s, path: /}}]",
      hardened,
      "volume of type nfs",
    ],
    ["a level of nobody's is no level", "strict", "", "privileged: true", undefined],
  ])("%s", (_name, level, podLines, own, want) => {
    const problems = inNamespace(level, podLines, own);
    expect(problems).toEqual(
      want === undefined
        ? []
        : [
            expect.stringContaining(
              `warning: pod.yaml:9:3: spec: namespace n enforces ${level} and would not admit this pod: ${want}`,
            ),
          ],
    );
  });
});
