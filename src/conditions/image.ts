import { defineCondition } from "./types.ts";
import { blocked, decide, holds } from "./verdict.ts";

/** The image is hostile as published: its files, links, labels and working directory are the attacker's. */
export const image = defineCondition<"untrusted">({
  id: "image",
  summary: "the image is hostile as published",
  schema: (z) => z.literal("untrusted"),
  describe: () => "a hostile image",
  evaluate: (_, { boundary }) =>
    decide(boundary.image.trusted, "image.trusted", (trusted) =>
      trusted
        ? blocked(["trusted-image"], "the image is trusted as published", "image.trusted")
        : holds("the image is not trusted", "image.trusted"),
    ),
});
