import { join } from "node:path";
import * as z from "zod/mini";
import { createFilterStore } from "../../src/assess/filter-store.ts";
import { readSubjects } from "../../src/assess/sources.ts";
import { toData } from "../../src/base/document.ts";
import { sourceText } from "../../src/base/location.ts";
import { formatProblem } from "../../src/base/problems.ts";
import { judge } from "../../src/engine/judge.ts";
import type { Prepared } from "../../src/engine/prepare.ts";
import { prepare } from "../../src/engine/prepare.ts";
import type { Backtest } from "../../src/engine/types.ts";
import { compileKnowledge } from "../../src/knowledge/compile.ts";
import type { EngineFile } from "../../src/knowledge/engine-defaults.ts";
import { engineIndex } from "../../src/knowledge/engine-defaults.ts";
import { loadFolder } from "../../src/knowledge/load-folder.ts";
import { hostNamed } from "../../src/knowledge/presets.ts";
import type { EncodedProfile, ProfileHead } from "../../src/knowledge/profile-codec.ts";
import { decodeProfile } from "../../src/knowledge/profile-codec.ts";
import type { KnowledgeBase } from "../../src/knowledge/types.ts";
import { goals } from "../../src/knowledge/types.ts";
import type { SeccompProfile } from "../../src/seccomp/types.ts";
import { readArguments } from "../../src/sources/command-line/command-line.ts";
import { complete } from "../../src/sources/defaults/complete.ts";
import type { CompletionContext } from "../../src/sources/defaults/setting.ts";
import type { SourceContext, SubjectSpec } from "../../src/sources/types.ts";

/** An input that the backtest is made for: knowledge/baselines/ID.yaml. */
const schema = z.strictObject({
  id: z.string(),
  title: z.string(),
  about: z.string(),
  run: z.optional(z.string()),
  input: z.optional(z.string()),
  assume: z.record(z.string(), z.string()),
});
export type Baseline = z.infer<typeof schema>;

/** A baseline with what could have been reached from it. */
export interface Assessed {
  readonly baseline: Baseline;
  readonly backtest: Backtest;
  /** The same where the image is not trusted and operators execute, attach and copy: what most bugs of runtimes take. */
  readonly wider: Backtest;
}

const widerModel = { image: "untrusted", operator: "any" };

export interface Backtested {
  readonly prepared: Prepared;
  /** The most exposed first. */
  readonly assessed: readonly Assessed[];
}

/**
 * Assesses every baseline on a host of which nothing is known. Everything is read from the YAML of knowledge/ as it stands, as a
 * build would compile it.
 * @throws Error when a file of knowledge/ has a problem
 */
export async function backtestBaselines(root: string): Promise<Backtested> {
  const { files, problems } = compileKnowledge(join(root, "knowledge"));
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const part = (name: string): unknown => JSON.parse(files.get(name) ?? "null") as unknown;
  const prepared = prepare(part("knowledge-full.json") as KnowledgeBase);
  const parsed = new WeakSet();
  const profiles = (part("profiles.json") as ProfileHead[]).map((head) => {
    const profile = decodeProfile(part(`profile-${head.name}.json`) as EncodedProfile);
    parsed.add(profile);
    return { ...head, profile };
  });
  const filters = createFilterStore((profile): profile is SeccompProfile => parsed.has(profile));
  const engines = engineIndex(part("engines.json") as EngineFile[]);
  const backtestOf = async (
    baseline: Baseline,
    more: Readonly<Record<string, string>>,
  ): Promise<Backtest> => {
    const assume = new Map(Object.entries({ ...baseline.assume, ...more }));
    const host = hostNamed("unknown", [], assume);
    if (!host) throw new Error("the host `unknown` is always known");
    const completion: CompletionContext = { host, engines, profiles, filters, assume };
    const boundary = complete(await specOf(baseline), completion);
    return judge(prepared, boundary, filters.filters, { goals, order: 1 }).backtest;
  };
  const assessed: Assessed[] = [];
  for (const baseline of readBaselines(root))
    assessed.push({
      baseline,
      backtest: await backtestOf(baseline, {}),
      wider: await backtestOf(baseline, widerModel),
    });
  return { prepared, assessed: assessed.sort(mostExposedFirst) };
}

function readBaselines(root: string): readonly Baseline[] {
  const { files, problems } = loadFolder(join(root, "knowledge/baselines"));
  if (problems.length > 0) throw new Error(problems.map(formatProblem).join("\n"));
  return files.map(({ name, document }) => {
    const baseline = schema.parse(toData(document));
    if (baseline.id !== name) throw new Error(`baselines/${name}.yaml: expected its id to be its name`);
    return baseline;
  });
}

const context: SourceContext = {
  environment: new Map(),
  profiles: [],
  projectDirectory: "/project",
  readText: () => undefined,
};

async function specOf({ id, run, input }: Baseline): Promise<NonNullable<SubjectSpec["spec"]>> {
  const { subjects, problems } =
    run === undefined
      ? await readSubjects(sourceText(`${id}.yaml`, input ?? ""), "named", context, [])
      : readArguments(run.split(" "), context);
  const [subject] = subjects;
  if (subjects.length !== 1 || !subject?.spec || problems.length > 0)
    throw new Error(`baselines/${id}.yaml: expected one container and no problem`);
  return subject.spec;
}

function mostExposedFirst(a: Assessed, b: Assessed): number {
  const of = ({ backtest: { kernel, runtime }, wider }: Assessed): number =>
    kernel.reachable * 1e6 + runtime.reachable * 1e3 + wider.runtime.reachable;
  return of(b) - of(a) || (a.baseline.id < b.baseline.id ? -1 : 1);
}
