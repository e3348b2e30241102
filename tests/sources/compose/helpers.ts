import { sourceText } from "../../../src/base/location.ts";
import { parseYaml } from "../../../src/base/parse-yaml.ts";
import { formatProblem } from "../../../src/base/problems.ts";
import { compose, mergeComposeFiles } from "../../../src/sources/compose/compose.ts";
import type { ContainerSpec } from "../../../src/sources/spec.ts";
import type { SourceContext, SourceInput, SourceResult } from "../../../src/sources/types.ts";

export interface Setting {
  readonly files?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly profiles?: readonly string[];
  readonly projectDirectory?: string | null;
  readonly foundInFolder?: boolean;
}

export function contextOf(setting: Setting = {}): SourceContext {
  return {
    readText: (path) => {
      const text =
        setting.files !== undefined && Object.hasOwn(setting.files, path) ? setting.files[path] : undefined;
      return text === undefined ? undefined : sourceText(path, text);
    },
    environment: new Map(Object.entries(setting.environment ?? {})),
    profiles: setting.profiles ?? [],
    projectDirectory:
      setting.projectDirectory === null ? undefined : (setting.projectDirectory ?? "/srv/shop"),
    ...(setting.foundInFolder !== undefined && { foundInFolder: setting.foundInFolder }),
  };
}

export function inputOf(text: string, file = "compose.yaml"): SourceInput {
  const { documents } = parseYaml(sourceText(file, text));
  return { file, documents: documents.filter((document) => document !== null) };
}

export function readCompose(text: string, setting: Setting = {}, file?: string): SourceResult {
  return compose.read(inputOf(text, file), contextOf(setting));
}

export function readFiles(files: Readonly<Record<string, string>>, setting: Setting = {}): SourceResult {
  return mergeComposeFiles(
    Object.entries(files).map(([file, text]) => inputOf(text, file)),
    contextOf(setting),
  );
}

/** One service named `web` with an image and the given fields, each on a line of its own. */
export function service(fields: string): string {
  const lines = fields.split("\n").map((line) => `    ${line}`);
  return `services:\n  web:\n    image: nginx\n${lines.join("\n")}\n`;
}

export function specOf(result: SourceResult, name = "web"): ContainerSpec {
  const spec = result.subjects.find((subject) => subject.name === name)?.spec;
  if (!spec) throw new Error(`no subject ${name}: ${problemsOf(result).join("\n")}`);
  return spec;
}

export function problemsOf(result: SourceResult): readonly string[] {
  return result.problems.map(
    (problem) => `${problem.severity === "warning" ? "warning " : ""}${formatProblem(problem)}`,
  );
}
