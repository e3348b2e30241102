import { posix } from "node:path";
import type { MapNode, Node } from "../../../base/document.ts";
import { asString, describe, get, isNull } from "../../../base/document.ts";
import { expected } from "../../../base/problems.ts";
import { valuesOf } from "./dotenv.ts";
import type { ComposeFile, Loading, LoadModel, Scope } from "./loading.ts";
import { missing, openFile, resolveIn, textsOf, wayTo } from "./loading.ts";
import { mergeNodes } from "./merge.ts";
import { mapLike, sameData, withEntry, withoutKey } from "./nodes.ts";
import { relocate } from "./paths.ts";

const sections = ["services", "jobs", "volumes", "networks", "secrets", "configs", "models"];

/**
 * The model with what its `include` names: each a project of its own (folder, variables), whose objects join this one. The
 * file's own objects win over included ones of the same name, field by field.
 * @see Compose specification, 14-include.md; compose-go loader/include.go
 */
export function applyInclude(model: MapNode, scope: Scope, loading: Loading, load: LoadModel): MapNode {
  const include = model.entries.get("include")?.value;
  if (include === undefined) return model;
  let result = withoutKey(model, "include");
  if (isNull(include)) return result;
  if (include.kind !== "seq") {
    loading.problems.push({
      code: "wrong-type",
      message: expected("a list of Compose files", describe(include)),
      at: include,
      path: "include",
    });
    return result;
  }
  for (const [index, item] of include.items.entries()) {
    const included = loadIncluded(item, `include[${String(index)}]`, scope, loading, load);
    if (included) result = join(included, result, loading);
  }
  return result;
}

function loadIncluded(
  item: Node,
  field: string,
  scope: Scope,
  loading: Loading,
  load: LoadModel,
): MapNode | undefined {
  const pathNode = item.kind === "map" ? get(item, "path") : item;
  const paths = textsOf(pathNode, item.kind === "map" ? `${field}.path` : field, loading.problems);
  const [first] = paths;
  if (first === undefined) {
    if (isNull(pathNode))
      loading.problems.push({
        code: "missing-field",
        message: expected("the path of a Compose file", describe(pathNode)),
        at: item,
        path: field,
      });
    return undefined;
  }
  const main = resolveIn(scope, first.text);
  if (scope.trail.includes(main)) {
    loading.problems.push({
      code: "reference-cycle",
      message: expected("a file that does not lead back to itself", first.text),
      at: first.node,
      path: field,
    });
    return undefined;
  }
  const directory = asString(get(item, "project_directory"));
  const folder = directory ? resolveIn(scope, directory) : posix.dirname(main);
  const inner = innerScope(item, field, folder, main, scope, loading);
  const key = [folder, inner.environmentKey, ...paths.map(({ text }) => resolveIn(scope, text))].join("\0");
  const known = loading.included.get(key);
  if (known) return relocate(known, wayTo(scope, folder));
  const files = paths.map(({ text, node }) => openFile(resolveIn(scope, text), node, field, loading));
  const model = load(
    files.filter((file): file is ComposeFile => file !== undefined),
    inner,
    loading,
  );
  if (model === undefined) return undefined;
  loading.included.set(key, model);
  return relocate(model, wayTo(scope, folder));
}

function innerScope(
  item: Node,
  field: string,
  folder: string,
  main: string,
  scope: Scope,
  loading: Loading,
): Scope {
  const named = textsOf(get(item, "env_file"), `${field}.env_file`, loading.problems).filter(
    ({ text }) => text !== "/dev/null",
  );
  const paths =
    named.length > 0 ? named.map(({ text }) => resolveIn(scope, text)) : [posix.join(folder, ".env")];
  const files = paths.flatMap((path, index) => {
    const file = loading.context.readText(path);
    const node = named[index]?.node;
    if (file === undefined && node)
      missing("a readable environment file", path, node, `${field}.env_file`, loading.problems);
    return file ? [file] : [];
  });
  const values = valuesOf(files, scope.lookup);
  return {
    folder: folder === "." ? "" : folder,
    lookup: (name) => scope.lookup(name) ?? values.get(name),
    environmentKey:
      files.length === 0
        ? scope.environmentKey
        : [scope.environmentKey, ...files.map(({ file }) => file)].join("\0"),
    trail: [...scope.trail, main],
  };
}

function join(included: MapNode, own: MapNode, loading: Loading): MapNode {
  let result = own;
  for (const section of sections) {
    const from = included.entries.get(section);
    if (from?.value.kind !== "map") continue;
    const to = result.entries.get(section);
    if (to?.value.kind !== "map") {
      result = withEntry(result, section, from);
      continue;
    }
    const objects = new Map(to.value.entries);
    for (const entry of from.value.entries.values()) {
      const conflict = objects.get(entry.key);
      // Reached on two ways, it is one object: merging it with itself would repeat its lists.
      if (conflict && sameData(entry.value, conflict.value)) continue;
      const value = conflict
        ? mergeNodes(entry.value, conflict.value, [section, entry.key], loading.problems)
        : entry.value;
      objects.set(entry.key, conflict && value === conflict.value ? conflict : { ...entry, value });
    }
    result = withEntry(result, section, { ...to, value: mapLike(to.value, objects) });
  }
  return result;
}
