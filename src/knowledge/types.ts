import type { HostPath } from "../boundary/host-paths.ts";
import type { PackageFixes } from "./versions/packages.ts";

/**
 * The knowledge base: data, reviewed as data. A technique moves an attacker from a stage to a stage when its formula of
 * conditions holds. A vulnerability is a technique with the versions that have the bug.
 */
export const stages = [
  "workload",
  "container-root",
  "application-kernel",
  "guest-kernel",
  "vmm",
  "engine-api",
  "node-credentials",
  "cluster-admin",
  "host-user",
  "sibling",
  "host-read",
  "host-write",
  "host-root",
  // Ends that are no way to the host: something stops serving, or a secret or a part of the confinement is lost.
  "denial-of-service",
  "exposure",
] as const;
export type Stage = (typeof stages)[number];

export const goals = ["host-root", "host-write", "host-read", "sibling"] as const;
export type Goal = (typeof goals)[number];

export const axes = ["kernel", "runtime", "misconfiguration"] as const;
export type Axis = (typeof axes)[number];

/** `all`, `any`, or one condition: a mapping with the condition's id as its only key. */
export type Formula =
  | { readonly all: readonly Formula[] }
  | { readonly any: readonly Formula[] }
  | Readonly<Record<string, unknown>>;

export interface Technique {
  readonly id: string;
  readonly title: string;
  /** One sentence that says, of a container for which it is open, what it may do: the reason a report prints. */
  readonly reason: string;
  /** What to change, in one line, where the configuration can close it. */
  readonly remedy?: string | undefined;
  readonly axis: Axis;
  /** `draft`: not confirmed by a source or a real container; judged as unknown at best, never as open. */
  readonly status: "stable" | "draft" | "deprecated";
  readonly from: Stage;
  readonly to: Stage;
  readonly requires: Formula;
  readonly attack?: string | undefined;
  readonly confidence: "high" | "medium" | "low";
  readonly references: readonly Reference[];
  readonly since: string;
  readonly aliases?: readonly string[] | undefined;
  readonly examples: Examples;
  /** Present for vulnerabilities only. */
  readonly vulnerability?: Vulnerability | undefined;
}

export interface Reference {
  readonly url: string;
  /** What the reference supports, in a few words. */
  readonly supports: string;
}

/** Inputs with the verdict they must give: tests and documentation at once. `run` is a `docker run` line, or `file` an input's text. */
export interface Examples {
  readonly open: readonly Example[];
  readonly closed: readonly (Example & { readonly by: string })[];
  readonly unknown?: readonly (Example & { readonly fact: string })[] | undefined;
}
export interface Example {
  readonly run?: string | undefined;
  readonly input?: string | undefined;
  readonly assume?: Readonly<Record<string, string>> | undefined;
  readonly host?: string | undefined;
  readonly note?: string | undefined;
}

export interface Vulnerability {
  readonly cve: string;
  readonly component: string;
  readonly affected: Affected;
  readonly exploited: boolean;
}

/**
 * Which versions have the bug. `kernel`: mainline and stable points by the version rule of the kernel's own branches;
 * `ranges`: half-open upstream ranges, in order. `introduced: null` means from the first release on.
 * `packages`: distribution, its release → the first version of its package with the fix (`debian: { "12": 1.1.5+ds1-1+deb12u1 }`),
 * or `not-affected` where its package never had the bug.
 */
export type Affected =
  | {
      readonly kind: "kernel";
      readonly introduced: string | null;
      readonly introducedStable?: Readonly<Record<string, string>> | undefined;
      readonly fixed: string;
      readonly stable: Readonly<Record<string, string>>;
      /** Ubuntu-only and the like: upstream versions say nothing. */
      readonly distributionSpecific?: string | undefined;
      readonly packages?: PackageFixes | undefined;
    }
  | {
      readonly kind: "ranges";
      readonly ranges: readonly { readonly introduced: string; readonly fixed: string | null }[];
      readonly packages?: PackageFixes | undefined;
    };

/** What the build compiles knowledge/ to, and a custom folder is loaded as. */
export interface KnowledgeBase {
  /** A hash of the contents. */
  readonly version: string;
  readonly techniques: readonly Technique[];
  readonly hostPaths: readonly HostPath[];
}
