import { terminalSafe } from "../../base/text.ts";
import type { Subject } from "../../engine/assessment.ts";
import { barrierWords, factWords } from "../words.ts";
import type { Sheet } from "./sheet.ts";
import { hanging } from "./sheet.ts";

/** What `--verbose` adds to a subject: closed ways with what closes them, the backtest by name, facts that would decide. */
export function verboseLines(subject: Subject, sheet: Sheet): readonly string[] {
  return [...closedLines(subject, sheet), ...backtestLines(subject, sheet), ...unknownLines(subject, sheet)];
}

function closedLines({ paths, notListed }: Subject, sheet: Sheet): readonly string[] {
  const closed = paths.filter(({ status }) => status === "closed");
  const lines = closed.map(
    ({ id, barriers }) =>
      `  ${sheet.paint.held("✓")} ${terminalSafe(id)}  ${sheet.paint.aside(`held by ${barriers.map(barrierWords).join(" and ")}`)}`,
  );
  const rest =
    notListed === 0
      ? []
      : [
          sheet.paint.aside(
            `    and ${String(notListed)} ways that need more failures than --order ${String(sheet.assessment.model.order)} lists`,
          ),
        ];
  return [...lines, ...rest];
}

function backtestLines({ backtest }: Subject, sheet: Sheet): readonly string[] {
  return (["kernel", "runtime"] as const).flatMap((axis) => {
    const { known, reachable, ids } = backtest[axis];
    if (known === 0) return [];
    const names = ids.length === 0 ? "" : `: ${ids.map(terminalSafe).join(", ")}`;
    return hanging(
      "    ",
      4,
      `backtest, ${axis}: ${String(reachable)} of ${String(known)} reachable${names}`,
      sheet,
      sheet.paint.aside,
    );
  });
}

function unknownLines({ unknowns }: Subject, sheet: Sheet): readonly string[] {
  return unknowns.flatMap(({ fact, reason, decides }) => {
    const text = `unknown: ${factWords(fact).name} (${terminalSafe(reason)}); decides ${decides.map(terminalSafe).join(", ")}`;
    return hanging("    ", 4, text, sheet, sheet.paint.aside);
  });
}
