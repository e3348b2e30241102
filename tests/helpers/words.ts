/** Splits one command line into words as a shell does with plain words and quotes; nothing is expanded. */
export function wordsOf(line: string): readonly string[] {
  const words: string[] = [];
  for (const match of line.trim().matchAll(/(?:[^\s'"]+|'[^']*'|"[^"]*")+/g)) {
    words.push(
      match[0].replaceAll(
        /'([^']*)'|"([^"]*)"/g,
        (_, single: string | undefined, double: string | undefined) => single ?? double ?? "",
      ),
    );
  }
  return words;
}
