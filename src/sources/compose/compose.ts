import { posix } from "node:path";
import type { Node } from "../../base/document.ts";
import { parseYaml } from "../../base/parse-yaml.ts";
import type { Problem } from "../../base/problems.ts";
import type { Source, SourceContext, SourceInput, SourceResult } from "../types.ts";
import { loadProject } from "./model/load.ts";
import type { ComposeFile } from "./model/loading.ts";
import { isFirstVersion, recognises } from "./recognise.ts";
import { readSubjects } from "./subjects.ts";

/**
 * Compose files (compose-spec/compose-spec, with the behaviour of compose-go 2.16 and docker/compose 2.40 where the
 * specification is silent). Relative paths are taken from the folder of the file.
 */
export const compose: Source = {
  id: "compose",
  recognises,
  read: (input, context) => {
    const problems: Problem[] = [];
    const override = context.foundInFolder === true ? overrideOf(input.file, context, problems) : [];
    return readProject(
      [{ path: posix.basename(input.file), documents: input.documents }, ...override],
      context,
      problems,
    );
  },
};

/** Reads several files as one project, later ones merged over earlier ones, as `docker compose -f A -f B` does. */
export function mergeComposeFiles(files: readonly SourceInput[], context: SourceContext): SourceResult {
  const [first] = files;
  const folder = first ? posix.dirname(first.file) : "";
  const named = files.map(({ file, documents }): ComposeFile => ({
    path: posix.relative(folder, file),
    documents,
  }));
  return readProject(named, context, []);
}

function readProject(
  files: readonly ComposeFile[],
  context: SourceContext,
  problems: Problem[],
): SourceResult {
  const documents = files.flatMap((file) => file.documents);
  const firstVersion = documents.length > 0 && documents.every(isFirstVersion);
  const model = loadProject(files, context, problems);
  const subjects = model
    ? readSubjects(
        { model, context, problems },
        firstVersion ? ["services"] : ["services", "jobs"],
        firstVersion,
      )
    : [];
  return { subjects, problems };
}

/** The names that `docker compose` looks for, in its order. @see compose-go cli/options.go */
const defaultNames = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
const overrideNames = [
  "compose.override.yml",
  "compose.override.yaml",
  "docker-compose.override.yml",
  "docker-compose.override.yaml",
];

/** The override file that `docker compose` merges by itself, when this file is the one that it would pick. */
function overrideOf(file: string, context: SourceContext, problems: Problem[]): readonly ComposeFile[] {
  const place = defaultNames.indexOf(posix.basename(file));
  if (place === -1 || defaultNames.slice(0, place).some((name) => context.readText(name) !== undefined))
    return [];
  for (const name of overrideNames) {
    const source = context.readText(name);
    if (source === undefined) continue;
    const parsed = parseYaml(source);
    problems.push(...parsed.problems);
    return [
      { path: name, documents: parsed.documents.filter((document): document is Node => document !== null) },
    ];
  }
  return [];
}
