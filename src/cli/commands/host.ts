import { writeOut } from "../standard-output.ts";
import { usageProblem } from "../../assess/request.ts";
import { terminalSafe } from "../../base/text.ts";
import { openSink } from "../sink.ts";
import type { Command } from "./types.ts";

/** `holdfast host`: the facts of this machine, for a scan elsewhere; and the hosts that a scan can be made for. */
export const host: Command = {
  name: "host",
  register(program) {
    program
      .command("host")
      .summary("collect the facts of this machine, for use elsewhere with --host FILE; or list the presets")
      .option("--output <file>", "write the facts there, not to standard output")
      .option("--presets", "list the presets that --host knows")
      .option("--format <format>", "of the presets: text|json", "text")
      .action(async ({ presets, format, output }: Options) => {
        if (presets !== true) return collect(output);
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

interface Options {
  readonly presets?: true;
  readonly format: string;
  readonly output?: string;
}

async function collect(output: string | undefined): Promise<void> {
  const [{ collectHost }, { askedOfHost }, { shippedKnowledge }, { writeHostFile }] = await Promise.all([
    import("../../observe/host/collect.ts"),
    import("../../knowledge/asked-of-host.ts"),
    import("../../knowledge/store.ts"),
    import("../../knowledge/host-file.ts"),
  ]);
  const sink = openSink(output);
  sink.write(writeHostFile(collectHost(askedOfHost(shippedKnowledge())), new Date().toISOString()));
  sink.end();
}

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
