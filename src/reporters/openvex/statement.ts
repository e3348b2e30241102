import type { ReportedVulnerability } from "../../engine/assessment.ts";
import { barrierWords, factWords, list } from "../words.ts";

export type VexStatus = "affected" | "under_investigation" | "not_affected" | "fixed";

/** The part of a statement that a verdict decides. */
export interface VexVerdict {
  readonly status: VexStatus;
  readonly justification?: string;
  readonly impact_statement?: string;
  readonly action_statement?: string;
  readonly status_notes: string;
}

/** The vulnerable code is not there at all: an option of the kernel, a runtime or an architecture that is not in use. */
const notPresent = /^(kernel-config|runtime|engine|architecture|isolation):/;
/** Mechanisms that answer each call by a policy, and refuse this one. */
const mitigation = /^(seccomp|apparmor|selinux|lockdown)$/;

/**
 * What OpenVEX says of one vulnerability. Only what is certain silences a scanner: a version without the bug is `fixed` (or
 * `not_affected` where it never had it), a boundary that keeps the workload off it is `not_affected`; everything that rests on
 * an unknown fact, or on a draft, is `under_investigation`.
 */
export function verdictOf(vulnerability: ReportedVulnerability, subject: string): VexVerdict {
  const { version, status } = vulnerability;
  const notes = (more: readonly string[]): string =>
    [`${subject}: ${more[0] ?? ""}`, ...more.slice(1)].join("; ");
  const { evidence } = vulnerability;
  if (version === "fixed") return { status: "fixed", status_notes: notes(evidence) };
  if (version === "not-affected" || status === "closed")
    return {
      status: "not_affected",
      justification: justificationOf(vulnerability),
      impact_statement: impactOf(vulnerability),
      status_notes: notes(evidence),
    };
  if (status === "open")
    return {
      status: "affected",
      action_statement:
        vulnerability.remedy ?? `install a version of ${vulnerability.component} that has the fix`,
      status_notes: notes(evidence),
    };
  return { status: "under_investigation", status_notes: notes([investigation(vulnerability), ...evidence]) };
}

/**
 * `vulnerable_code_not_present` where the version never had it, or every barrier says that the code is not there;
 * `inline_mitigations_already_exist` where every barrier is a filter or a security module that refuses the call;
 * else the adversary does not get at it. Where barriers of several kinds were met, the weakest claim is made: the last.
 */
function justificationOf({ version, barriers }: ReportedVulnerability): string {
  if (version === "not-affected") return "vulnerable_code_not_present";
  if (barriers.length > 0 && barriers.every((barrier) => notPresent.test(barrier)))
    return "vulnerable_code_not_present";
  if (barriers.length > 0 && barriers.every((barrier) => mitigation.test(barrier)))
    return "inline_mitigations_already_exist";
  return "vulnerable_code_cannot_be_controlled_by_adversary";
}

function impactOf({ version, barriers, evidence, component }: ReportedVulnerability): string {
  if (version === "not-affected") return evidence[0] ?? `this version of ${component} does not have it`;
  const named = barriers.map((barrier) => {
    const words = barrierWords(barrier);
    return words === barrier ? barrier : `${words} (${barrier})`;
  });
  // Some ids have no words (`engine:docker`): what was found says what they mean.
  return [`kept off by ${list(named, named.length)}`, ...evidence.slice(0, 1)].join(": ");
}

function investigation({
  version,
  reachable,
  confirmed,
  wouldDecide,
  component,
}: ReportedVulnerability): string {
  const has = version === "affected" ? `${component} has it` : `whether ${component} has it is not known`;
  const reach = { yes: "the workload can reach it", no: "something holds the workload off it" }[
    reachable as string
  ];
  const facts = wouldDecide.map((fact) => `${factWords(fact).name} (${fact})`);
  return [
    `${has}, and ${reach ?? "whether the workload reaches it is not known"}`,
    ...(confirmed ? [] : ["what reaching it takes has not been confirmed"]),
    ...(facts.length === 0 ? [] : [`what would decide: ${list(facts, facts.length)}`]),
  ].join("; ");
}
