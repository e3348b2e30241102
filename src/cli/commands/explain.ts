import type { Assessment } from "../../engine/assessment.ts";
import type { RenderOptions } from "../../reporters/types.ts";
import type { Question } from "../../reporters/explain.ts";
import { usageProblem } from "../../assess/request.ts";
import { quote } from "../../base/text.ts";
import { assess, commandOf } from "../assess.ts";
import { statusOf } from "../exit.ts";
import type { AssessOptions, OutputOptions } from "../options.ts";
import { addAssessOptions, addOutputOptions, requestOf } from "../options.ts";
import type { OutputWord } from "../outputs.ts";
import { pairOutputs } from "../outputs.ts";
import { openSink } from "../sink.ts";
import { readTargets } from "../targets.ts";
import { renderOptions } from "../terminal.ts";
import type { Command } from "./types.ts";

const formats = ["text", "json"];

/** `holdfast explain`: the proof of one verdict. All closed ways are searched, however many failures they need. */
export const explain: Command = {
  name: "explain",
  register(program, { passthrough, exit }) {
    const words: OutputWord[] = [];
    const command = program
      .command("explain")
      .summary("prove one verdict: a technique, a CVE or a barrier")
      .description(
        "Shows every condition with its status, the evidence and where it comes from; for a barrier, the ways it holds.",
      )
      .argument("<what>", "a technique id, a path id, a CVE id or a barrier id")
      .argument("[target]", "a file, a folder or -");
    addOutputOptions(addAssessOptions(command, { order: 6 }), words, formats.join("|"));
    command.action(
      async (what: string, target: string | undefined, options: AssessOptions & OutputOptions) => {
        const outputs = pairOutputs(words, formats);
        const targets = readTargets(target === undefined ? [] : [target], passthrough);
        const id = await canonicalId(what);
        const request = { ...requestOf(options), targets, explain: id };
        const { assessment } = await assess(request, options, {
          keep: true,
        });
        const question = await questionOf(id, assessment);
        for (const { format, file } of outputs) {
          const sink = openSink(file);
          sink.write(
            await render(
              format,
              assessment,
              question,
              renderOptions(options, file !== undefined, commandOf(request)),
            ),
          );
          sink.end();
        }
        exit(statusOf(assessment.errors.length, assessment.summary.short));
      },
    );
  },
};

/** An alias becomes the technique's id; anything else stays as it is. */
async function canonicalId(what: string): Promise<string> {
  const known = (await knownTechniques()).find(({ id, aliases, vulnerability }) => {
    const names = [id, ...(aliases ?? []), vulnerability?.cve ?? id];
    return names.some((name) => name.toLowerCase() === what.toLowerCase());
  });
  return known?.id ?? what;
}

async function knownTechniques(): Promise<
  readonly {
    id: string;
    aliases?: readonly string[] | undefined;
    vulnerability?: { cve: string } | undefined;
  }[]
> {
  const { shippedKnowledge } = await import("../../knowledge/store.ts");
  return shippedKnowledge().techniques;
}

/** @throws UsageProblem when nothing of that name is known, neither to the knowledge nor to this assessment */
async function questionOf(id: string, { subjects }: Assessment): Promise<Question> {
  const { answers, hasBarrier } = await import("../../reporters/explain.ts");
  const { isBarrier } = await import("../../reporters/words.ts");
  const known = await knownTechniques();
  const isWay =
    known.some((technique) => technique.id === id) ||
    subjects.some(({ paths }) => paths.some((path) => answers(path, id)));
  if (isWay) return { kind: "way", id };
  if (isBarrier(id) || subjects.some((subject) => hasBarrier(subject, id))) return { kind: "barrier", id };
  throw usageProblem(
    `expected WHAT to be a technique, a path, a CVE or a barrier, found ${quote(id)}; \`holdfast kb list\` names the techniques`,
  );
}

async function render(
  format: string,
  assessment: Assessment,
  question: Question,
  how: RenderOptions,
): Promise<string> {
  const explaining = await import("../../reporters/explain.ts");
  if (format === "text") return explaining.explain(assessment, question, how);
  const { json } = await import("../../reporters/json.ts");
  return json.render(explaining.onlyAsked(assessment, question), how);
}
