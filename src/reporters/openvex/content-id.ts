/** A short name for a text: equal texts have equal names. Not for secrets: it only tells documents apart. */
export function contentId(text: string): string {
  return [0x811c9dc5, 0x01000193, 0x9e3779b9, 0x85ebca6b].map((seed) => lane(text, seed)).join("");
}

/** One word of 32 bits: FNV-1a over code units from a seed of its own, mixed at the end as MurmurHash3 does. */
function lane(text: string, seed: number): string {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0).toString(16).padStart(8, "0");
}
