import type { Command as Program } from "commander";
import { usageProblem } from "../../assess/request.ts";
import { plural, quote, terminalSafe } from "../../base/text.ts";
import { defaultStore } from "../../feeds/default-store.ts";
import type { Candidate, Summary } from "../../feeds/types.ts";
import { exitStatus } from "../exit.ts";
import { writeOut } from "../standard-output.ts";
import type { CommandContext } from "./types.ts";

interface StoreOption {
  readonly store?: string;
}

/** `holdfast kb update`: public feeds into a local store. The only command that uses the network, and only for an address. */
export function registerUpdate(command: Program, { exit }: CommandContext): void {
  command
    .command("update")
    .summary("read public feeds into a store: fixed versions of what is known, candidates for what is not")
    .description(
      "Reads OSV records, the Debian security tracker's JSON, records of the kernel's CNA, Ubuntu's OVAL by CVE or OpenVEX and " +
        "Red Hat's CSAF VEX; files, folders, zip archives or http(s) addresses. A broken feed changes nothing.",
    )
    .argument("<feed...>", "files, folders or addresses")
    .option("--store <dir>", "the store; default: $XDG_DATA_HOME/holdfast/feeds")
    .action(async (sources: readonly string[], options: StoreOption) => {
      const store = storeOf(options);
      const [{ updateFeed }, { shippedKnowledge }] = await Promise.all([
        import("../../feeds/update.ts"),
        import("../../knowledge/store.ts"),
      ]);
      const known = new Map(
        shippedKnowledge().techniques.flatMap(({ vulnerability }) =>
          vulnerability ? [[vulnerability.cve, vulnerability.component] as const] : [],
        ),
      );
      let failed = 0;
      for (const source of sources) {
        const outcome = await updateFeed(source, { store, known, date: new Date().toISOString() });
        if ("summary" in outcome) writeOut(summaryLines(outcome.summary, outcome.candidates));
        else {
          failed++;
          process.stderr.write(`holdfast: ${terminalSafe(`${outcome.source}: ${outcome.problem}`)}\n`);
        }
      }
      exit(failed > 0 ? exitStatus.input : exitStatus.met);
    });
}

function storeOf({ store }: StoreOption): string {
  const found = store ?? defaultStore();
  if (found === undefined || found === "")
    throw usageProblem("expected `--store` to be a folder, found nothing, and no HOME to choose one in");
  return found;
}

const shownCandidates = 5;

function summaryLines(summary: Summary, candidates: readonly Candidate[]): string {
  const counts = [
    `${plural(summary.records, "record")} read`,
    `${plural(summary.facts, "fact")} kept`,
    `${plural(summary.refined, "known vulnerability", "known vulnerabilities")} refined`,
    plural(summary.candidates, "candidate"),
  ];
  const shown = newestFirst(candidates).slice(0, shownCandidates);
  const more = candidates.length - shown.length;
  return [
    terminalSafe(`${summary.source}: ${summary.feed}: ${counts.join(", ")}`),
    ...shown.map((candidate) => `  ${candidateLine(candidate)}`),
    ...(more > 0 ? [`  and ${String(more)} more: holdfast kb candidates`] : []),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

interface ListOptions extends StoreOption {
  readonly format: string;
  readonly component?: string;
}

/** `holdfast kb candidates`: what feeds name in a component that is known, and that no entry is about. */
export function registerCandidates(command: Program): void {
  command
    .command("candidates")
    .summary("vulnerabilities that feeds name and no entry is about; nothing is known of their preconditions")
    .option("--format <format>", "text|json", "text")
    .option("--component <name>", "only of this component, such as runc")
    .option("--store <dir>", "the store; default: $XDG_DATA_HOME/holdfast/feeds")
    .action(async ({ format, component, ...options }: ListOptions) => {
      if (format !== "text" && format !== "json")
        throw usageProblem(`expected \`--format\` to be text or json, found ${quote(format)}`);
      const all = await candidatesOf(storeOf(options));
      const candidates = newestFirst(
        all.filter((one) => component === undefined || one.component === component),
      );
      writeOut(
        format === "json"
          ? `${JSON.stringify(candidates, undefined, 2)}\n`
          : candidates.map((candidate) => `${candidateLine(candidate)}\n`).join(""),
      );
    });
}

async function candidatesOf(store: string): Promise<readonly Candidate[]> {
  const [{ readCandidates }, { isFeedProblem }, { shippedKnowledge }] = await Promise.all([
    import("../../feeds/store.ts"),
    import("../../feeds/problem.ts"),
    import("../../knowledge/store.ts"),
  ]);
  // An entry may have come with a later release.
  const known = new Set(shippedKnowledge().techniques.map(({ id }) => id));
  try {
    const all = readCandidates(store).flatMap(({ lines }) => lines);
    return [...new Map(all.map((one) => [`${one.cve} ${one.component}`, one])).values()].filter(
      ({ cve }) => !known.has(cve),
    );
  } catch (error) {
    if (isFeedProblem(error)) throw usageProblem(error.message);
    throw usageProblem(`expected a store that \`holdfast kb update\` wrote, found ${quote(store)}`);
  }
}

/** By year and number, the last first. */
function newestFirst(candidates: readonly Candidate[]): readonly Candidate[] {
  const numbers = (cve: string): readonly number[] => cve.split("-").slice(1).map(Number);
  return candidates.toSorted((a, b) => {
    const [aYear = 0, aNumber = 0] = numbers(a.cve);
    const [bYear = 0, bNumber = 0] = numbers(b.cve);
    return bYear - aYear || bNumber - aNumber;
  });
}

function candidateLine({ cve, component, title }: Candidate): string {
  return terminalSafe(`${cve}  ${component}${title === undefined ? "" : `  ${title}`}`);
}
