import { ordered, orderedSubject } from "./json/order.ts";
import { safeJson } from "./json/safe.ts";
import type { Reporter } from "./types.ts";

/** The assessment as the contract has it: schema `holdfast.assessment/1`, keys in the contract's order, indented by two. */
export const json: Reporter = {
  id: "json",
  mediaType: "application/json",
  showsClosedProofs: true,
  render(assessment) {
    return `${safeJson({ ...ordered(assessment), subjects: assessment.subjects.map(orderedSubject), errors: assessment.errors, warnings: assessment.warnings, summary: assessment.summary }, 2)}\n`;
  },
};
