import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { jsonSchemas } from "../../scripts/json-schemas.ts";
import { conditions } from "../../src/conditions/registry.ts";
import { loadFolder } from "../../src/knowledge/load-folder.ts";
import { checkTechnique } from "../../src/knowledge/technique-schema.ts";

const root = new URL("../..", import.meta.url).pathname;
const read = (path: string) => readFileSync(join(root, path), "utf8");
const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
const schemaOf = (name: string) => JSON.parse(read(`knowledge/schema/${name}.schema.json`)) as object;
const technique = ajv.compile(schemaOf("technique"));
const hostPaths = ajv.compile(schemaOf("host-paths"));

const folders = ["knowledge/techniques", "knowledge/vulnerabilities"];
const files = folders.flatMap((folder) => loadFolder(join(root, folder)).files.map(({ file }) => file));

describe("JSON Schemas", () => {
  test("are what the schemas of the code say", () => {
    for (const [path, contents] of jsonSchemas(root, conditions))
      expect(JSON.parse(readFileSync(path, "utf8"))).toEqual(JSON.parse(contents));
  });

  test("every shipped technique and vulnerability is right", () => {
    expect(files.length).toBeGreaterThan(100);
    for (const file of files) {
      technique(parse(readFileSync(file, "utf8")));
      expect([file, technique.errors ?? []]).toEqual([file, []]);
    }
  });

  test("the shipped host paths are right", () => {
    hostPaths(parse(read("knowledge/host-paths.yaml")));
    expect(hostPaths.errors ?? []).toEqual([]);
    expect(hostPaths({ sources: {}, paths: [{ path: "etc", what: "no path", source: "x" }] })).toBe(false);
  });

  test("every condition is completed, with its summary and its argument", () => {
    const { definitions } = schemaOf("technique") as {
      definitions: { formula: { properties: Record<string, { description?: string }> } };
    };
    const { all, any, ...own } = definitions.formula.properties;
    expect([all, any].every((list) => list?.description)).toBe(true);
    expect(Object.keys(own).sort()).toEqual(conditions.map(({ id }) => id).sort());
    for (const { id, summary } of conditions) {
      expect(own[id]?.description).toBe(summary);
      expect([id, Object.keys(own[id] ?? {}).length]).not.toEqual([id, 1]);
    }
  });
});

const model = parse(read("knowledge/techniques/kernel-interfaces/core-dump-helper.yaml")) as Record<
  string,
  unknown
>;
const kernel = parse(read("knowledge/vulnerabilities/kernel/CVE-2022-0847.yaml")) as {
  vulnerability: { affected: object };
};
const affected = (change: object) => ({
  ...kernel,
  vulnerability: { ...kernel.vulnerability, affected: { ...kernel.vulnerability.affected, ...change } },
});
const requires = (formula: unknown) => ({ ...model, requires: formula });
const { title: _, ...untitled } = model;

describe("typical mistakes", () => {
  test.each([
    ["a mistyped condition", requires({ all: [{ capabilty: "CAP_SYS_ADMIN" }] }), "/requires/all/0"],
    ["another argument", requires({ kernel: "mine" }), "/requires/kernel"],
    [
      "an argument's field too many",
      requires({ device: { class: "memory", access: "write", more: 1 } }),
      "/requires/device",
    ],
    [
      "an argument's field too few",
      requires({ any: [{ device: { class: "memory" } }] }),
      "/requires/any/0/device",
    ],
    ["two conditions in one", requires({ kernel: "shared", fails: "kernel" }), "/requires"],
    ["no condition", requires({}), "/requires"],
    ["a list instead of all", requires([{ kernel: "shared" }]), "/requires"],
    ["all without a list", requires({ all: { kernel: "shared" } }), "/requires/all"],
    [
      "a mistake far inside",
      requires({ all: [{ any: [{ all: [{ uid: 0 }] }] }] }),
      "/requires/all/0/any/0/all/0/uid",
    ],
    ["a field that is missing", untitled, ""],
    ["a field too many", { ...model, severity: "high" }, ""],
    ["an unknown stage", { ...model, to: "moon" }, "/to"],
    ["an unknown axis", { ...model, axis: "network" }, "/axis"],
    ["a release without quotes", { ...model, since: 0.1 }, "/since"],
    ["no reference", { ...model, references: [] }, "/references"],
    [
      "a reference that supports nothing",
      { ...model, references: [{ url: "https://example.org/" }] },
      "/references/0",
    ],
    [
      "an example that no engine runs",
      { ...model, examples: { open: [{ run: "sh" }], closed: [{ run: "docker run x", by: "y" }] } },
      "/examples/open/0/run",
    ],
    ["a version without quotes", affected({ fixed: 5.17 }), "/vulnerability/affected/fixed"],
    ["ranges and kernel in one", affected({ ranges: [] }), "/vulnerability/affected"],
    [
      "a distribution without rules",
      affected({ packages: { debain: { "11": "5.10.92-2" } } }),
      "/vulnerability/affected/packages",
    ],
  ])("%s", (_name, data, place) => {
    expect(technique(data)).toBe(false);
    expect(technique.errors?.map(({ instancePath }) => instancePath)).toContain(place);
    // The schema asks for nothing that the product itself lets pass.
    expect(checkTechnique(data).problems).not.toEqual([]);
  });

  test("what is right stays right", () => {
    expect(technique(model)).toBe(true);
    expect(
      technique(
        affected({ packages: { debian: { "11": "5.10.92-2" }, ubuntu: { "24.04": "not-affected" } } }),
      ),
    ).toBe(true);
  });
});
