import type { Backtest } from "../../src/engine/types.ts";
import type { Technique } from "../../src/knowledge/types.ts";
import type { Assessed, Backtested } from "./assess.ts";
import type { Gate } from "./gates.ts";
import { cveOf, gatesOf } from "./gates.ts";

/** docs/backtest.md: the counts, the gates, the matrix, and what they do not say. */
export function page({ prepared, assessed }: Backtested): string {
  const gates = gatesOf(prepared.vulnerabilities);
  return `${[
    "<!-- Written by `npm run backtest` from knowledge/: do not edit. -->",
    "# Backtest: what a configuration is worth without patches",
    introduction,
    "![Known escapes that each baseline leaves reachable, as if unpatched](backtest.svg)",
    "## Baselines",
    baselines(assessed),
    counts(assessed),
    "## What the numbers do not say",
    caveats(gates),
    "## By what a vulnerability takes",
    "Each cell: reachable of known; for runtimes with a hostile image or an operator's action. A vulnerability that takes several things stands where the first of them stands.",
    byGate(gates, assessed),
    "## One by one",
    "● reachable, ○ reachable where the image is hostile or an operator executes, attaches or copies, · not; *(draft)*: what it takes has not been confirmed yet. `holdfast explain CVE-… TARGET` shows why for an input of your own.",
    ...axes.flatMap(({ axis, heading }) => [
      `### ${heading}`,
      matrix(
        gates.filter((gate) => gate.axis === axis),
        assessed,
      ),
    ]),
  ].join("\n\n")}\n`;
}

const axes = [
  { axis: "kernel", heading: "Kernel" },
  { axis: "runtime", heading: "Runtimes" },
] as const;

const introduction = `Patches come after the bug. The backtest asks of each known escape whether a configuration alone would have kept the workload off it, as
if nobody had ever patched: the versions that have the bug are not asked for. Every \`holdfast scan\` does this for its subjects; this page does it
for well-known starting points, so that a number of your own has something to be compared with.`;

function baselines(assessed: readonly Assessed[]): string {
  return table(
    ["baseline", "what it is", "input"],
    assessed.map(({ baseline }) => [
      baseline.title,
      baseline.about,
      `[${baseline.id}.yaml](../knowledge/baselines/${baseline.id}.yaml)`,
    ]),
  );
}

function counts(assessed: readonly Assessed[]): string {
  return table(
    [
      "baseline",
      "kernel: reachable",
      "of known",
      "runtime: reachable",
      "with a hostile image or an operator's action",
      "of known",
    ],
    assessed.map(({ baseline, backtest: { kernel, runtime }, wider }) => [
      baseline.title,
      ...[kernel.reachable, kernel.known, runtime.reachable, wider.runtime.reachable, runtime.known].map(
        String,
      ),
    ]),
    [1, 2, 3, 4, 5],
  );
}

function caveats(gates: readonly Gate[]): string {
  const all = gates.flatMap(({ members }) => members);
  const drafts = all.filter(({ status }) => status === "draft").length;
  return [
    "**It is a selection.** The knowledge base holds escapes that became known and that somebody wrote down here. Bugs that are easy to reach from a container are looked for more often than others. Nobody knows the rest.",
    "**It is no probability.** Each vulnerability counts once, the one that was used everywhere as much as the one that nobody used. Half the count is not half the risk: one is enough.",
    "**It is as if unpatched.** On a patched host none of these is open. The numbers say what stood between the workload and the host in the days before the patch, and will again for the next bug of the kind.",
    "**The past is not the future.** The filters themselves were changed after some of these bugs. A baseline is tried with the profiles of a recent release of its engine (in its file), so it may hold off bugs that its profile of the time let through.",
    "**Unknown counts as reachable.** Nothing is assumed of the host: whether it has AppArmor or SELinux, how its sysctls are set, and kernel options where distributions differ. Where such a fact would close a way, the way is counted as open. Options that nearly all distributions set are taken as set. A host that is known often has lower numbers.",
    "**Reached is not exploited.** Reachable means that the conditions hold that this knowledge base states for the bug: the calls, the capabilities, the devices. Whether an exploit then works is not asked.",
    "**One bug at a time.** What takes another bug first is not reachable: a hole of a hypervisor behind the kernel of the guest, or a hole of gVisor's own runtime behind its kernel. A second kernel lowers the numbers because the host's is not asked directly; it has bugs of its own.",
    "**The threat model is the default one.** The image is trusted, and nobody executes commands in the container but as the configuration shows. Most holes of runtimes take one or the other, so for runtimes a second column counts those too (`--assume image=untrusted --assume operator=any`). What somebody hostile hands to the engine beside that (a pod of their own, a build) is in neither.",
    "**The known ones of runtimes are those of every engine and runtime.** A container has one of each, so no baseline could reach them all, and two engines' numbers compare how much is written down about them as much as anything else.",
    "**Root inside, unless forbidden.** The program runs as root in every baseline whose rules allow it, as most images do.",
    ...(drafts === 0
      ? []
      : [
          `**Drafts are counted.** ${String(drafts)} of the ${String(all.length)} are marked as drafts: what they take has been read, not confirmed.`,
        ]),
  ]
    .map((caveat) => `- ${caveat}`)
    .join("\n");
}

function byGate(gates: readonly Gate[], assessed: readonly Assessed[]): string {
  return table(
    ["takes", "", ...assessed.map(({ baseline }) => baseline.title)],
    gates.map(({ axis, words, members }) => [
      words,
      axis,
      ...assessed.map((one) => {
        const reached = members.filter((technique) =>
          isReached(technique, axis === "kernel" ? one.backtest : one.wider),
        ).length;
        return `${String(reached)} / ${String(members.length)}`;
      }),
    ]),
    assessed.map((_, index) => index + 2),
  );
}

function matrix(gates: readonly Gate[], assessed: readonly Assessed[]): string {
  return table(
    ["vulnerability", "of", ...assessed.map(({ baseline }) => baseline.title)],
    gates.flatMap(({ words, members }) => [
      [`**takes ${words}**`, "", ...assessed.map(() => "")],
      ...members.map((technique) => [
        `${cveOf(technique)}${technique.status === "draft" ? " *(draft)*" : ""}`,
        technique.vulnerability?.component ?? "",
        ...assessed.map((one) => mark(technique, one)),
      ]),
    ]),
  );
}

function mark(technique: Technique, { backtest, wider }: Assessed): string {
  if (isReached(technique, backtest)) return "●";
  return isReached(technique, wider) ? "○" : "·";
}

function isReached(technique: Technique, { kernel, runtime }: Backtest): boolean {
  const { ids } = technique.axis === "kernel" ? kernel : runtime;
  return ids.includes(cveOf(technique));
}

function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: readonly number[] = [],
): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [
    line(head),
    line(head.map((_, column) => (numbers.includes(column) ? "---:" : "---"))),
    ...rows.map(line),
  ].join("\n");
}
