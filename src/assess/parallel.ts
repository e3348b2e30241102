import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { ReportedProblem } from "../engine/assessment.ts";
import type { ScanRequest } from "./request.ts";

/** Fewer files than this are done sooner by one thread: a worker takes as long to start as it needs for about so many. */
export const worthwhile = 400;
const batchSize = 64;
const mostWorkers = 8;

/** What a worker is told when it starts, and for each batch. Plain data: it crosses to another thread. */
export interface WorkerOrder {
  readonly role: "scan";
  readonly request: Omit<ScanRequest, "targets" | "parallel">;
  readonly root: string;
  readonly beside: readonly string[];
  readonly format: string;
}
export interface Batch {
  readonly index: number;
  readonly files: readonly string[];
}
export interface BatchResult {
  readonly index: number;
  /** The subjects of the batch, each already rendered as its record. */
  readonly text: string;
  readonly problems: readonly (readonly [ReportedProblem, "error" | "warning"])[];
  readonly count: number;
  readonly short: number;
  readonly open: number;
  readonly files: number;
}

/** How a request asks for workers: the script to start them with, and the streaming format they render. */
export interface Parallel {
  readonly entry: string;
  readonly format: string;
}

/**
 * Scans files on every core, in batches, and hands the results over in the order of the files. At most two batches wait at
 * each worker and results are passed on as soon as their turn comes, so memory does not grow with the folder.
 * @throws what a worker throws: a fault of ours
 */
export async function scanInParallel(
  files: readonly string[],
  order: WorkerOrder,
  entry: string,
  onResult: (result: BatchResult) => void,
): Promise<void> {
  const batches = Array.from({ length: Math.ceil(files.length / batchSize) }, (_, index): Batch => ({
    index,
    files: files.slice(index * batchSize, (index + 1) * batchSize),
  }));
  const workers = Array.from(
    { length: Math.min(mostWorkers, availableParallelism(), batches.length) },
    () => new Worker(entry, { workerData: order, resourceLimits: { maxYoungGenerationSizeMb: 32 } }),
  );
  const waiting = new Map<number, BatchResult>();
  // Every worker's "send more": whoever finishes the batch whose turn it is lets the others go on.
  const wakers = new Set<() => void>();
  let next = 0;
  let turn = 0;
  try {
    await Promise.all(
      workers.map(
        (worker) =>
          new Promise<void>((resolve, reject) => {
            let pending = 0;
            const send = (): void => {
              // A batch that is far ahead of its turn would only be kept: the slowest file decides.
              while (pending < 2 && next < batches.length && next - turn < workers.length * 4) {
                worker.postMessage(batches[next++]);
                pending++;
              }
              if (pending === 0 && next >= batches.length) resolve();
            };
            worker.on("message", (result: BatchResult) => {
              pending--;
              waiting.set(result.index, result);
              for (let ready = waiting.get(turn); ready; ready = waiting.get(turn)) {
                waiting.delete(turn++);
                onResult(ready);
              }
              for (const wake of wakers) wake();
            });
            worker.on("error", reject);
            wakers.add(send);
            send();
          }),
      ),
    );
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
