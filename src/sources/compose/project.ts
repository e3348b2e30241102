import type { MapNode } from "../../base/document.ts";
import { getIn, isNull } from "../../base/document.ts";
import type { Problem } from "../../base/problems.ts";
import type { SourceContext } from "../types.ts";
import type { Field } from "./fields.ts";
import { fieldOf } from "./fields.ts";
import { missing } from "./model/loading.ts";

/** A loaded project: what services refer to is looked up here. */
export interface Project {
  readonly model: MapNode;
  readonly context: SourceContext;
  readonly problems: Problem[];
}

/**
 * A top-level object by name; undefined when it is declared without fields or not at all. The latter is a warning only:
 * the file may be half of a project, and a name without declaration is nothing that a verdict depends on.
 */
export function declaredObject(
  project: Project,
  section: "volumes" | "networks" | "secrets" | "configs",
  name: string,
  at: Field,
): Field | undefined {
  const node = getIn(project.model, section, name);
  if (node === undefined) {
    missing(`a name that is declared under ${section}`, name, at.at, at.path, project.problems, "warning");
    return undefined;
  }
  return isNull(node) ? undefined : fieldOf(node, `${section}.${name}`, project.problems);
}
