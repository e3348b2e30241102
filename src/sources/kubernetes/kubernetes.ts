import type { Problem } from "../../base/problems.ts";
import type { Source, SubjectSpec } from "../types.ts";
import { isApiObject, objectsOf } from "./read/objects.ts";
import { subjectsOf } from "./pod.ts";
import { surroundingsOf } from "./cluster/surroundings.ts";
import { templatesOf } from "./read/templates.ts";

/**
 * Kubernetes manifests: Pod and every kind that embeds a pod template, custom resources included. Objects of other kinds are
 * passed over, but RBAC, namespaces, policies, volumes and runtime classes of the same input say more about the workloads.
 *
 * This layer reads what the API server would accept, with the API's own defaults where the documentation states them, and
 * leaves to the engine's defaults what the node decides.
 * @see kubernetes.io/docs/reference/kubernetes-api (1.34)
 */
export const kubernetes: Source = {
  id: "kubernetes",
  recognises: ({ document }) => isApiObject(document),
  read: ({ documents, beside }, context) => {
    const problems: Problem[] = [];
    const objects = objectsOf(documents, problems);
    const surroundings = surroundingsOf(objects, beside ?? []);
    const subjects = objects.flatMap((object) =>
      templatesOf(object).flatMap((template) => subjectsOf(template, surroundings, context)),
    );
    return { subjects: withOwnNames(subjects), problems };
  },
};

/** Two objects of one file can have the same name (in overlays, say): the later ones are numbered. */
function withOwnNames(subjects: readonly SubjectSpec[]): readonly SubjectSpec[] {
  const taken = new Map<string, number>();
  return subjects.map((subject) => {
    let count = taken.get(subject.name) ?? 0;
    let name = subject.name;
    while (taken.has(name)) name = `${subject.name}#${String(++count)}`;
    taken.set(subject.name, Math.max(count, 1));
    if (name === subject.name) return subject;
    taken.set(name, 1);
    return { ...subject, name };
  });
}
