import type { DefaultProfile, VersionRange } from "./default-profile.ts";
import { compareVersions, isVersion } from "./versions.ts";

/** Which default profile an engine uses, as far as its version tells. */
export interface DefaultProfileChoice {
  /** Set when exactly one profile is possible. */
  readonly profile?: DefaultProfile;
  /** Every profile that is possible, newest first; empty when the engine, or so old a release, is not known. */
  readonly candidates: readonly DefaultProfile[];
}

const covers = (range: VersionRange, version: string): boolean =>
  compareVersions(version, range.since) >= 0 &&
  (range.until === undefined || compareVersions(version, range.until) < 0);

const newest = (profile: DefaultProfile): string =>
  profile.ranges.map(({ since }) => since).reduce((a, b) => (compareVersions(a, b) >= 0 ? a : b), "0");

/**
 * The default profile of an engine's release. An unknown version leaves all of them possible; so does a version from which
 * on nobody has verified which of two profiles is shipped.
 */
export const defaultProfileFor = (
  profiles: readonly DefaultProfile[],
  engine: string,
  version: string | undefined,
): DefaultProfileChoice => {
  const ofEngine = profiles
    .filter((profile) => profile.engine === engine)
    .toSorted((a, b) => compareVersions(newest(b), newest(a)));
  const candidates =
    version === undefined || !isVersion(version)
      ? ofEngine
      : ofEngine.filter((profile) => profile.ranges.some((range) => covers(range, version)));
  const [only] = candidates;
  return { candidates, ...(only && candidates.length === 1 && { profile: only }) };
};
