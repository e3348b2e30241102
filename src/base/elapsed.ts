/** A stopwatch: each call gives the milliseconds since it was made. Monotonic; `performance` takes longer to load. */
export function stopwatch(): () => number {
  const started = process.hrtime.bigint();
  return () => Number(process.hrtime.bigint() - started) / 1e6;
}
