// What JSON.stringify lets through although a terminal or an editor would act on it: DEL, C1, bidirectional and zero-width.
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const notAscii = /[^\n -~]/;

/** JSON that is safe to print: the same values, with control and format characters as `\u` escapes. */
export function safeJson(value: unknown, indent = 0): string {
  const json = JSON.stringify(value, undefined, indent);
  if (!notAscii.test(json)) return json;
  return json.replace(unsafe, (character) => (character === "\n" ? character : escapeUnits(character)));
}

function escapeUnits(character: string): string {
  let escaped = "";
  for (let i = 0; i < character.length; i++)
    escaped += `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`;
  return escaped;
}
