import { defineCondition } from "./types.ts";
import { absent, allOf, blocked, decide, holds } from "./verdict.ts";

/** A set-uid program of the image makes another user uid 0: there is one, and no_new_privs is not set (prctl(2)). */
export const setuid = defineCondition<"honoured">({
  id: "setuid",
  summary: "set-uid programs exist in the image and are honoured",
  schema: (z) => z.literal("honoured"),
  describe: () => "set-uid programs are honoured",
  evaluate: (_, { boundary }) =>
    allOf([
      decide(boundary.process.noNewPrivileges, "process.noNewPrivileges", (set) =>
        set
          ? blocked(
              ["no-new-privs"],
              "no_new_privs is set: set-uid programs give nothing",
              "process.noNewPrivileges",
            )
          : holds("no_new_privs is not set", "process.noNewPrivileges"),
      ),
      decide(boundary.image.setuidPrograms, "image.setuidPrograms", (present) =>
        present
          ? holds("the image has set-uid programs", "image.setuidPrograms")
          : absent("image:no-setuid-programs", "the image has no set-uid program", "image.setuidPrograms"),
      ),
    ]),
});
