import { writeOut } from "../standard-output.ts";
import type { Command as Program } from "commander";
import { usageProblem } from "../../assess/request.ts";
import { quote } from "../../base/text.ts";
import { exitStatus } from "../exit.ts";
import { registerCandidates, registerUpdate } from "./kb-update.ts";
import type { Command, CommandContext } from "./types.ts";

/** `holdfast kb`: the knowledge base. */
export const kb: Command = {
  name: "kb",
  register(program, context) {
    const command = program
      .command("kb")
      .summary("the knowledge base: list, show ID, check [DIR], update FEED, candidates");
    registerList(command);
    registerShow(command);
    registerCheck(command, context);
    registerUpdate(command, context);
    registerCandidates(command);
  },
};

interface FormatOption {
  readonly format: string;
}
interface ListOptions extends FormatOption {
  readonly axis?: string;
  readonly component?: string;
}

function registerList(command: Program): void {
  command
    .command("list")
    .summary("every technique and vulnerability")
    .option("--format <format>", "text|json", "text")
    .option("--axis <axis>", "only of this axis: kernel, runtime or misconfiguration")
    .option("--component <name>", "only known vulnerabilities of this component, such as runc")
    .action(async ({ format, ...selection }: ListOptions) => {
      const [{ shippedDocumentation }, listing] = await Promise.all([
        import("../../knowledge/store.ts"),
        import("../knowledge-listing.ts"),
      ]);
      const techniques = listing.selectTechniques(shippedDocumentation().techniques, selection);
      writeOut(wantsJson(format) ? listing.listJson(techniques) : listing.listText(techniques));
    });
}

function registerShow(command: Program): void {
  command
    .command("show")
    .summary("one entry, with its conditions and references")
    .argument("<id>", "a technique id, an alias or a CVE id")
    .option("--format <format>", "text|json", "text")
    .action(async (id: string, { format }: FormatOption) => {
      const [{ shippedDocumentation }, listing] = await Promise.all([
        import("../../knowledge/store.ts"),
        import("../knowledge-listing.ts"),
      ]);
      const technique = listing.findTechnique(shippedDocumentation().techniques, id);
      if (!technique)
        throw usageProblem(`expected ID to be one that \`holdfast kb list\` names, found ${quote(id)}`);
      writeOut(wantsJson(format) ? listing.showJson(technique) : listing.showText(technique));
    });
}

function registerCheck(command: Program, { exit }: CommandContext): void {
  command
    .command("check")
    .summary("validate technique files")
    .argument("[dir]", "a folder of technique files; none: what is shipped")
    .action(async (folder: string | undefined) => {
      const { checkKnowledge } = await import("../knowledge-check.ts");
      const { problems, techniques } = checkKnowledge(folder);
      for (const problem of problems) process.stderr.write(`${problem}\n`);
      writeOut(
        `${String(techniques)} ${techniques === 1 ? "entry" : "entries"}, ${String(problems.length)} ${problems.length === 1 ? "problem" : "problems"}\n`,
      );
      exit(problems.length > 0 ? exitStatus.input : exitStatus.met);
    });
}

function wantsJson(format: string): boolean {
  if (format !== "text" && format !== "json")
    throw usageProblem(`expected \`--format\` to be text or json, found ${quote(format)}`);
  return format === "json";
}
