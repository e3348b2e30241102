import type { Assessment, ReportedPath, Subject } from "../../engine/assessment.ts";

/** The head of an assessment, in the contract's order: everything that stands before the subjects. */
export function ordered({
  schema,
  tool,
  knowledge,
  host,
  model,
}: Pick<Assessment, "schema" | "tool" | "knowledge" | "host" | "model">): Readonly<Record<string, unknown>> {
  return { schema, tool, knowledge, host, model };
}

/** A subject in the contract's order; what the contract does not know follows what it does. */
export function orderedSubject(subject: Subject): Readonly<Record<string, unknown>> {
  const {
    id,
    name,
    kind,
    location,
    image,
    margin,
    margins,
    paths,
    cutSets,
    singlePoints,
    backtest,
    blastRadius,
    unknowns,
    boundary,
    ...rest
  } = subject;
  return {
    id,
    name,
    kind,
    location,
    image,
    margin,
    margins,
    paths: paths.map(orderedPath),
    cutSets,
    singlePoints,
    backtest,
    blastRadius,
    unknowns,
    ...rest,
    ...(boundary ? { boundary } : {}),
  };
}

/** A path in the contract's order. */
export function orderedPath({
  id,
  axis,
  goal,
  status,
  reason,
  remedy,
  steps,
  barriers,
  ...rest
}: ReportedPath): Readonly<Record<string, unknown>> {
  return { id, axis, goal, status, reason, remedy, steps, barriers, ...rest };
}
