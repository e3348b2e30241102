import { writeOut } from "../standard-output.ts";
import { usageProblem } from "../../assess/request.ts";
import { terminalSafe } from "../../base/text.ts";
import type { Command } from "./types.ts";

/** `holdfast host`: hosts that a scan can be made for. Collecting the facts of a live one comes later. */
export const host: Command = {
  name: "host",
  register(program) {
    program
      .command("host")
      .summary("the hosts that --host knows")
      .option("--presets", "list the presets")
      .option("--format <format>", "text|json", "text")
      .action(async ({ presets, format }: { readonly presets?: true; readonly format: string }) => {
        if (presets !== true)
          throw usageProblem(
            "collecting host facts is not in this release: expected `--presets`, found nothing",
          );
        if (format !== "text" && format !== "json")
          throw usageProblem(`expected \`--format\` to be text or json, found ${JSON.stringify(format)}`);
        const { shippedPresets } = await import("../../knowledge/store.ts");
        writeOut(
          format === "json"
            ? `${JSON.stringify(shippedPresets(), undefined, 2)}\n`
            : listPresets(shippedPresets()),
        );
      });
  },
};

interface Listed {
  readonly id: string;
  readonly title: string;
  readonly date: string;
}

const made: readonly Listed[] = [
  { id: "patched", date: "", title: "No known vulnerability; all else unknown. The default for files" },
  { id: "unknown", date: "", title: "Nothing is assumed" },
];

function listPresets(presets: readonly Listed[]): string {
  const all = [...made, ...presets];
  const width = Math.max(...all.map(({ id }) => id.length));
  return all
    .map(({ id, date, title }) => `${id.padEnd(width)}  ${date.padEnd(10)}  ${terminalSafe(title)}\n`)
    .join("");
}
