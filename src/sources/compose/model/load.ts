import { posix } from "node:path";
import type { MapNode } from "../../../base/document.ts";
import { asString, describe, get } from "../../../base/document.ts";
import type { Problem } from "../../../base/problems.ts";
import { expected } from "../../../base/problems.ts";
import type { SourceContext } from "../../types.ts";
import { valuesOf } from "./dotenv.ts";
import { applyExtends } from "./extends.ts";
import { applyInclude } from "./include.ts";
import { interpolate } from "./interpolate.ts";
import type { ComposeFile, Loading, LoadModel, Scope } from "./loading.ts";
import { mergeNodes, withoutReset } from "./merge.ts";
import type { Lookup } from "./template.ts";

/**
 * Files of one project as one model: variables replaced, `include` and `extends` carried out, later files merged over
 * earlier ones. Relative paths are left relative to the folder of the first file.
 * @see Compose specification; compose-go loader/loader.go loadYamlFile, whose order of steps this follows
 */
export function loadProject(
  files: readonly ComposeFile[],
  context: SourceContext,
  problems: Problem[],
): MapNode | undefined {
  const loading: Loading = { context, problems, files: new Map(), included: new Map() };
  const scope: Scope = {
    folder: "",
    lookup: projectLookup(files, context),
    environmentKey: "",
    trail: files.map(({ path }) => path),
  };
  const model = loadModel(files, scope, loading);
  const tagged = [...files, ...loading.files.values()].some((file) =>
    file?.documents.some(({ source }) => source.text.includes("!reset")),
  );
  const plain = model && tagged ? withoutReset(model) : model;
  return plain?.kind === "map" ? plain : undefined;
}

const loadModel: LoadModel = (files, scope, loading) => {
  let model: MapNode | undefined;
  for (const { path, documents } of files) {
    for (const document of documents) {
      const resolved = interpolate(document, scope.lookup, loading.problems);
      if (resolved.kind !== "map") {
        loading.problems.push({
          code: "wrong-type",
          message: expected("a mapping", describe(resolved)),
          at: resolved,
        });
        continue;
      }
      const included = applyInclude(resolved, scope, loading, loadModel);
      const extended = applyExtends(included, path, scope, loading);
      const merged = model ? mergeNodes(model, extended, [], loading.problems) : extended;
      if (merged.kind === "map") model = merged;
    }
  }
  return model;
};

/**
 * The environment, then `.env` beside the first file. COMPOSE_PROJECT_NAME always has a value: the project's name, else its folder's.
 * @see Compose specification, 04-version-and-name.md, "Name top-level element"
 */
function projectLookup(files: readonly ComposeFile[], context: SourceContext): Lookup {
  const { environment, projectDirectory } = context;
  const own: Lookup = (name) => environment.get(name);
  const file = context.readText(".env");
  const values = file ? valuesOf([file], own) : new Map<string, string>();
  const lookup: Lookup = (name) => own(name) ?? values.get(name);
  const named = asString(get(files[0]?.documents[0], "name"));
  const project =
    named !== undefined && !named.includes("$")
      ? named
      : projectDirectory &&
        posix
          .basename(projectDirectory)
          .toLowerCase()
          .replace(/[^a-z0-9_-]/g, "");
  return (name) => lookup(name) ?? (name === "COMPOSE_PROJECT_NAME" ? project : undefined);
}
