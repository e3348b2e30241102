/** What is wrong with a feed: it is then left out whole, and the others go on. */
export interface FeedProblem extends Error {
  readonly code: "feed";
}

export function feedProblem(message: string): FeedProblem {
  return Object.assign(new Error(message), { code: "feed" as const });
}

export function isFeedProblem(error: unknown): error is FeedProblem {
  return error instanceof Error && "code" in error && error.code === "feed";
}
