/** Architecture names: the conditions of a profile use libseccomp's short ones, `architectures` the SCMP_ARCH ones. */

interface ArchitectureNames {
  /** The name that `includes.arches` and `excludes.arches` use. */
  readonly condition: string;
  readonly scmp: string;
}

const names: Readonly<Record<string, ArchitectureNames>> = {
  "386": { condition: "x86", scmp: "SCMP_ARCH_X86" },
  amd64: { condition: "amd64", scmp: "SCMP_ARCH_X86_64" },
  arm: { condition: "arm", scmp: "SCMP_ARCH_ARM" },
  arm64: { condition: "arm64", scmp: "SCMP_ARCH_AARCH64" },
  loong64: { condition: "loongarch64", scmp: "SCMP_ARCH_LOONGARCH64" },
  mips64: { condition: "mips64", scmp: "SCMP_ARCH_MIPS64" },
  mips64le: { condition: "mipsel64", scmp: "SCMP_ARCH_MIPSEL64" },
  mipsle: { condition: "mipsel", scmp: "SCMP_ARCH_MIPSEL" },
  ppc64: { condition: "ppc64", scmp: "SCMP_ARCH_PPC64" },
  ppc64le: { condition: "ppc64le", scmp: "SCMP_ARCH_PPC64LE" },
  riscv64: { condition: "riscv64", scmp: "SCMP_ARCH_RISCV64" },
  s390: { condition: "s390", scmp: "SCMP_ARCH_S390" },
  s390x: { condition: "s390x", scmp: "SCMP_ARCH_S390X" },
};

/**
 * The names that a profile knows an architecture by; `undefined` for one that moby does not map, which then matches no
 * condition and no archMap entry.
 * @see moby/profiles seccomp/seccomp_linux.go, goToNative and nativeToSeccomp
 */
export const architectureNames = (arch: string): ArchitectureNames | undefined =>
  Object.hasOwn(names, arch) ? names[arch] : undefined;

/**
 * ABIs that have socketcall(2), whose arguments lie behind a pointer. The kernel also has it on x86-64 for 32-bit callers,
 * where it is SCMP_ARCH_X86.
 * @see libseccomp src/arch-x86.c, arch-s390.c, arch-mips.c, arch-ppc.c (abi_rule_add)
 */
export const socketcallArchitectures: ReadonlySet<string> = new Set([
  "SCMP_ARCH_X86",
  "SCMP_ARCH_S390",
  "SCMP_ARCH_S390X",
  "SCMP_ARCH_MIPS",
  "SCMP_ARCH_MIPSEL",
  "SCMP_ARCH_PPC",
  "SCMP_ARCH_PPC64",
  "SCMP_ARCH_PPC64LE",
]);

/** Whether arguments are 64 bits wide in the native ABI. */
export const hasWideRegisters = (arch: string): boolean => !["386", "arm", "s390", "mipsle"].includes(arch);
