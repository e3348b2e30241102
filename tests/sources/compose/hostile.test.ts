import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { locate, sourceText } from "../../../src/base/location.ts";
import { parseYaml } from "../../../src/base/parse-yaml.ts";
import { compose } from "../../../src/sources/compose/compose.ts";
import { containerFields, otherFields } from "../../../src/sources/compose/known-fields.ts";
import { substitute } from "../../../src/sources/compose/model/template.ts";
import { positionsIn } from "../command-line/helpers.ts";
import { contextOf, inputOf, problemsOf, readCompose, service } from "./helpers.ts";

describe("what is wrong is an error at its place", () => {
  test.each([
    [
      "services as a list",
      "services: [a]",
      "1:11: services: expected a mapping of services by name, found a list",
    ],
    [
      "a service as a text",
      "services: {web: nginx}",
      '1:12: services.web: expected a mapping, found "nginx"',
    ],
    ["a service without fields", "services:\n  web:\n", "2:3: services.web: expected a mapping, found null"],
    [
      "a word that is no boolean",
      service("privileged: maybe"),
      '4:17: services.web.privileged: expected true or false, found "maybe"',
    ],
    [
      "a number that is no boolean",
      service("privileged: 1"),
      "4:17: services.web.privileged: expected true or false, found 1",
    ],
    [
      "a scalar for a list",
      service("cap_add: SYS_ADMIN"),
      '4:14: services.web.cap_add: expected a list, found "SYS_ADMIN"',
    ],
    [
      "a mapping for a list",
      service("security_opt: {a: 1}"),
      "4:19: services.web.security_opt: expected a list, found a mapping",
    ],
    ["a list for a text", service("pid: [host]"), "4:10: services.web.pid: expected a text, found a list"],
    [
      "an unknown security option",
      service("security_opt: [secomp=x]"),
      '4:20: services.web.security_opt[0]: expected a security option such as seccomp=, apparmor=, label= or no-new-privileges, found "secomp=x"',
    ],
    [
      "too many colons",
      service("volumes: ['/a:/b:ro:x']"),
      '4:15: services.web.volumes[0]: expected [SOURCE:]TARGET[:MODES], found "/a:/b:ro:x"',
    ],
    [
      "an empty source",
      service("volumes: [':/b']"),
      '4:15: services.web.volumes[0]: expected [SOURCE:]TARGET[:MODES], found ":/b"',
    ],
    [
      "a volume without a target",
      service("volumes: [{type: bind, source: /a}]"),
      "4:15: services.web.volumes[0].target: expected a target, found nothing",
    ],
    [
      "a bind without a source",
      service("volumes: [{type: bind, target: /a}]"),
      "4:15: services.web.volumes[0].source: expected the path of a file or folder of the host, found nothing",
    ],
    [
      "an unknown type",
      service("volumes: [{type: bnd, source: /a, target: /a}]"),
      '4:22: services.web.volumes[0].type: expected a type: bind, volume, tmpfs, image, npipe or cluster, found "bnd"',
    ],
    [
      "a size that is none",
      service("mem_limit: lots"),
      '4:16: services.web.mem_limit: expected a size such as 512m, found "lots"',
    ],
    [
      "a device with too many parts",
      service("devices: ['/a:/b:r:w']"),
      '4:15: services.web.devices[0]: expected HOST[:CONTAINER[:ACCESS]], found "/a:/b:r:w"',
    ],
    [
      "include as a text",
      "include: x.yaml\nservices: {}",
      '1:10: include: expected a list of Compose files, found "x.yaml"',
    ],
  ])("%s", (_, text, want) => {
    expect(problemsOf(readCompose(text))).toEqual([`compose.yaml:${want}`]);
  });

  test("a field that Compose does not know is a warning", () => {
    expect(problemsOf(readCompose(service("priviledged: true")))).toEqual([
      'warning compose.yaml:4:5: services.web.priviledged: expected a field of the Compose specification, found "priviledged"',
    ]);
  });
});

describe("recognition", () => {
  const recognises = (text: string, file: string): boolean =>
    inputOf(text, file).documents.some((document) => compose.recognises({ file, document }));

  test.each([
    ["services with images", "stack.yml", "services: {web: {image: i}}"],
    ["an override with two common fields", "x.yaml", "services: {web: {ports: [1], environment: [A]}}"],
    [
      "extension fields and an old version",
      "x.yml",
      "version: '2'\nx-a: 1\nservices: {web: {build: .}}\nvolumes: {a: }",
    ],
    ["a malformed one by its name", "docker-compose.prod.yml", "services: [a]"],
    ["include alone", "stack.yml", "include: [a/compose.yaml, {path: b.yaml}]"],
    ["version 1", "docker-compose.yml", "web: {image: i}\ndb: {build: .}"],
    ["JSON", "compose.json", '{"services": {"web": {"image": "i"}}}'],
  ])("takes %s", (_, file, text) => {
    expect(recognises(text, file)).toBe(true);
  });

  test.each([
    ["a Kubernetes object", "compose.yaml", "apiVersion: v1\nkind: Pod\nservices: {web: {image: i}}"],
    ["Helm values", "values.yaml", "replicaCount: 1\nservices: {web: {image: i}}"],
    ["nested Helm values", "values.yaml", "services: {web: {image: {repository: i}, port: 80}}"],
    ["a GitHub workflow", "ci.yml", "on: push\njobs: {test: {services: {db: {image: i}}}}"],
    ["GitLab CI", ".gitlab-ci.yml", "services: [docker:dind]\nbuild: {script: x}"],
    ["GitLab CI with includes only", ".gitlab-ci.yml", "include: [/templates/a.yml]"],
    ["Woodpecker CI", ".woodpecker.yml", "steps: [{image: i}]\nservices: {db: {image: i}}"],
    [
      "a bake file",
      "bake.json",
      '{"group": {"default": {"targets": ["a"]}}, "target": {"a": {"dockerfile": "x"}}}',
    ],
    [
      "Symfony services",
      "services.yaml",
      "services: {_defaults: {autowire: true}, App: {class: x, tags: [a]}}",
    ],
    ["a list of services", "render.yaml", "services: [{type: web, name: x}]"],
    ["Swagger", "api.yaml", "swagger: '2.0'\npaths: {}"],
    ["version 1 under another name", "things.yml", "web: {image: i}"],
  ])("leaves %s", (_, file, text) => {
    expect(recognises(text, file)).toBe(false);
  });
});

const scalar = fc.oneof(
  fc.constantFrom(
    null,
    true,
    false,
    0,
    1,
    -1,
    1.5,
    "",
    "host",
    "service:a",
    "container:b",
    "/etc:/x:ro",
    "./a:/b",
    ":",
    "::",
    "$",
    "${",
    "${A",
    "${A:-${B}}",
    "${A:?x}",
    "$A:/x",
    "a=b",
    "../..",
    "seccomp=x",
    "!reset",
    "1:2:3:4",
    "~",
    "c:\\x",
  ),
  fc.string(),
);
const keys = fc.constantFrom(
  "type",
  "source",
  "target",
  "file",
  "service",
  "path",
  "test",
  "privileged",
  "soft",
  "limits",
  "resources",
  "devices",
  "reservations",
  "driver_opts",
  "o",
  "device",
  "external",
  "name",
  "internal",
  "watch",
  "env_file",
  "__proto__",
);
const { value: anything } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.oneof(keys, fc.constantFrom("a", "b")), tie("value"), { maxKeys: 4 }),
  ),
}));
const fields = fc.dictionary(fc.constantFrom(...containerFields, ...otherFields), anything, { maxKeys: 8 });
const model = fc.record(
  {
    services: fc.oneof(
      {
        weight: 5,
        arbitrary: fc.dictionary(
          fc.constantFrom("a", "b", "c"),
          fc.oneof({ weight: 6, arbitrary: fields }, anything),
          { maxKeys: 3 },
        ),
      },
      anything,
    ),
    jobs: anything,
    volumes: fc.oneof(fc.dictionary(fc.constantFrom("a", "b"), anything), anything),
    networks: fc.oneof(fc.dictionary(fc.constantFrom("a", "default"), anything), anything),
    secrets: anything,
    configs: anything,
    include: anything,
    name: anything,
  },
  { requiredKeys: ["services"] },
);

describe("hostile inputs", () => {
  test("nothing under services throws, and every place lies inside its text", () => {
    fc.assert(
      fc.property(model, model, (first, second) => {
        const files = { "x.yaml": JSON.stringify(second), "/etc": JSON.stringify(second) };
        const text = JSON.stringify(first, null, 1);
        const result = readCompose(text, {
          files: { ...files, "compose.override.yaml": JSON.stringify(second) },
          foundInFolder: true,
        });
        for (const position of positionsIn(result)) {
          expect(position.offset).toBeGreaterThanOrEqual(0);
          expect(position.offset).toBeLessThanOrEqual(position.source.text.length);
          expect(locate(position).line).toBeGreaterThan(0);
        }
        for (const problem of result.problems) expect(problem.message).toMatch(/^expected /);
      }),
      { numRuns: 600 },
    );
  });

  test("substitution never throws, and leaves a text without dollar signs alone", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("$", "{", "}", ":", "-", "?", "+", "A", "b", " ") }),
        (text) => {
          const { text: result } = substitute(text, (name) => (name === "A" ? "v" : undefined));
          if (!text.includes("$")) expect(result).toBe(text);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test.each([
    ["deep defaults", service(`user: '${"${A:-".repeat(50_000)}'`)],
    [
      "a long chain of extends",
      `services:\n${Array.from({ length: 3000 }, (_, i) => `  s${String(i)}: {image: i, cap_add: [C${String(i)}], extends: s${String(i + 1)}}`).join("\n")}\n  s3000: {image: i}\n`,
    ],
    [
      "the same backwards",
      `services:\n  s3000: {image: i}\n${Array.from({ length: 3000 }, (_, i) => `  s${String(2999 - i)}: {image: i, cap_add: [C${String(i)}], extends: s${String(3000 - i)}}`).join("\n")}\n`,
    ],
    [
      "a long chain of volumes_from",
      `services:\n${Array.from({ length: 3000 }, (_, i) => `  s${String(i)}: {image: i, volumes_from: [s${String(i + 1)}], pid: "service:s${String(i + 1)}"}`).join("\n")}\n`,
    ],
    [
      "many items",
      service(
        `cap_add: [${"A,".repeat(100_000)}]\nvolumes: [${Array.from({ length: 50_000 }, (_, i) => `/a:/b${String(i)}`).join(",")}]`,
      ),
    ],
    [
      "many wrong items",
      service(
        `cap_add: [${"{},".repeat(100_000)}]\nvolumes: [${"[],".repeat(50_000)}]\ngroup_add: [${"$X,".repeat(50_000)}]`,
      ),
    ],
    [
      "many who share a volume",
      `services:\n${Array.from({ length: 5000 }, (_, i) => `  s${String(i)}: {image: i, volumes: ["vol:/v"]}`).join("\n")}\nvolumes: {vol: }\n`,
    ],
    [
      "aliases that multiply",
      `services:\n  a: &a {image: i, environment: &e {A: $X}}\n${Array.from({ length: 2000 }, (_, i) => `  s${String(i)}: *a`).join("\n")}\n`,
    ],
  ])("%s end soon", (_, text) => {
    const started = performance.now();
    expect(readCompose(text).problems.every(({ message }) => message.length > 0)).toBe(true);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test("an include that always leads on ends", () => {
    let count = 0;
    const source = sourceText("compose.yaml", "include: [n0.yaml]\nservices: {a: {image: i}}");
    const context = {
      ...contextOf(),
      readText: (path: string) =>
        path.endsWith(".env")
          ? undefined
          : sourceText(
              path,
              `include: [n${String(++count)}.yaml]\nservices: {a${String(count)}: {image: i}}`,
            ),
    };
    const documents = parseYaml(source).documents.filter((document) => document !== null);
    const result = compose.read({ file: "compose.yaml", documents }, context);
    expect(count).toBeLessThanOrEqual(501);
    expect(result.problems.map(({ code }) => code)).toContain("internal-limit");
  });
});
