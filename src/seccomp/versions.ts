/** Whole numbers of a release, most significant first; `undefined` for what does not start with one. */
const numbersOf = (version: string): readonly number[] | undefined => {
  const match = /^v?(\d+(?:\.\d+)*)/.exec(version.trim());
  return match?.[1]?.split(".").map(Number);
};

/**
 * Compares releases of container engines by their numbers. What follows them (`-rc.1`, `+dfsg1`, `-ce`, `~deb12`) is
 * ignored: distributions and pre-releases carry the profile of the release that they are named after.
 */
export const compareVersions = (a: string, b: string): number => {
  const left = numbersOf(a) ?? [];
  const right = numbersOf(b) ?? [];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
};

export const isVersion = (version: string): boolean => numbersOf(version) !== undefined;
