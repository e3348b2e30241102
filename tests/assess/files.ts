import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { scan } from "../../src/assess.ts";
import type { ScanRequest } from "../../src/assess.ts";
import type { Location } from "../../src/base/location.ts";
import type { Assessment, Subject } from "../../src/engine/assessment.ts";
import { goals } from "../../src/knowledge/types.ts";
import { json } from "../../src/reporters/json.ts";
import { ndjson } from "../../src/reporters/ndjson.ts";
import { text } from "../../src/reporters/text.ts";

/** A temporary folder with the given files; `remove` takes it away again. */
export interface Files {
  readonly root: string;
  readonly at: (name: string) => string;
  readonly write: (name: string, contents: string | Uint8Array) => string;
  readonly remove: () => void;
}

export function createFiles(): Files {
  const root = mkdtempSync(join(tmpdir(), "holdfast-assess-"));
  const at = (name: string): string => join(root, name);
  return {
    root,
    at,
    write(name, contents) {
      mkdirSync(dirname(at(name)), { recursive: true });
      writeFileSync(at(name), contents);
      return at(name);
    },
    remove() {
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Assesses paths as the command line would, with everything kept. */
export function assess(paths: readonly string[], more: Partial<ScanRequest> = {}): Promise<Assessment> {
  const request: ScanRequest = {
    targets: paths.map((path) => ({ kind: "path", path })),
    goals,
    failOn: 1,
    judge: "worst",
    assume: new Map(),
    order: 2,
    boundary: true,
    profiles: [],
    ...more,
  };
  return scan(request, { keep: true });
}

/** What every report says of an assessment: the most that any of them can show, by default with lines of the inputs. */
export function reports(
  assessment: Assessment,
  lines: "with lines" | "without lines" = "with lines",
): Readonly<Record<"text" | "json" | "ndjson", string>> {
  const options = {
    color: false,
    width: 120,
    verbose: true,
    quiet: false,
    lineOf: lines === "with lines" ? lineOf : undefined,
  };
  return {
    text: text.render(assessment, options),
    json: json.render(assessment, options),
    ndjson: ndjson.render(assessment, options),
  };
}

function lineOf({ file, line }: Location): string | undefined {
  try {
    return readFileSync(file, "utf8").split("\n")[line - 1];
  } catch {
    return undefined;
  }
}

export const names = ({ subjects }: Assessment): readonly string[] => subjects.map(({ name }) => name);

/** `line:message` of each error, the line left out where there is none. */
export const errorsOf = ({ errors }: Assessment): readonly string[] =>
  errors.map(({ location, message }) => `${location ? `${String(location.line)}: ` : ""}${message}`);

export function subjectOf({ subjects }: Assessment, name: string): Subject {
  const found = subjects.find((subject) => subject.name === name);
  if (!found) throw new Error(`no subject ${name} among ${subjects.map((s) => s.name).join(", ")}`);
  return found;
}

/** A Compose file with one default service. */
export const compose = (name: string, more = ""): string =>
  `services:\n  ${name}:\n    image: ${name}:1\n${more}`;

/** A pod of one container. */
export const pod = (name: string, more = ""): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec:\n${more}  containers:\n    - {name: c, image: c:1}\n`;
