import { parse } from "shell-quote";
import { readSubjects } from "../../src/assess/sources.ts";
import { sourceText } from "../../src/base/location.ts";
import type { Example } from "../../src/knowledge/types.ts";
import { readArguments } from "../../src/sources/command-line/command-line.ts";
import type { SourceContext, SubjectSpec } from "../../src/sources/types.ts";

const context: SourceContext = {
  environment: new Map(),
  profiles: [],
  projectDirectory: "/home/user/project",
  readText: () => undefined,
};

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
