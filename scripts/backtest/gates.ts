import type { PreparedTechnique } from "../../src/engine/prepare.ts";
import { isEnd } from "../../src/engine/prepare.ts";
import type { Formula, Technique } from "../../src/knowledge/types.ts";

/** What a vulnerability asks for, as far as a configuration can refuse it: how the matrix is grouped. */
export interface Gate {
  readonly axis: Technique["axis"];
  readonly words: string;
  readonly members: readonly Technique[];
}

type Leaf = readonly [condition: string, argument: unknown];

function leaves(formula: Formula): readonly Leaf[] {
  for (const op of ["all", "any"] as const) {
    const parts = (formula as Readonly<Record<string, unknown>>)[op];
    if (Array.isArray(parts)) return (parts as Formula[]).flatMap(leaves);
  }
  return Object.entries(formula);
}

const has =
  (...conditions: readonly string[]) =>
  (all: readonly Leaf[]): boolean =>
    all.some(([condition]) => conditions.includes(condition));

const isOwnCapability = ([condition, argument]: Leaf): boolean =>
  condition === "capability" && typeof argument === "object" && argument !== null && "in" in argument;

interface Rule {
  readonly axis: Technique["axis"];
  readonly words: string;
  readonly fits: (all: readonly Leaf[], technique: Technique) => boolean;
}

/** The first that fits; of several things that a vulnerability takes, the one that most containers lack goes first. */
const rules: readonly Rule[] = [
  {
    axis: "kernel",
    words: "a capability over namespaces of its own, which creating a user namespace gives",
    fits: (all) => all.some(isOwnCapability),
  },
  { axis: "kernel", words: "a capability of the host", fits: has("capability") },
  { axis: "kernel", words: "a family of sockets", fits: has("socket-family") },
  { axis: "kernel", words: "system calls", fits: has("syscall") },
  { axis: "kernel", words: "a kernel that it shares with the host, and little else", fits: () => true },
  {
    axis: "runtime",
    words: "another kernel that stands in between (gVisor, a virtual machine)",
    fits: (all, { from }) =>
      (from !== "workload" && from !== "container-root") ||
      all.some(([condition, argument]) => condition === "kernel" && argument !== "shared"),
  },
  { axis: "runtime", words: "somebody who executes, attaches or copies", fits: has("operator") },
  { axis: "runtime", words: "an image that somebody hostile made", fits: has("image") },
  {
    axis: "runtime",
    words: "somebody hostile who hands the engine more than code",
    fits: has("untrusted-input", "cluster-right"),
  },
  { axis: "runtime", words: "a running container of that runtime", fits: () => true },
];

/** The known escapes by gate, in the order of the rules; those that only stop or show something are none. */
export function gatesOf(vulnerabilities: readonly PreparedTechnique[]): readonly Gate[] {
  const escapes = vulnerabilities
    .map(({ technique }) => technique)
    .filter(({ to }) => !isEnd(to) && to !== "container-root");
  const placed = new Map<Rule, Technique[]>();
  for (const technique of escapes) {
    const all = leaves(technique.requires);
    const rule = rules.find(({ axis, fits }) => axis === technique.axis && fits(all, technique));
    if (rule) placed.set(rule, [...(placed.get(rule) ?? []), technique]);
  }
  return rules.flatMap((rule) => {
    const members = (placed.get(rule) ?? []).sort((a, b) => byYear(cveOf(a), cveOf(b)));
    return members.length === 0 ? [] : [{ axis: rule.axis, words: rule.words, members }];
  });
}

export function cveOf({ id, vulnerability }: Technique): string {
  return vulnerability?.cve ?? id;
}

/** `CVE-2022-999` before `CVE-2022-1000`. */
function byYear(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
