import { defineCondition } from "./types.ts";
import { absent, decide, holds, spread } from "./verdict.ts";

interface Argument {
  readonly name: string;
  /** The values under which the way stays open. */
  readonly in: readonly string[];
}

/** How an engine or runtime of the host is configured. One that the host's facts do not hold is unknown. */
export const engineSetting = defineCondition<Argument>({
  id: "engine-setting",
  summary: "an engine or runtime of the host is configured in one of the given ways",
  schema: (z) =>
    z.strictObject({
      name: z.string().check(z.regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/)),
      in: z.array(z.string()).check(z.minLength(1)),
    }),
  describe: ({ name, in: values }) => `${name} is ${values.join(" or ")}`,
  evaluate: ({ name, in: values }, { boundary }) => {
    const ref = `host.settings.${name}`;
    const other = absent(`setting:${name}`, `${name} is not ${values.join(" or ")}`, ref);
    const fact = boundary.host.settings.get(name);
    if (fact)
      return decide(fact, ref, (value) =>
        values.includes(value) ? holds(`${name} is ${value}`, ref) : other,
      );
    const reason = `the host's setting ${name} is not in the input`;
    return spread({ known: false, fact: ref, reason }, ref, [holds(reason, null), other]);
  },
});
