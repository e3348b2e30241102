/**
 * What OpenVEX 0.2.0 demands of a document, as JSON Schema in words of our own: the fields and labels of OPENVEX-SPEC.md
 * (github.com/openvex/spec), with the requirements of its openvex_json_schema.json of 2025-03-31 (commit a68ccd19b15a), and what
 * go-vex refuses in addition: fields of one status on a statement of another.
 */
const text = { type: "string", minLength: 1 };
const iri = { type: "string", pattern: '^[a-z][a-z0-9+.-]*:[^\\s<>"{}|\\\\^`]+$' };
const time = {
  type: "string",
  pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)$",
};

const object = (properties: Record<string, unknown>, ...required: readonly string[]) => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});

const identifiers = object({ purl: { type: "string", pattern: "^pkg:" }, cpe22: text, cpe23: text });
const component = { "@id": iri, identifiers, hashes: { type: "object" } };
const subcomponents = { type: "array", uniqueItems: true, items: object(component, "@id") };
const product = object({ ...component, subcomponents }, "@id");

const justification = {
  enum: [
    "component_not_present",
    "vulnerable_code_not_present",
    "vulnerable_code_not_in_execute_path",
    "vulnerable_code_cannot_be_controlled_by_adversary",
    "inline_mitigations_already_exist",
  ],
};
const statement = object(
  {
    "@id": iri,
    version: { type: "integer", minimum: 1 },
    vulnerability: object({ "@id": iri, name: text, description: text, aliases: { type: "array" } }, "name"),
    timestamp: time,
    last_updated: time,
    products: { type: "array", uniqueItems: true, items: product },
    status: { enum: ["not_affected", "affected", "fixed", "under_investigation"] },
    supplier: text,
    status_notes: text,
    justification,
    impact_statement: text,
    action_statement: text,
    action_statement_timestamp: time,
  },
  "vulnerability",
  "status",
);

const when = (status: string, required: readonly string[], not: readonly string[]) => ({
  if: { type: "object", properties: { status: { const: status } }, required: ["status"] },
  then: { type: "object", required, properties: Object.fromEntries(not.map((name) => [name, false])) },
});

export const openvexSchema = object(
  {
    "@context": { const: "https://openvex.dev/ns/v0.2.0" },
    "@id": iri,
    author: text,
    role: text,
    timestamp: time,
    last_updated: time,
    version: { type: "integer", minimum: 1 },
    tooling: text,
    statements: {
      type: "array",
      minItems: 1,
      uniqueItems: true,
      items: {
        allOf: [
          statement,
          when("not_affected", ["justification"], ["action_statement"]),
          when("affected", ["action_statement"], ["justification", "impact_statement"]),
          when("fixed", [], ["justification", "impact_statement", "action_statement"]),
          when("under_investigation", [], ["justification", "impact_statement", "action_statement"]),
        ],
      },
    },
  },
  "@context",
  "@id",
  "author",
  "timestamp",
  "version",
  "statements",
);
