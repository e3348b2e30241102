import type { Container } from "./container.ts";
import type { PodFacts } from "./pod-facts.ts";
import type { CommonSecurity } from "./security.ts";
import type { PodSecurityLevel } from "./cluster/surroundings.ts";

const baselineCapabilities: ReadonlySet<string> = new Set([
  ...["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD"],
  ...["NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"],
]);
const allowedSelinuxTypes: ReadonlySet<string> = new Set([
  "container_t",
  "container_init_t",
  "container_kvm_t",
  "container_engine_t",
]);
const safeSysctls: ReadonlySet<string> = new Set([
  ...[
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.ping_group_range",
  ],
  ...[
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.tcp_keepalive_time",
  ],
  ...[
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_wmem",
  ],
]);
const restrictedVolumes: ReadonlySet<string> = new Set([
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
]);

/**
 * Why a namespace that enforces a level would refuse this pod; empty when it would not. The newest version of each check is
 * used, and where versions differ on user namespaces the more lenient.
 * @see k8s.io/pod-security-admission policy/check_*.go (0.34); kubernetes.io/docs/concepts/security/pod-security-standards
 */
export function refusals(
  level: PodSecurityLevel,
  pod: PodFacts,
  containers: readonly Container[],
): readonly string[] {
  if (level === "privileged") return [];
  const found = new Set<string>();
  podBaseline(pod, found);
  for (const container of containers) containerBaseline(container, pod, found);
  if (level === "restricted") {
    for (const { type } of pod.volumes.values())
      if (!restrictedVolumes.has(type)) found.add(`volume of type ${type}`);
    for (const container of containers) containerRestricted(container, pod, found);
  }
  return [...found];
}

function podBaseline(pod: PodFacts, found: Set<string>): void {
  if (pod.hostNetwork?.value === true) found.add("hostNetwork");
  if (pod.hostPid?.value === true) found.add("hostPID");
  if (pod.hostIpc?.value === true) found.add("hostIPC");
  for (const { type } of pod.volumes.values()) if (type === "hostPath") found.add("hostPath volume");
  for (const { value } of pod.security.sysctls)
    if (!safeSysctls.has(value.name)) found.add(`sysctl ${value.name}`);
  commonBaseline(pod.security, found);
}

function commonBaseline({ seccomp, apparmor, selinux }: CommonSecurity, found: Set<string>): void {
  if (seccomp?.value.kind === "unconfined") found.add("seccompProfile Unconfined");
  if (apparmor?.value.kind === "unconfined") found.add("appArmorProfile Unconfined");
  if (selinux?.value.kind === "type" && !allowedSelinuxTypes.has(selinux.value.type))
    found.add(`seLinuxOptions type ${selinux.value.type}`);
}

function containerBaseline({ security, published }: Container, pod: PodFacts, found: Set<string>): void {
  if (security.privileged?.value === true) found.add("privileged");
  for (const { value } of security.capAdd)
    if (!baselineCapabilities.has(value)) found.add(`capability ${value}`);
  if (security.unmasked?.value === true && pod.hostUsers?.value !== false) found.add("procMount Unmasked");
  if (published.length > 0) found.add("hostPort");
  commonBaseline(security, found);
}

function containerRestricted({ security }: Container, pod: PodFacts, found: Set<string>): void {
  if (security.noNewPrivileges?.value !== true) found.add("allowPrivilegeEscalation is not false");
  if (!security.capDrop.some(({ value }) => value === "ALL")) found.add("capabilities.drop without ALL");
  for (const { value } of security.capAdd) if (value !== "NET_BIND_SERVICE") found.add(`capability ${value}`);
  if (!security.seccomp && !pod.security.seccomp) found.add("no seccompProfile");
  if (pod.hostUsers?.value !== false) rootRestricted(security, pod.security, found);
}

function rootRestricted(container: CommonSecurity, pod: CommonSecurity, found: Set<string>): void {
  const nonRoot = container.runAsNonRoot ?? pod.runAsNonRoot;
  if (nonRoot?.value !== true) found.add("runAsNonRoot is not true");
  if ((container.user ?? pod.user)?.value === "0") found.add("runAsUser 0");
}
