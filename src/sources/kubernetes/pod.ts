import type { Fact } from "../../boundary/fact.ts";
import { declared, defaulted } from "../../boundary/fact.ts";
import type { ContainerSpec, Said } from "../spec.ts";
import type { SourceContext, SubjectSpec } from "../types.ts";
import { reportUnmatched } from "./annotations.ts";
import type { Container } from "./container.ts";
import { containersOf } from "./container.ts";
import { child, childIn, positionOf, report, textOf } from "./read/fields.ts";
import type { PodFacts } from "./pod-facts.ts";
import { podFacts } from "./pod-facts.ts";
import { refusals } from "./pod-security.ts";
import { siblingsOf } from "./siblings.ts";
import type { Surroundings } from "./cluster/surroundings.ts";
import { enforcedLevel } from "./cluster/surroundings.ts";
import type { PodTemplate } from "./read/templates.ts";
import { requireContainers } from "./read/templates.ts";

/** The containers of one pod template as subjects. Windows containers have no Linux boundary: they are passed over, and said to be. */
export function subjectsOf(
  template: PodTemplate,
  surroundings: Surroundings,
  context: SourceContext,
): readonly SubjectSpec[] {
  const { object, metadata, spec, strict } = template;
  const pod = podFacts(template, surroundings, context);
  requireContainers(child(spec, "containers"));
  const containers = containersOf(spec, {
    namespace: object.namespace,
    volumes: pod.volumes,
    surroundings,
    context,
    strict,
  });
  reportUnmatched(pod.profiles, metadata, new Set(containers.map(({ name }) => name)));
  reportPod(template, pod, containers, surroundings);
  if (isWindows(template)) return [];
  const siblings = siblingsOf(containers, {
    sharedPid: pod.sharedPid?.value === true,
    hostNetwork: pod.hostNetwork?.value === true,
    hostIpc: pod.hostIpc?.value === true,
  });
  return containers.flatMap((container): readonly SubjectSpec[] => {
    const hostProcess = container.security.hostProcess ?? pod.security.hostProcess;
    if (hostProcess?.value === true) {
      report(container.field, "wrong-value", "passed over: a Windows HostProcess container is not judged", {
        severity: "warning",
      });
      return [];
    }
    const at = positionOf(container.field);
    return [
      {
        name: nameOf(template, container),
        kind: "kubernetes",
        at,
        image: container.image?.value ?? null,
        spec: { ...specOf(container, pod), siblings: siblings(container) },
      },
    ];
  });
}

function nameOf({ object, within }: PodTemplate, container: Container): string {
  const namespace = object.namespace === undefined ? "" : `${object.namespace}/`;
  const place = within === "" ? "" : `${within}/`;
  return `${object.kind}/${namespace}${object.name}/${place}${container.name}`;
}

function isWindows({ spec }: PodTemplate): boolean {
  const os = textOf(childIn(spec, "os", "name")) ?? textOf(childIn(spec, "nodeSelector", "kubernetes.io/os"));
  if (os?.value !== "windows") return false;
  report(spec, "wrong-value", "passed over: a pod for Windows is not judged", { severity: "warning" });
  return true;
}

/** Says so where the namespace would not admit the pod, or the kubelet not start a container: it can be read all the same. */
function reportPod(
  { object, spec }: PodTemplate,
  pod: PodFacts,
  containers: readonly Container[],
  surroundings: Surroundings,
): void {
  const level = enforcedLevel(surroundings, object.namespace);
  const reasons = level ? refusals(level.value, pod, containers) : [];
  if (level && reasons.length > 0) {
    const shown =
      reasons.length > 6 ? [...reasons.slice(0, 6), `${String(reasons.length - 6)} more`] : reasons;
    report(
      spec,
      "wrong-value",
      `namespace ${object.namespace ?? "default"} enforces ${level.value} and would not admit this pod: ${shown.join(", ").slice(0, 300)}`,
      { severity: "warning" },
    );
  }
  for (const container of containers) {
    const { user, runAsNonRoot } = identityOf(container, pod);
    if (runAsNonRoot?.value === true && user?.value === "0")
      report(
        container.field,
        "wrong-value",
        "expected runAsUser other than 0 beside runAsNonRoot: true, found 0",
        { severity: "warning", hint: "the kubelet does not start the container" },
      );
  }
}

/**
 * A container's word, and the pod's where it is silent.
 * @see kubernetes pkg/securitycontext/util.go DetermineEffectiveSecurityContext; pkg/security/apparmor GetProfile
 */
function specOf(container: Container, pod: PodFacts): ContainerSpec {
  const { security, mounts, environment, limits } = container;
  return {
    engine: "kubernetes",
    ...identityOf(container, pod),
    ...namespacesOf(pod),
    privileged: security.privileged,
    capAdd: security.capAdd,
    capDrop: security.capDrop,
    noNewPrivileges: security.noNewPrivileges,
    seccomp: security.seccomp ?? pod.security.seccomp,
    apparmor: security.apparmor ?? pod.profiles.get(container.name) ?? pod.security.apparmor,
    selinux: (security.selinux === undefined ? pod.security.selinux : security.selinux) ?? undefined,
    unmasked: security.unmasked,
    readonlyRootfs: security.readonlyRootfs,
    mounts: mounts.mounts,
    devices: mounts.devices,
    sysctls: pod.security.sysctls,
    runtime: pod.runtime,
    runtimeHandler: pod.runtimeHandler,
    limits: {
      memoryBytes: limits.memoryBytes ?? pod.limits.memoryBytes,
      cpus: limits.cpus ?? pod.limits.cpus,
    },
    terminal: container.terminal,
    published: container.published,
    egress: pod.egress,
    environment: environment.variables,
    secrets: distinct([...environment.secrets, ...mounts.secrets]),
    serviceAccountToken: tokenOf(container, pod),
    serviceAccount: pod.account,
    rights: pod.rights,
    operatorActions: container.operatorActions,
    image: container.image,
  };
}

function identityOf(
  { security }: Container,
  { security: pod }: PodFacts,
): Pick<ContainerSpec, "user" | "group" | "runAsNonRoot" | "groupAdd"> {
  return {
    user: security.user ?? pod.user,
    group: security.group ?? pod.group,
    runAsNonRoot: security.runAsNonRoot ?? pod.runAsNonRoot,
    groupAdd: pod.groups,
  };
}

function namespacesOf(
  pod: PodFacts,
): Pick<ContainerSpec, "pid" | "ipc" | "network" | "userns" | "sharedPid"> {
  const host = (said: Said<boolean> | undefined): Said<string> | undefined =>
    said?.value === true ? { value: "host", at: said.at } : undefined;
  return {
    pid: host(pod.hostPid),
    ipc: host(pod.hostIpc),
    network: host(pod.hostNetwork),
    userns: pod.hostUsers && { value: pod.hostUsers.value ? "host" : "private", at: pod.hostUsers.at },
    sharedPid: pod.sharedPid,
  };
}

function distinct(secrets: readonly Said<string>[]): readonly Said<string>[] {
  if (secrets.length < 2) return secrets;
  return [...new Map(secrets.map((said) => [said.value, said])).values()];
}

/**
 * Whether the container holds a token that the API server takes. A projection that it mounts says so itself; else the pod
 * decides, after it the ServiceAccount object where the input has it, and else it is mounted, except where the container
 * mounts something else at its place.
 * @see kubernetes plugin/pkg/admission/serviceaccount/admission.go shouldAutomount, mountServiceAccountToken
 */
function tokenOf({ mounts }: Container, { automount }: PodFacts): Fact<boolean> {
  if (mounts.apiToken) return declared(true, mounts.apiToken.at);
  if (automount?.value !== false && mounts.overTokenPath) return declared(false, mounts.overTokenPath.at);
  if (automount) return declared(automount.value, automount.at);
  return defaulted(
    true,
    "Kubernetes",
    "automountServiceAccountToken is true unless the pod or its ServiceAccount says otherwise",
  );
}
