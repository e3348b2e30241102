import type { ResolvedFilter } from "./types.ts";

/**
 * Remembers what a filter answered to a question. Filters are immutable and serve thousands of subjects, which all ask the
 * same few dozen questions; working one out tries several ABIs and arguments.
 */
export function rememberByFilter<Q, A>(
  ask: (filter: ResolvedFilter, question: Q) => A,
  keyOf: (question: Q) => string | number,
): (filter: ResolvedFilter, question: Q) => A {
  const known = new WeakMap<ResolvedFilter, Map<string | number, A>>();
  return (filter, question) => {
    let answers = known.get(filter);
    if (!answers) {
      answers = new Map();
      known.set(filter, answers);
    }
    const key = keyOf(question);
    let answer = answers.get(key);
    if (answer === undefined) {
      answer = ask(filter, question);
      answers.set(key, answer);
    }
    return answer;
  };
}
