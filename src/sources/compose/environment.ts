import type { SourceContext } from "../types.ts";
import type { Said } from "../spec.ts";
import { readEnvFile } from "./model/dotenv.ts";
import type { Field } from "./fields.ts";
import { child, entriesOf, flagOf, listOf, listOrText, say, textOf, wrongType } from "./fields.ts";
import { missing } from "./model/loading.ts";
import { templateOf } from "./model/nodes.ts";

type Variable = Said<{ name: string; literal: boolean }>;

/**
 * The names of the environment, `env_file` first, and whether the value stands in the file. Values are never kept.
 * @see Compose specification, 05-services.md, "environment" and "env_file"
 */
export function readEnvironment(service: Field, context: SourceContext): readonly Variable[] {
  const found = new Map<string, Variable>();
  for (const item of listOrMap(child(service, "env_file"))) {
    for (const variable of readFile(item, context)) found.set(variable.value.name, variable);
  }
  for (const variable of readOwn(child(service, "environment"))) found.set(variable.value.name, variable);
  return [...found.values()];
}

function listOrMap(field: Field): readonly Field[] {
  return field.node?.kind === "map" ? [field] : listOrText(field);
}

function readFile(item: Field, context: SourceContext): readonly Variable[] {
  const pathField = item.node?.kind === "map" ? child(item, "path") : item;
  const path = textOf(pathField, "the path of an environment file");
  if (path === undefined) return [];
  const file = context.readText(path);
  if (file === undefined) {
    const required = item.node?.kind !== "map" || flagOf(child(item, "required")) !== false;
    if (required)
      missing(
        "a readable environment file within the project",
        path,
        pathField.at,
        pathField.path,
        item.problems,
        "warning",
      );
    return [];
  }
  return readEnvFile(file, () => undefined).map(({ name, value, at }) => ({
    value: { name, literal: value !== undefined && value !== "" },
    at,
  }));
}

function readOwn(field: Field): readonly Variable[] {
  if (field.node?.kind === "seq") {
    return listOf(field).flatMap((item) => {
      const text = textOf(item, "NAME or NAME=VALUE");
      if (text === undefined) return [];
      const equals = text.indexOf("=");
      const name = equals === -1 ? text : text.slice(0, equals);
      return name === ""
        ? []
        : [say(item, { name, literal: equals !== -1 && equals + 1 < text.length && !fromOutside(item) })];
    });
  }
  return entriesOf(field).flatMap(({ key, at, value }) => {
    if (value.node && value.node.kind !== "scalar") {
      wrongType(value, "a text");
      return [];
    }
    return [{ value: { name: key, literal: textOf(value) !== undefined && !fromOutside(value) }, at }];
  });
}

/** Some variable's value is part of it: the value itself does not stand in the file. */
function fromOutside({ node }: Field): boolean {
  return templateOf(node)?.used === true;
}
