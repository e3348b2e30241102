/** Exit statuses of the contract. `run` has its own: a program's status passes through. */
export const exitStatus = {
  /** Every subject meets the wanted margin. */
  met: 0,
  /** Some subject falls short of it. */
  short: 1,
  /** A usage error, or an input that could not be read or understood; the rest was still reported. */
  input: 2,
  /** A fault of our own. */
  internal: 3,
  /** The reader of standard output went away before there was a verdict: 128 + SIGPIPE, as a shell has it. */
  pipe: 141,
} as const;
export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

/** The status of an assessment; when some fall short and an input failed as well, the failure counts. */
export function statusOf(errors: number, short: number): ExitStatus {
  if (errors > 0) return exitStatus.input;
  return short > 0 ? exitStatus.short : exitStatus.met;
}
