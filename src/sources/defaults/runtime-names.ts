import type { Isolation } from "../../boundary/boundary.ts";

/**
 * What a runtime's name suggests. A name proves nothing: Docker's `--runtime` and a RuntimeClass both name an entry of the
 * host's configuration, which may run anything.
 */
export interface RuntimeMeaning {
  /** Undefined where the name says that something else than a shared kernel may be at work, but not what. */
  readonly isolation: Isolation | undefined;
  /** Sysbox gives every container a user namespace (nestybox/sysbox docs/user-guide/security.md). */
  readonly userNamespace?: boolean;
}

export const sharedKernel: Isolation = { kind: "shared-kernel" };
// runsc's defaults: --host-uds=none, --network=sandbox (gvisor.dev/docs/user_guide/filesystem and networking).
export const gvisor: Isolation = {
  kind: "application-kernel",
  name: "gvisor",
  hostUds: false,
  hostNetwork: false,
};
// Kata starts its monitor without a jailer unless configured (kata-containers configuration-fc.toml, jailer_path).
const vm = (vmm: string): Isolation => ({ kind: "hypervisor", vmm, jailed: false });

const shared: RuntimeMeaning = { isolation: sharedKernel };

const meanings: readonly (readonly [RegExp, RuntimeMeaning])[] = [
  [/^(runc|crun|youki|nvidia|nvidia-container-runtime|nvidia-cdi|nvidia-legacy)$/, shared],
  [/^io\.containerd\.(runc\.v[12]|runtime\.v1\.linux)$/, shared],
  [/^sysbox(-runc)?$/, { isolation: sharedKernel, userNamespace: true }],
  [/^(runsc|runsc-[\w-]+|gvisor|gke-gvisor|io\.containerd\.runsc\.v1)$/, { isolation: gvisor }],
  [/^kata-(clh|cloud-hypervisor)$/, { isolation: vm("cloud-hypervisor") }],
  [/^kata-(fc|firecracker)$/, { isolation: vm("firecracker") }],
  [/^(firecracker|aws\.firecracker|io\.containerd\.firecracker\.v1)$/, { isolation: vm("firecracker") }],
  [/^kata-dragonball$/, { isolation: vm("dragonball") }],
  [/^kata-(mshv-vm-isolation|cc-isolation)$/, { isolation: vm("cloud-hypervisor") }],
  [/^(kata|kata-[\w-]+|kata-runtime|io\.containerd\.kata([\w.-]*)?\.v2)$/, { isolation: vm("qemu") }],
  [/^(krun|crun-krun|libkrun)$/, { isolation: vm("libkrun") }],
  [/^(wasm\w*|io\.containerd\.(wasm\w*|spin|slight|wws)\.v\d|crun-wasm)/, { isolation: undefined }],
];

/** What a well-known name suggests; undefined for every other. A path is taken by its last part. */
export function runtimeMeaning(name: string): RuntimeMeaning | undefined {
  const base = name.slice(name.lastIndexOf("/") + 1);
  return meanings.find(([pattern]) => pattern.test(base))?.[1];
}

/** Every isolation that an unknown name can stand for, the weakest first. */
export const anyIsolation: readonly Isolation[] = [sharedKernel, gvisor, vm("unknown")];
