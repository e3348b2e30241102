import { answer } from "../seccomp/answer.ts";
import { askFilter } from "./parts/seccomp.ts";
import { defineCondition } from "./types.ts";

type Argument = string | { readonly name: string; readonly args: Readonly<Record<string, number>> };

/** A system call reaches the kernel through the workload's filter; with `args`, with these values. */
export const syscall = defineCondition<Argument>({
  id: "syscall",
  summary: "a system call passes the seccomp filter",
  schema: (z) => {
    const name = z.string().check(z.regex(/^[a-z][a-z0-9_]*$/));
    return z.union([
      name,
      z.strictObject({ name, args: z.record(z.string().check(z.regex(/^[0-5]$/)), z.number()) }),
    ]);
  },
  describe: (argument) =>
    typeof argument === "string"
      ? `${argument}(2)`
      : `${argument.name}(2) with ${JSON.stringify(argument.args)}`,
  evaluate: (argument, context) => {
    const query =
      typeof argument === "string" ? { syscall: argument } : { syscall: argument.name, args: argument.args };
    return askFilter(context, `${query.syscall}(2)`, (filter) => answer(filter, query));
  },
});
