import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { toData } from "../base/document.ts";
import { formatProblem } from "../base/problems.ts";
import type { HostPath } from "../boundary/host-paths.ts";
import { assembleDefaultProfiles } from "../seccomp/assemble.ts";
import type { SchemaProblem } from "./engine-defaults-schema.ts";
import { compact } from "./compact.ts";
import { parseEngineFile } from "./engine-defaults-schema.ts";
import { parseHostPaths } from "./host-paths-schema.ts";
import { loadFolder } from "./load-folder.ts";
import { loadTechniques } from "./load-techniques.ts";
import { parsePreset } from "./presets-schema.ts";
import { encodeProfile } from "./profile-codec.ts";

/** What compiling a knowledge folder gives: file name → JSON, and every problem of every file as one line. */
export interface CompiledKnowledge {
  readonly files: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

/**
 * Validates a knowledge folder whole and compiles it to the JSON that shipped runs read. The version is a hash of the
 * contents, so two reports can tell whether they rest on the same knowledge.
 */
export function compileKnowledge(root: string): CompiledKnowledge {
  const problems: string[] = [];
  const techniques = [
    ...loadTechniques(join(root, "techniques")).techniques,
    ...loadTechniques(join(root, "vulnerabilities")).techniques,
  ];
  for (const folder of ["techniques", "vulnerabilities"])
    problems.push(...loadTechniques(join(root, folder)).problems.map(formatProblem));
  const hostPaths = oneFile(join(root, "host-paths.yaml"), root, parseHostPaths, problems);
  const engines = each(join(root, "engines"), parseEngineFile, problems);
  const presets = each(join(root, "presets"), parsePreset, problems);
  const assembled = assembleDefaultProfiles(jsonFiles(join(root, "profiles")));
  problems.push(
    ...assembled.problems.map(({ path, message }) => `${join(root, "profiles")}: ${path}: ${message}`),
  );
  const profiles = assembled.profiles.map(({ profile, ...head }) => ({
    head,
    profile: encodeProfile(profile),
  }));
  const contents = { techniques, hostPaths };
  const version = createHash("sha256")
    .update(JSON.stringify([contents, engines, profiles]))
    .digest("hex")
    .slice(0, 12);
  const parts = compact({ version, techniques, hostPaths: hostPaths as readonly HostPath[] });
  const files = new Map<string, unknown>([
    // What a scan needs, and all: references and examples are most of the weight, and only `kb` and `explain` show them.
    ["knowledge.json", parts.knowledge],
    ["vulnerabilities.json", parts.details],
    ["knowledge-full.json", { version, ...contents }],
    ["engines.json", engines],
    ["presets.json", presets],
    ["profiles.json", profiles.map(({ head }) => head)],
    ...profiles.map(({ head, profile }): [string, unknown] => [`profile-${head.name}.json`, profile]),
  ]);
  return { files: new Map([...files].map(([name, value]) => [name, JSON.stringify(value)])), problems };
}

function jsonFiles(folder: string): readonly unknown[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as unknown);
}

type Parse = (data: unknown) => { readonly value?: unknown; readonly problems: readonly SchemaProblem[] };

function each(folder: string, parse: Parse, problems: string[]): readonly unknown[] {
  const loaded = loadFolder(folder);
  problems.push(...loaded.problems.map(formatProblem));
  return loaded.files.flatMap(({ file, document }) => {
    const { value, problems: found } = parse(toData(document));
    problems.push(...found.map(({ path, message }) => `${file}: ${path}: ${message}`));
    return value === undefined ? [] : [value];
  });
}

function oneFile(path: string, root: string, parse: Parse, problems: string[]): unknown {
  const [file] = loadFolder(root).files.filter((candidate) => candidate.file === path);
  if (!file) {
    problems.push(`${path}: expected a readable YAML file`);
    return [];
  }
  const { value, problems: found } = parse(toData(file.document));
  problems.push(...found.map((problem) => `${path}: ${problem.path}: ${problem.message}`));
  return value ?? [];
}
