import { usageProblem } from "../../assess/request.ts";
import type { Command } from "./types.ts";

/** Commands that the contract names and this release does not have: they say so, and nothing runs. */
export const later: readonly Command[] = ["fix", "probe", "run", "learn", "diff"].map((name) => ({
  name,
  register(program) {
    program
      .command(name, { hidden: true })
      .argument("[argument...]")
      .allowUnknownOption()
      .helpOption(false)
      .action(() => {
        throw usageProblem(`\`holdfast ${name}\` is not in this release`);
      });
  },
}));
