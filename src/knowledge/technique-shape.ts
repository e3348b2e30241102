import * as z from "zod/mini";
import { axes, stages } from "./types.ts";

const text = z.string().check(z.minLength(1));
const texts = z.record(text, text);

const reference = z.strictObject({
  url: z.string().check(z.regex(/^https:\/\/\S+$/)),
  supports: text,
});

const example = {
  run: z.optional(z.string().check(z.regex(/^(docker|podman|nerdctl|bwrap) /))),
  input: z.optional(text),
  assume: z.optional(texts),
  host: z.optional(text),
  note: z.optional(text),
};

const examples = z.strictObject({
  open: z.array(z.strictObject(example)),
  closed: z.array(z.strictObject({ ...example, by: text })).check(z.minLength(1)),
  unknown: z.optional(z.array(z.strictObject({ ...example, fact: text })).check(z.minLength(1))),
});

/** Distribution, its release → the first version of its package with the fix. */
const packages = z.optional(z.record(text, texts));

const affected = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("kernel"),
    introduced: z.nullable(text),
    introducedStable: z.optional(texts),
    fixed: text,
    stable: texts,
    distributionSpecific: z.optional(text),
    packages,
  }),
  z.strictObject({
    kind: z.literal("ranges"),
    ranges: z.array(z.strictObject({ introduced: text, fixed: z.nullable(text) })).check(z.minLength(1)),
    packages,
  }),
]);

const vulnerability = z.strictObject({
  cve: z.string().check(z.regex(/^CVE-\d{4}-\d{4,}$/)),
  component: text,
  affected,
  exploited: z.boolean(),
});

/** A technique or vulnerability file; the formula is checked apart, condition by condition. */
export const techniqueShape = z.strictObject({
  id: z.string().check(z.regex(/^([a-z][a-z0-9]*(-[a-z0-9]+)*|CVE-\d{4}-\d{4,})$/)),
  title: text.check(z.maxLength(100)),
  reason: text.check(z.maxLength(200)),
  remedy: z.optional(text.check(z.maxLength(200))),
  axis: z.enum(axes),
  status: z.enum(["stable", "draft", "deprecated"]),
  from: z.enum(stages),
  to: z.enum(stages),
  requires: z.unknown(),
  attack: z.optional(z.string().check(z.regex(/^T\d{4}(\.\d{3})?$/))),
  confidence: z.enum(["high", "medium", "low"]),
  references: z.array(reference).check(z.minLength(1)),
  since: z.string().check(z.regex(/^\d+\.\d+$/)),
  aliases: z.optional(z.array(text)),
  examples,
  vulnerability: z.optional(vulnerability),
});
