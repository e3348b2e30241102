import { parse } from "shell-quote";
import { createSetting } from "../../src/assess/setting.ts";
import { readSubjects } from "../../src/assess/sources.ts";
import { sourceText } from "../../src/base/location.ts";
import type { Judgement } from "../../src/engine/types.ts";
import type { Example } from "../../src/knowledge/types.ts";
import { goals } from "../../src/knowledge/types.ts";
import { readArguments } from "../../src/sources/command-line/command-line.ts";
import { complete } from "../../src/sources/defaults/complete.ts";
import type { SourceContext, SubjectSpec } from "../../src/sources/types.ts";

const context: SourceContext = {
  environment: new Map(),
  profiles: [],
  projectDirectory: "/home/user/project",
  readText: () => undefined,
};

/** Judges the first subject of an example of the knowledge base, through the real sources, defaults and engine. */
export async function judgeExample(example: Example): Promise<Judgement> {
  const [judgement] = await judgeAll(example);
  if (!judgement) throw new Error("the example holds no subject");
  return judgement;
}

/** Judges every subject of an example. */
export async function judgeAll(example: Example): Promise<readonly Judgement[]> {
  const assume = new Map(Object.entries(example.assume ?? {}));
  const setting = await createSetting({ assume, host: example.host, goals, order: 6 });
  const subjects = await subjectsOf(example);
  return subjects.map((subject) => {
    if (subject.boundary) return setting.judge(subject.boundary(setting.host, setting.filters));
    if (!subject.spec) throw new Error("a subject has neither a spec nor a boundary");
    return setting.judge(complete(subject.spec, setting.completion));
  });
}

/** The subjects of an example, before the engine's defaults. */
export async function subjectsOf(example: Example): Promise<readonly SubjectSpec[]> {
  const result =
    example.run === undefined
      ? await readSubjects(sourceText("example.yaml", example.input ?? ""), "named", context, [])
      : readArguments(words(example.run), context);
  const errors = result.problems.filter((problem) => problem.severity !== "warning");
  if (errors.length > 0)
    throw new Error(`the example has problems: ${errors.map((p) => p.message).join("; ")}`);
  return result.subjects;
}

function words(line: string): string[] {
  // Glob-like words (`b *:* rwm`) are meant literally.
  return parse(line).map((token) =>
    typeof token === "string" ? token : "op" in token && token.op === "glob" ? token.pattern : line,
  );
}
