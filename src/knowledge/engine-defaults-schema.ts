import * as z from "zod/mini";
import type { EngineFile } from "./engine-defaults.ts";

/** One thing that is wrong with a file of the knowledge base, and where in it. */
export interface SchemaProblem {
  readonly path: string;
  readonly message: string;
}

const text = z.string().check(z.minLength(1));
const release = text.check(z.regex(/^\d+(\.\d+)*$/));
const range = z.strictObject({ since: z.optional(release), until: z.optional(release) });
const ranges = z.array(range);
const path = text.check(z.regex(/^\/./));
const capability = text.check(z.regex(/^CAP_[A-Z_]+$/));

const pathList = z.strictObject({
  paths: z.array(path).check(z.minLength(1)),
  ranges: z.optional(ranges),
  source: text,
});
const mount = z.strictObject({
  kind: z.enum(["bind", "volume", "tmpfs", "proc", "sysfs", "cgroup", "other"]),
  target: path,
  readOnly: z.boolean(),
  fsType: z.optional(text),
  nosuid: z.optional(z.boolean()),
  nodev: z.optional(z.boolean()),
  source: text,
});
const maintained = z.strictObject({ since: release, source: text });

const engine = z.strictObject({
  id: z.enum(["docker", "podman", "containerd", "cri-o", "nerdctl"]),
  title: text,
  maintained,
  capabilities: z.strictObject({
    default: z
      .array(z.strictObject({ value: z.array(capability), ranges: z.optional(ranges), source: text }))
      .check(z.minLength(1)),
    prefix: z.enum(["optional", "added", "optional-exact"]),
    merge: z.enum(["docker", "podman", "nerdctl", "cri"]),
    nonRoot: z.enum(["nothing", "added"]),
    inheritable: ranges,
    source: text,
  }),
  seccomp: z.strictObject({
    profilesOf: text,
    unsaid: z.enum(["default", "kubelet"]),
    privileged: z.enum(["named-applies", "never"]),
    representatives: z.strictObject({
      maintained: z.array(text).check(z.minLength(1)),
      any: z.array(text).check(z.minLength(1)),
    }),
    source: text,
  }),
  apparmor: z.strictObject({
    profile: text,
    privileged: z.enum(["named-applies", "never"]),
    rootless: z.boolean(),
    withoutHost: z.enum(["refused", "ignored"]),
    source: text,
  }),
  selinux: z.strictObject({
    enabled: z.enum(["opt-in", "with-host", "distribution"]),
    type: text,
    privilegedKeepsLabel: z.boolean(),
    source: text,
  }),
  paths: z.strictObject({
    from: z.enum(["engine", "kubelet"]),
    masked: z.array(pathList),
    readonly: z.array(pathList),
  }),
  namespaces: z.strictObject({
    cgroupV1: z.enum(["host", "private"]),
    cgroupV2: z.enum(["host", "private"]),
    cgroupPrivileged: z.enum(["host", "unchanged"]),
    utsWithHostNetwork: z.enum(["host", "private"]),
    source: text,
  }),
  mounts: z.array(mount).check(z.minLength(1)),
  runtime: z.strictObject({ name: text, source: text }),
  rootless: z.strictObject({ assumed: z.enum(["no", "unknown"]), source: text }),
  pidsLimit: z.strictObject({ value: z.nullable(z.number()), source: text }),
});

const kubelet = z.strictObject({
  id: z.literal("kubelet"),
  maintained,
  masked: z.array(pathList).check(z.minLength(1)),
  readonly: z.array(pathList).check(z.minLength(1)),
  mounts: z.array(mount),
  userNamespaces: z.strictObject({ since: release, source: text }),
});

/** One file of knowledge/engines, from its parsed YAML. Problems name the field; with one, there is no value. */
export function parseEngineFile(data: unknown): {
  readonly value?: EngineFile;
  readonly problems: readonly SchemaProblem[];
} {
  const isKubelet = typeof data === "object" && data !== null && "id" in data && data.id === "kubelet";
  const result = isKubelet ? kubelet.safeParse(data) : engine.safeParse(data);
  if (result.success) return { value: result.data, problems: [] };
  return {
    problems: result.error.issues.map((issue) => ({
      path: issue.path.map(String).join("."),
      message: issue.message,
    })),
  };
}
