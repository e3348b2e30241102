import { describe, test } from "vitest";
import type { Isolation } from "../../src/boundary/boundary.ts";
import { unknown } from "../../src/boundary/fact.ts";
import { capabilities, dockerCapabilities, known, namespaceIs } from "../helpers/boundary.ts";
import type { Row } from "../helpers/evaluate.ts";
import { check } from "../helpers/evaluate.ts";

const gvisor: Isolation = { kind: "application-kernel", name: "gvisor", hostUds: false, hostNetwork: false };
const vm: Isolation = { kind: "hypervisor", vmm: "firecracker", jailed: true };
const unsaid = unknown<never>("host.fact", "not said");
const shared = [{ name: "app", through: "pid-namespace" as const, detail: "pid" }];

const rows: readonly Row[] = [
  { name: "the host's kernel", condition: "kernel", argument: "shared", want: "holds" },
  { name: "gVisor answers instead", condition: "kernel", argument: "shared", of: { isolation: known(gvisor) }, want: [], names: "gvisor-correct" },
  { name: "a virtual machine answers instead", condition: "kernel", argument: "shared", of: { isolation: known(vm) }, want: [], names: "vmm-correct" },
  { name: "gVisor's kernel", condition: "kernel", argument: "application", of: { isolation: known(gvisor) }, want: "holds" },
  { name: "a runtime of unknown name", condition: "kernel", argument: "shared", of: { isolation: unknown("runtime-class:x", "not said", [{ kind: "shared-kernel" }, gvisor]) }, want: "unknown", names: "runtime-class:x" },
  { name: "a jailed monitor", condition: "jailed", argument: "no", of: { isolation: known(vm) }, want: [["jail"]] },
  { name: "a monitor without a jail", condition: "jailed", argument: "no", of: { isolation: known({ ...vm, jailed: false }) }, want: "holds" },
  { name: "an unknown bug", condition: "fails", argument: "kernel", want: [["kernel-correct"]] },
  { name: "an unknown bug of a service", condition: "fails", argument: "host-service", want: [["host-services-correct"]] },
  { name: "no lockdown", condition: "lockdown", argument: "none", want: "holds" },
  { name: "lockdown", condition: "lockdown", argument: "none", of: { host: { lockdown: known("integrity") } }, want: [["lockdown"]] },
  { name: "lockdown that still lets it be read", condition: "lockdown", argument: "integrity", of: { host: { lockdown: known("integrity") } }, want: "holds" },
  { name: "unknown lockdown", condition: "lockdown", argument: "none", of: { host: { lockdown: unknown("host.lockdown", "not said", ["none", "integrity"]) } }, want: "unknown", names: "host.lockdown" },
  { name: "unsigned modules", condition: "module-loading", argument: "unsigned", want: "holds" },
  { name: "modules switched off", condition: "module-loading", argument: "unsigned", of: { host: { modulesEnabled: known(false) } }, want: [["sysctl:kernel.modules_disabled=1"]] },
  { name: "signatures enforced", condition: "module-loading", argument: "unsigned", of: { host: { moduleSignatureEnforced: known(true) } }, want: [["module-signatures"]] },
  { name: "an option that nearly all kernels have", condition: "kernel-config", argument: "CONFIG_X", want: "holds" },
  { name: "an option that kernels differ in", condition: "kernel-config", argument: { option: "CONFIG_X", unsaid: "unknown" }, want: "unknown", names: "host.kernel-config.CONFIG_X" },
  { name: "an option that is off", condition: "kernel-config", argument: "CONFIG_X", of: { host: { kernelConfig: new Map([["CONFIG_X", known("n")]]) } }, want: [], names: "kernel-config:CONFIG_X" },
  { name: "a module", condition: "kernel-config", argument: "CONFIG_X", of: { host: { kernelConfig: new Map([["CONFIG_X", known("m")]]) } }, want: "holds" },
  { name: "an option that must be off and is on", condition: "kernel-config", argument: "!CONFIG_X", of: { host: { kernelConfig: new Map([["CONFIG_X", known("y")]]) } }, want: [] },
  { name: "one of two options", condition: "kernel-config", argument: "CONFIG_X|CONFIG_Y", of: { host: { kernelConfig: new Map([["CONFIG_X", known("n")], ["CONFIG_Y", known("y")]]) } }, want: "holds" },
  { name: "a sysctl at the kernel's default", condition: "sysctl", argument: { name: "kernel.x", in: ["0"], default: "0" }, want: "holds" },
  { name: "a sysctl that the host sets", condition: "sysctl", argument: { name: "kernel.x", in: ["0"], default: "0" }, of: { host: { sysctls: new Map([["kernel.x", known("1")]]) } }, want: [["sysctl:kernel.x=1"]] },
  { name: "a sysctl without a default", condition: "sysctl", argument: { name: "kernel.x", in: ["0"] }, want: "unknown", names: "host.sysctl.kernel.x" },
  { name: "an x86 host", condition: "architecture", argument: "x86", want: "holds" },
  { name: "an arm64 host", condition: "architecture", argument: "x86", of: { host: { architecture: known("arm64") } }, want: [] },
  { name: "an unknown host", condition: "architecture", argument: "x86", of: { host: { architecture: unsaid } }, want: "unknown" },
  { name: "the host's pid namespace", condition: "namespace", argument: { kind: "pid", is: "host" }, of: { namespaces: { pid: namespaceIs.host } }, want: "holds" },
  { name: "a private one", condition: "namespace", argument: { kind: "pid", is: "host" }, want: [["namespace:pid"]] },
  { name: "one that another container has", condition: "namespace", argument: { kind: "pid", is: "host" }, of: { namespaces: { pid: known({ kind: "shared", with: "app" }) } }, want: [["namespace:pid"]] },
  { name: "a network", condition: "network", argument: "reachable", want: "holds" },
  { name: "no network", condition: "network", argument: "reachable", of: { network: { mode: known("none"), egress: known("none"), published: [], networks: [] } }, want: [["network:none"]] },
  { name: "a trusted image", condition: "image", argument: "untrusted", want: [["trusted-image"]] },
  { name: "an image of unknown origin", condition: "image", argument: "untrusted", of: { image: { trusted: known(false) } }, want: "holds" },
  { name: "no operator", condition: "operator", argument: ["exec", "cp"], want: [["no-operator-action"]] },
  { name: "a health check", condition: "operator", argument: ["exec", "cp"], of: { operatorActions: known(["exec"]) }, want: "holds" },
  { name: "another action", condition: "operator", argument: ["cp"], of: { operatorActions: known(["exec"]) }, want: [["no-operator-action"]] },
  { name: "an engine that runs as root", condition: "engine-user", argument: "root", want: "holds" },
  { name: "a rootless engine", condition: "engine-user", argument: "root", of: { rootless: known(true) }, want: [["rootless-engine"]] },
  { name: "the engine that is asked for", condition: "container-engine", argument: ["docker"], want: "holds" },
  { name: "another engine", condition: "container-engine", argument: ["podman"], want: [] },
  { name: "a shared pid namespace", condition: "shares", argument: "pid-namespace", of: { siblings: shared }, want: "holds" },
  { name: "nothing shared", condition: "shares", argument: "pid-namespace", want: [] },
  {
    name: "the other container's processes, with CAP_SYS_PTRACE",
    condition: "sibling-process",
    argument: "accessible",
    of: { process: { capabilities: capabilities([...dockerCapabilities, "CAP_SYS_PTRACE"]) } },
    want: "holds",
  },
  { name: "the other container's processes, as root", condition: "sibling-process", argument: "accessible", want: "unknown", names: "siblings.user" },
  { name: "tracing the host's processes, with AppArmor", condition: "lsm-permits", argument: "ptrace-host", of: { process: { apparmor: known({ kind: "profile", name: "cri-containerd.apparmor.d" }) } }, want: [["apparmor"]] },
  { name: "tracing within one profile", condition: "lsm-permits", argument: "ptrace-sibling", of: { process: { apparmor: known({ kind: "profile", name: "docker-default" }) } }, want: "holds" },
  { name: "loading a module, with SELinux", condition: "lsm-permits", argument: "load-module", of: { process: { selinux: known({ kind: "type", type: "container_t" }) } }, want: [["selinux"]] },
  { name: "loading a module, as spc_t", condition: "lsm-permits", argument: "load-module", of: { process: { selinux: known({ kind: "type", type: "spc_t" }) } }, want: "holds" },
  { name: "host files by handle, with AppArmor", condition: "lsm-permits", argument: "read-host-files", of: { process: { apparmor: known({ kind: "profile", name: "docker-default" }) } }, want: "holds" },
  { name: "host files by handle, with SELinux", condition: "lsm-permits", argument: "read-host-files", of: { process: { selinux: known({ kind: "type", type: "container_t" }) } }, want: [["selinux"]] },
];

describe("the host, its kernel, and who shares what", () => {
  test.each(rows)("$condition: $name → $want", check);
});
