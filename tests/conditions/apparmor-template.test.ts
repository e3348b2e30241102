import { describe, expect, test } from "vitest";
import { lsmPermits } from "../../src/conditions/parts/lsm.ts";
import { statusOf } from "../../src/conditions/verdict.ts";
import { contextOf, known } from "../helpers/boundary.ts";

const context = contextOf({ process: { apparmor: known({ kind: "profile", name: "docker-default" }) } });

/** Each row is a path and what the rules of moby/profiles apparmor/template.go say of it, read rule by rule. */
const writes: readonly (readonly [string, "denied" | "permitted"])[] = [
  ["/proc/sysrq-trigger", "denied"],
  ["/proc/sys/kernel/core_pattern", "denied"],
  ["/proc/sys/kernel/modprobe", "denied"],
  ["/proc/sys/kernel/usermodehelper/bset", "denied"],
  ["/proc/sys/kernel/shmmax", "permitted"],
  ["/proc/sys/kernel/sem", "permitted"],
  ["/proc/sys/kernel/domainname", "permitted"],
  ["/proc/sys/fs/binfmt_misc/register", "denied"],
  ["/proc/sys/vm/overcommit_memory", "denied"],
  ["/proc/fs/nfsd/filehandle", "denied"],
  ["/proc/irq/1/smp_affinity", "denied"],
  ["/proc/scsi/scsi", "denied"],
  ["/proc/bus/pci/00/00.0", "permitted"],
  ["/proc/1/oom_score_adj", "permitted"],
  ["/proc/self/attr/exec", "denied"],
  ["/sys/kernel/uevent_helper", "denied"],
  ["/sys/kernel/debug/tracing/kprobe_events", "denied"],
  ["/sys/fs/bpf/x/y", "denied"],
  ["/sys/fs/cgroup/memory/release_agent", "permitted"],
  ["/host/proc/sys/kernel/core_pattern", "permitted"],
];
const reads: readonly (readonly [string, "denied" | "permitted"])[] = [
  ["/proc/kcore", "denied"],
  ["/proc/keys", "permitted"],
  ["/sys/firmware/acpi/tables/DSDT", "denied"],
  ["/sys/kernel/security/apparmor/profiles", "denied"],
  ["/sys/devices/virtual/powercap/intel-rapl", "denied"],
  ["/sys/kernel/mm/transparent_hugepage/enabled", "permitted"],
];

describe("the engines' AppArmor template", () => {
  test.each(writes)("writing %s is %s", (path, want) => {
    const verdict = lsmPermits(context, { kind: "write", path, kernelInterface: true, relabelled: false });
    expect(statusOf(verdict)).toBe(want === "denied" ? "blocked" : "holds");
  });

  test.each(reads)("reading %s is %s", (path, want) => {
    const verdict = lsmPermits(context, { kind: "read", path, kernelInterface: true, relabelled: false });
    expect(statusOf(verdict)).toBe(want === "denied" ? "blocked" : "holds");
  });

  test("unmounting is permitted, mounting is not", () => {
    expect(statusOf(lsmPermits(context, { kind: "umount" }))).toBe("holds");
    expect(statusOf(lsmPermits(context, { kind: "mount", what: "other" }))).toBe("blocked");
  });
});
