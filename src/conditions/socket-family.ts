import { socketFamilyAllowed } from "../seccomp/helpers.ts";
import { socketFamilies } from "../seccomp/socket-families.ts";
import { askFilter } from "./parts/seccomp.ts";
import { defineCondition } from "./types.ts";

/** A socket of an address family can be opened (the filter tests socket(2)'s first argument). */
export const socketFamily = defineCondition<string>({
  id: "socket-family",
  summary: "a socket of an address family passes the seccomp filter",
  schema: (z) => z.string().check(z.regex(/^AF_[A-Z0-9]+$/)),
  describe: (family) => `a socket of ${family}`,
  evaluate: (family, context) =>
    askFilter(context, `a socket of ${family}`, (filter) => {
      const number = socketFamilies[family];
      return number === undefined
        ? { outcome: "unknown", because: `${family} is no family that is known here` }
        : socketFamilyAllowed(filter, number);
    }),
});
