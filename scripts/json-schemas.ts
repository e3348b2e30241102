import { join } from "node:path";
import * as z from "zod/mini";
import type { Condition } from "../src/conditions/types.ts";
import { hostPathsFile } from "../src/knowledge/host-paths-schema.ts";
import { techniqueShape } from "../src/knowledge/technique-shape.ts";
import { families } from "../src/knowledge/versions/distribution.ts";

/** A JSON Schema, as far as it is put together here. */
interface Schema {
  readonly [key: string]: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
}

const draft = "http://json-schema.org/draft-07/schema#";

/**
 * JSON Schemas of the knowledge files, made from the schemas that check them: an editor completes fields, conditions and their
 * arguments, and marks mistakes while they are typed. What one field says about another only `holdfast kb check` finds.
 */
export function jsonSchemas(
  root: string,
  conditions: readonly Condition[],
): readonly (readonly [string, string])[] {
  const folder = join(root, "knowledge/schema");
  const hostPaths = {
    $schema: draft,
    title: "The host paths that Holdfast judges",
    ...shapeOf(hostPathsFile),
  };
  return [
    [join(folder, "technique.schema.json"), JSON.stringify(techniqueSchema(conditions))],
    [join(folder, "host-paths.schema.json"), JSON.stringify(hostPaths)],
  ];
}

/** Draft 7 is what editors know best. */
function shapeOf(schema: z.ZodMiniType): Schema {
  const { $schema: _, ...shape } = z.toJSONSchema(schema, { target: "draft-7", io: "input" });
  return shape as Schema;
}

const fields: Readonly<Record<string, string>> = {
  id: "The file's name without its ending: words in lower case joined by hyphens, or the id of a CVE.",
  title: "What an attacker does, in a few words; unlike every other title.",
  reason: "Completes “web: …” for a container for which it is open: a fact, without a full stop.",
  remedy: "What to change, in one line, where the configuration can close it.",
  axis: "Where the fault lies: in the kernel, in a runtime or engine, or in the configuration.",
  status: "draft: no source or real container has confirmed it; shown, and counted in no margin.",
  from: "The stage an attacker must have reached.",
  to: "The stage that it leads to.",
  requires: "What must hold: all, any, or one condition.",
  attack: "The technique of MITRE ATT&CK.",
  references: "Sources, each with what it supports.",
  since: "The release of Holdfast that first had it.",
  aliases: "Earlier names, and those of others.",
  examples: "Inputs with the verdict that they must give: tests and documentation at once.",
  vulnerability: "For a known vulnerability: the component and the versions that have it.",
};

function techniqueSchema(conditions: readonly Condition[]): Schema {
  const shape = shapeOf(techniqueShape);
  const properties = Object.entries(shape.properties ?? {}).map(([name, field]): [string, Schema] => [
    name,
    { ...(fields[name] === undefined ? {} : { description: fields[name] }), ...field },
  ]);
  return {
    $schema: draft,
    title: "A technique of Holdfast's knowledge base",
    ...(withFamilies(shape) as Schema),
    properties: {
      ...(withFamilies(Object.fromEntries(properties)) as Schema),
      // A reference stands alone in draft 7: what is beside it does not count.
      requires: { description: fields["requires"], allOf: [{ $ref: "#/definitions/formula" }] },
    },
    definitions: { formula: formulaSchema(conditions) },
  };
}

/** One key: `all`, `any`, or a condition with the argument of its own schema. */
function formulaSchema(conditions: readonly Condition[]): Schema {
  const formulas = { type: "array", items: { $ref: "#/definitions/formula" } };
  return {
    type: "object",
    minProperties: 1,
    maxProperties: 1,
    additionalProperties: false,
    properties: {
      all: { description: "Each of these must hold.", ...formulas },
      any: { description: "One of these must hold.", ...formulas },
      ...Object.fromEntries(
        conditions.map(({ id, summary, schema }) => [id, { description: summary, ...shapeOf(schema(z)) }]),
      ),
    },
  };
}

/** Packages stand under the distributions that have rules. */
function withFamilies(value: unknown, key = ""): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => withFamilies(item));
  const copy = Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, withFamilies(item, name)]),
  );
  return key === "packages" ? { ...copy, propertyNames: { enum: families } } : copy;
}
