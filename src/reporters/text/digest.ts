import type { ReportedPath, Subject } from "../../engine/assessment.ts";

/**
 * What the text report still needs of a subject at the end: of closed ways no proof. Equal subjects share
 * what is left of them, so that ten thousand of them take little more memory than one.
 */
export function digester(): (subject: Subject) => Subject {
  const shared = new Map<string, Pick<Subject, "paths" | "cutSets" | "singlePoints">>();
  return (subject) => {
    const open = subject.paths.filter(({ status }) => status !== "closed");
    const closed = subject.paths.filter(({ status }) => status === "closed");
    const key = JSON.stringify([
      closed.map(({ id, goal, barriers }) => [id, goal, barriers]),
      subject.cutSets,
      subject.singlePoints,
    ]);
    const { cutSets, singlePoints } = subject;
    const same = shared.get(key) ?? { paths: closed.map(withoutProof), cutSets, singlePoints };
    shared.set(key, same);
    // Closed ways come last in a subject already: cheapest first.
    return { ...subject, ...same, paths: open.length === 0 ? same.paths : [...open, ...same.paths] };
  };
}

function withoutProof(path: ReportedPath): ReportedPath {
  return { ...path, steps: path.steps.map((step) => ({ ...step, conditions: [] })) };
}
