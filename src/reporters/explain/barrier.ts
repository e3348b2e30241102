import { terminalSafe } from "../../base/text.ts";
import type { ReportedPath, Subject } from "../../engine/assessment.ts";
import type { Sheet } from "../text/sheet.ts";
import { hanging, place } from "../text/sheet.ts";
import { barrierWords } from "../words.ts";

/** The ways of one subject that a barrier stands in: alone, together with others, or without being what decides. */
export function barrierLines(subject: Subject, id: string, sheet: Sheet): readonly string[] {
  const where = subject.location
    ? `  ${sheet.paint.aside(place(subject.location, { ...sheet, file: undefined }))}`
    : "";
  const alone = subject.paths.filter(({ barriers }) => barriers.length === 1 && barriers[0] === id);
  const joint = subject.paths.filter(({ barriers }) => barriers.length > 1 && barriers.includes(id));
  const beside = subject.paths.filter(
    ({ barriers, closedBy }) => closedBy.includes(id) && !barriers.includes(id),
  );
  const standing =
    alone.length > 0 ? "a single point of failure" : joint.length > 0 ? "never alone" : "not what decides";
  return [
    `${sheet.paint.name(terminalSafe(subject.name))}  ${standing}${where}`.trimEnd(),
    ...lines("alone holds", alone, sheet, () => ""),
    ...lines("holds with others", joint, sheet, ({ barriers }) => others(barriers, id, "with ")),
    ...lines("stands in", beside, sheet, ({ status, barriers }) =>
      status === "open" ? "which is open all the same" : others(barriers, id, "which needs less: "),
    ),
  ];
}

function others(barriers: readonly string[], id: string, lead: string): string {
  return `${lead}${barriers
    .filter((barrier) => barrier !== id)
    .map(barrierWords)
    .join(" and ")}`;
}

function lines(
  title: string,
  paths: readonly ReportedPath[],
  sheet: Sheet,
  note: (path: ReportedPath) => string,
): readonly string[] {
  if (paths.length === 0) return [];
  return [
    `  ${title}`,
    ...paths.flatMap((path) =>
      hanging(
        "",
        4,
        [path.id, path.status === "unknown" ? "(unknown)" : "", note(path)]
          .filter(Boolean)
          .map(terminalSafe)
          .join("  "),
        sheet,
      ),
    ),
  ];
}
