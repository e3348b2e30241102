import { sourceText, locate } from "../../../src/base/location.ts";
import type { Node } from "../../../src/base/document.ts";
import { parseYaml } from "../../../src/base/parse-yaml.ts";
import type { Problem } from "../../../src/base/problems.ts";
import { formatProblem } from "../../../src/base/problems.ts";
import type { ContainerSpec } from "../../../src/sources/spec.ts";
import { kubernetes } from "../../../src/sources/kubernetes/kubernetes.ts";
import type { SourceContext } from "../../../src/sources/types.ts";

export interface Read {
  readonly names: readonly string[];
  readonly spec: (name: string) => ContainerSpec;
  /** The spec without positions, provenance and what was not said. */
  readonly plain: (name: string) => Record<string, unknown>;
  readonly problems: readonly string[];
  readonly raw: readonly Problem[];
}

/** Documents of a YAML text that must parse. */
export function parsed(text: string, file = "pod.yaml"): readonly Node[] {
  const { documents, problems } = parseYaml(sourceText(file, text));
  if (problems[0]) throw new Error(formatProblem(problems[0]));
  return documents.filter((document) => document !== null);
}

/** Reads a manifest; `files` are what the source may ask for beside it. */
export function read(
  text: string,
  { beside = "", files = {} }: { beside?: string; files?: Readonly<Record<string, string>> } = {},
): Read {
  const context: SourceContext = {
    readText: (path) => (Object.hasOwn(files, path) ? sourceText(path, files[path] ?? "") : undefined),
    environment: new Map(),
    profiles: [],
  };
  const documents = parsed(text).filter((document) => kubernetes.recognises({ file: "pod.yaml", document }));
  const result = kubernetes.read(
    { file: "pod.yaml", documents, beside: parsed(beside, "beside.yaml") },
    context,
  );
  const spec = (name: string): ContainerSpec => {
    const found = result.subjects.find((subject) => subject.name === name)?.spec;
    if (!found)
      throw new Error(
        `no subject ${name} among ${result.subjects.map((subject) => subject.name).join(", ")}`,
      );
    return found;
  };
  return {
    names: result.subjects.map(({ name }) => name),
    spec,
    plain: (name) => plain(spec(name)) as Record<string, unknown>,
    problems: result.problems.map(
      (problem) => `${problem.severity === "warning" ? "warning: " : ""}${formatProblem(problem)}`,
    ),
    raw: result.problems,
  };
}

/** `value@line` of something that was said. */
export function said(
  value: { readonly value: unknown; readonly at: Parameters<typeof locate>[0] } | undefined,
): string | undefined {
  return (
    value &&
    `${typeof value.value === "string" ? value.value : JSON.stringify(value.value)}@${String(locate(value.at).line)}`
  );
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if ("value" in value && ("at" in value || "provenance" in value)) return plain(value.value);
  const entries = Object.entries(value).filter(([key, part]) => part !== undefined && key !== "at");
  return Object.fromEntries(entries.map(([key, part]) => [key, plain(part)]));
}

/** A Pod named p with these lines as its spec (each indented by two). */
export function pod(spec: string, metadata = ""): string {
  const indent = (text: string): string =>
    text
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => `  ${line}`)
      .join("\n");
  return `apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n${metadata === "" ? "" : `${indent(metadata)}\n`}spec:\n${indent(spec)}\n`;
}

/** A Pod with one container `c`, and more lines for the container and the pod. */
export function container(lines: string, podLines = ""): string {
  const own = lines
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => `    ${line}`)
    .join("\n");
  return pod(`${podLines}\ncontainers:\n  - name: c\n    image: nginx\n${own}`);
}
