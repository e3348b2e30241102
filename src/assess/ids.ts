/** Gives every subject of a report an id that is stable and unique: `compose.yaml#web`, and `~2` for the second of a name. */
export function createIds(): (file: string, name: string) => string {
  const seen = new Map<string, number>();
  return (file, name) => {
    const id = `${file}#${name}`;
    const count = (seen.get(id) ?? 0) + 1;
    seen.set(id, count);
    return count === 1 ? id : `${id}~${String(count)}`;
  };
}
