import type { Confidence, SeccompProfile } from "./types.ts";

/** Releases from `since` up to, but not including, `until`; without `until`, up to the newest. */
export interface VersionRange {
  readonly since: string;
  readonly until?: string;
}

/** A default profile that an engine ships, with the releases that ship it. */
export interface DefaultProfile {
  readonly name: string;
  readonly engine: string;
  readonly ranges: readonly VersionRange[];
  readonly source: {
    readonly repository: string;
    readonly path: string;
    readonly version: string;
    readonly also?: string;
  };
  /** Of the contents together with the ranges: a profile whose releases are not known for sure is a hypothesis. */
  readonly confidence: Confidence;
  readonly note?: string;
  readonly profile: SeccompProfile;
}
