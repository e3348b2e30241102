import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sourceText } from "../../../src/base/location.ts";
import { parseJson } from "../../../src/base/parse-json.ts";
import { factLocation } from "../../../src/boundary/fact.ts";
import { oci } from "../../../src/sources/oci/oci.ts";
import { contextWith, positionsIn } from "../command-line/helpers.ts";
import { bundle, hostWith, readJson, store } from "./helpers.ts";

describe("malformed bundles", () => {
  test.each([
    {
      fields: { process: { user: { uid: "0" } } },
      want: ['process.user.uid: expected a whole number, found "0"'],
    },
    {
      fields: { process: { noNewPrivileges: "true" } },
      want: ['process.noNewPrivileges: expected true or false, found "true"'],
    },
    { fields: { mounts: {} }, want: ["mounts: expected a list, found a mapping"] },
    { fields: { mounts: [{ type: "bind" }] }, want: ["mounts[0]: expected a destination, found nothing"] },
    {
      fields: { linux: { namespaces: [{ type: "pids" }] } },
      want: ['linux.namespaces[0].type: expected a kind of namespace such as pid or network, found "pids"'],
    },
    { fields: { linux: [] }, want: ["linux: expected an object, found a list"] },
  ])("$want", ({ fields, want }) => {
    const { problems } = bundle(fields);
    expect(problems.map((problem) => problem.replace(/^bundle\/config\.json:\d+:\d+: /, ""))).toEqual(want);
  });

  test("facts have their line and column", () => {
    const { subjects } = readJson('{"ociVersion":"1.0.0",\n "process":{"user":{"uid":\n  7}}}');
    const uid = subjects[0]?.boundary?.(hostWith(), store).process.uid;
    expect(uid && factLocation(uid)).toEqual({ file: "bundle/config.json", line: 3, column: 3 });
  });

  test("any JSON in any place: never a throw, every place inside the text", () => {
    const key = fc.constantFrom(
      "process",
      "user",
      "uid",
      "linux",
      "namespaces",
      "mounts",
      "destination",
      "options",
      "resources",
      "devices",
      "seccomp",
      "capabilities",
      "bounding",
      "root",
      "path",
      "annotations",
      "hooks",
      "__proto__",
      "type",
      "rlimits",
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom(null, true, -1, 1.5, "", "/", "bind", "a"),
        fc.array(tie("tree"), { maxLength: 4 }),
        fc.dictionary(key, tie("tree"), { maxKeys: 6 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(key, tree, { maxKeys: 8 }), (fields) => {
        const text = JSON.stringify({ ...fields, ociVersion: "1.0.0" }, null, 1);
        const { document } = parseJson(sourceText("x", text));
        if (!document) return;
        const result = oci.read({ file: "x", documents: [document] }, contextWith());
        const boundaries = result.subjects.map((subject) => subject.boundary?.(hostWith(), store));
        for (const at of positionsIn([result.problems, result.subjects, boundaries]))
          expect(at.offset).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 500 },
    );
  });
});
