import { describe, expect, test } from "vitest";
import { answer } from "../../src/seccomp/answer.ts";
import type { Answer, SyscallQuery } from "../../src/seccomp/answer.ts";
import { filterOf } from "./shipped.ts";
import type { Setting } from "./shipped.ts";

const NEWUSER = 0x10000000;
const NEWNET = 0x40000000;
const SIGCHLD = 17;

type Row = [profile: string, setting: Setting, query: SyscallQuery, want: Answer["outcome"], errno?: number];

const none: Setting = {};
const admin: Setting = { capabilities: ["SYS_ADMIN"] };
const call = (syscall: string, ...args: readonly (number | bigint)[]): SyscallQuery => ({
  syscall,
  args: Object.fromEntries(args.map((value, index) => [index, value])),
});

const rows: readonly Row[] = [
  // Docker without capabilities (docs.docker.com, "Significant syscalls blocked by the default profile").
  ["docker-25.0.3", none, call("mount"), "denied", 1],
  ["docker-25.0.3", none, call("unshare", NEWUSER), "denied", 1],
  ["docker-25.0.3", none, call("unshare"), "denied", 1],
  ["docker-25.0.3", none, call("clone", NEWUSER | SIGCHLD), "denied", 1],
  ["docker-25.0.3", none, call("clone", NEWNET), "denied", 1],
  ["docker-25.0.3", none, call("clone", SIGCHLD), "allowed"],
  ["docker-25.0.3", none, call("clone"), "depends"],
  ["docker-25.0.3", none, call("clone3"), "denied", 38],
  ["docker-20.10.4", none, call("clone3"), "denied", 1],
  ["docker-25.0.3", none, call("bpf"), "denied", 1],
  ["docker-25.0.3", none, call("perf_event_open"), "denied", 1],
  ["docker-25.0.3", none, call("keyctl"), "denied", 1],
  ["docker-25.0.3", none, call("userfaultfd"), "denied", 1],
  ["docker-25.0.3", none, call("setns"), "denied", 1],
  ["docker-25.0.3", none, call("init_module"), "denied", 1],
  ["docker-25.0.3", none, call("open_by_handle_at"), "denied", 1],
  ["docker-25.0.3", none, call("no_such_syscall"), "denied", 1],
  // Capabilities open what they are for.
  ["docker-25.0.3", admin, call("mount"), "allowed"],
  ["docker-25.0.3", admin, call("unshare", NEWUSER), "allowed"],
  ["docker-25.0.3", admin, call("clone", NEWUSER), "allowed"],
  ["docker-25.0.3", admin, call("clone3"), "allowed"],
  ["docker-25.0.3", admin, call("bpf"), "allowed"],
  ["docker-25.0.3", { capabilities: ["BPF"] }, call("bpf"), "allowed"],
  ["docker-20.10.26", { capabilities: ["BPF"] }, call("bpf"), "denied", 1],
  ["docker-25.0.3", { capabilities: ["DAC_READ_SEARCH"] }, call("open_by_handle_at"), "allowed"],
  ["docker-25.0.3", { capabilities: ["SYS_MODULE"] }, call("finit_module"), "allowed"],
  ["docker-25.0.3", { capabilities: ["SYSLOG"] }, call("syslog"), "allowed"],
  // ptrace is open from 4.8 on, where seccomp is checked again after a tracer changed the call.
  ["docker-25.0.3", { kernel: [4, 8] }, call("ptrace"), "allowed"],
  ["docker-25.0.3", { kernel: [4, 7] }, call("ptrace"), "denied", 1],
  ["docker-25.0.3", { kernel: undefined }, call("ptrace"), "unknown"],
  ["docker-25.0.3", { kernel: undefined, capabilities: ["SYS_PTRACE"] }, call("ptrace"), "allowed"],
  ["docker-25.0.3", { kernel: [4, 4], capabilities: ["SYS_PTRACE"] }, call("ptrace"), "allowed"],
  ["docker-25.0.3", { kernel: undefined }, call("mount"), "denied", 1],
  ["containerd-1.6.0", none, call("ptrace"), "denied", 1],
  ["containerd-1.6.7", none, call("ptrace"), "allowed"],
  ["podman-4.0", none, call("ptrace"), "denied", 1],
  ["podman-4.3", { kernel: [4, 4] }, call("ptrace"), "allowed"],
  // Socket families, by the whole register (the gaps have tests of their own).
  ["docker-28.2.0", none, call("socket", 38), "allowed"],
  ["docker-29.4.2", none, call("socket", 38), "denied", 1],
  ["docker-29.4.3", none, call("socket", 38), "denied", 1],
  ["docker-29.4.3", none, call("socket", 39), "allowed"],
  ["docker-29.4.3", none, call("socket", 40), "denied", 1],
  ["docker-29.4.3", none, call("socket", 33), "allowed"],
  ["docker-profiles-0.3.0", none, call("socket", 33), "allowed"],
  ["docker-profiles-0.3.0", none, call("socket", 37), "denied", 1],
  ["docker-29.4.2", none, call("socketcall"), "denied", 38],
  ["docker-29.4.3", none, call("socketcall"), "allowed"],
  ["docker-20.10.18", none, call("socket", 40), "allowed"],
  ["docker-20.10.22", none, call("socket", 40), "denied", 1],
  ["docker-23.0.0", none, call("socket", 40), "denied", 1],
  ["docker-23.0.0", none, call("socket"), "depends"],
  ["containerd-1.6.28", none, call("socket", 40), "allowed"],
  ["containerd-1.7.0", none, call("socket", 40), "denied", 1],
  ["containerd-1.7.14", none, call("socket", 38), "allowed"],
  ["containerd-1.7.32", none, call("socket", 38), "denied", 1],
  ["containerd-2.0.9", none, call("socket", 38), "denied", 1],
  ["containerd-2.1.0", none, call("socket", 38), "allowed"],
  ["containerd-2.2.0", none, call("socket", 38), "allowed"],
  ["containerd-2.2.4", none, call("socket", 38), "denied", 1],
  ["podman-5.5", none, call("socket", 40, 1, 0), "allowed"],
  ["podman-5.8", none, call("socket", 40, 1, 0), "denied", 1],
  ["podman-5.8", { capabilities: ["AUDIT_WRITE"] }, call("socket", 40, 1, 0), "denied", 1],
  ["podman-5.8", none, call("socket", 38, 1, 0), "allowed"],
  ["podman-5.8", none, call("socket", 16, 3, 9), "denied", 22],
  ["podman-5.8", { capabilities: ["AUDIT_WRITE"] }, call("socket", 16, 3, 9), "allowed"],
  // io_uring.
  ["docker-20.10.0", none, call("io_uring_setup"), "allowed"],
  ["docker-24.0.3", none, call("io_uring_setup"), "allowed"],
  ["docker-25.0.0", none, call("io_uring_setup"), "denied", 1],
  ["containerd-1.7.32", none, call("io_uring_setup"), "allowed"],
  ["containerd-2.0.0", none, call("io_uring_setup"), "denied", 1],
  ["podman-5.5", none, call("io_uring_setup"), "denied", 38],
  // Podman leaves namespaces and mounts to the kernel's own checks; CRI-O takes the namespaces out again.
  ["podman-5.5", none, call("unshare", NEWUSER), "allowed"],
  ["podman-5.5", none, call("clone", NEWUSER), "allowed"],
  ["podman-5.5", none, call("clone3"), "allowed"],
  ["podman-5.5", none, call("mount"), "allowed"],
  ["podman-5.5", none, call("fsopen"), "allowed"],
  ["podman-5.5", none, call("keyctl"), "allowed"],
  // The list of allowed calls comes before the rule that should deny setns without SYS_ADMIN, and the first one stays.
  ["podman-5.5", none, call("setns"), "allowed"],
  ["podman-5.5", none, call("bpf"), "denied", 1],
  ["cri-o-1.34", none, call("unshare", NEWUSER), "denied", 38],
  ["cri-o-1.34", none, call("clone", NEWUSER), "denied", 1],
  ["cri-o-1.34", none, call("clone", SIGCHLD), "allowed"],
  ["cri-o-1.34", none, call("clone3"), "denied", 38],
  ["cri-o-1.34", none, call("mount"), "allowed"],
  ["cri-o-1.34", admin, call("clone", NEWUSER), "allowed"],
  // personality: five values, compared whole.
  ["docker-25.0.3", none, call("personality", 0), "allowed"],
  ["docker-25.0.3", none, call("personality", 0x0008), "allowed"],
  ["docker-25.0.3", none, call("personality", 0x20008), "allowed"],
  ["docker-25.0.3", none, call("personality", 0xffffffff), "allowed"],
  ["docker-25.0.3", none, call("personality", 0x0040000), "denied", 1],
  ["docker-25.0.3", none, call("personality"), "depends"],
  // Architecture conditions: s390x passes the flags of clone second.
  ["docker-25.0.3", { arch: "s390x" }, call("clone", 0, NEWUSER), "denied", 1],
  ["docker-25.0.3", { arch: "s390x" }, call("clone", NEWUSER, 0), "allowed"],
  ["containerd-2.2.4", { arch: "s390x" }, call("clone", 0, NEWUSER), "denied", 1],
  ["docker-25.0.3", { arch: "arm64" }, call("arch_prctl"), "denied", 1],
  ["docker-25.0.3", none, call("arch_prctl"), "allowed"],
];

const title = (row: Row): string => {
  const [profile, setting, { syscall, args }, want] = row;
  const held = (setting.capabilities ?? []).join("+") || "no capability";
  const kernel = "kernel" in setting ? `, kernel ${setting.kernel?.join(".") ?? "unknown"}` : "";
  return `${profile}, ${held}${kernel}: ${syscall}(${Object.values(args ?? {})
    .map(String)
    .join(", ")}) is ${want}`;
};

describe("the shipped default profiles answer as the engines' filters do", () => {
  test.each(rows.map((row) => [title(row), row] as const))(
    "%s",
    (_title, [profile, setting, query, want, errno]) => {
      const found = answer(filterOf(profile, setting), query);
      expect(found.outcome).toBe(want);
      if (errno !== undefined) expect(found.errno).toBe(errno);
      expect(found.because).not.toBe("");
    },
  );
});
