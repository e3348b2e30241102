import * as z from "zod/mini";
import type { SchemaProblem } from "./engine-defaults-schema.ts";
import type { Preset } from "./presets.ts";

const text = z.string().check(z.minLength(1));
const stated = <T extends z.ZodMiniType>(value: T) => z.strictObject({ value, source: text });
const texts = z.record(text, stated(text));

const preset = z.strictObject({
  id: text.check(z.regex(/^[a-z0-9][a-z0-9.-]*$/)),
  title: text,
  date: text.check(z.regex(/^\d{4}-\d{2}-\d{2}$/)),
  facts: z.strictObject({
    architecture: z.optional(stated(text)),
    kernelRelease: z.optional(stated(text)),
    lockdown: z.optional(stated(z.enum(["none", "integrity", "confidentiality"]))),
    apparmor: z.optional(stated(z.boolean())),
    selinux: z.optional(stated(z.enum(["absent", "permissive", "enforcing"]))),
    cgroupVersion: z.optional(stated(z.enum(["v1", "v2", "hybrid"]))),
    cgroupV1Mountable: z.optional(stated(z.boolean())),
    modulesEnabled: z.optional(stated(z.boolean())),
    moduleSignatureEnforced: z.optional(stated(z.boolean())),
    usernsRemap: z.optional(stated(z.boolean())),
    rootlessEngine: z.optional(stated(z.boolean())),
    kubeletSeccompDefault: z.optional(stated(z.boolean())),
    cri: z.optional(stated(z.enum(["containerd", "cri-o", "cri-dockerd"]))),
    metadata: z.optional(stated(z.enum(["none", "open", "limited"]))),
    distribution: z.optional(stated(text)),
  }),
  kernelConfig: z.optional(texts),
  sysctls: z.optional(texts),
  versions: z.optional(texts),
  runtimeHandlers: z.optional(texts),
  settings: z.optional(texts),
});

/** One file of knowledge/presets, from its parsed YAML. Problems name the field; with one, there is no value. */
export function parsePreset(data: unknown): {
  readonly value?: Preset;
  readonly problems: readonly SchemaProblem[];
} {
  const result = preset.safeParse(data);
  if (result.success) return { value: result.data, problems: [] };
  return {
    problems: result.error.issues.map((issue) => ({
      path: issue.path.map(String).join("."),
      message: issue.message,
    })),
  };
}
