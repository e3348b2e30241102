import { isMainThread, parentPort, workerData } from "node:worker_threads";
import type { Batch, Parallel, WorkerOrder } from "../assess/parallel.ts";
import type { ReporterId } from "../reporters/registry.ts";

/** The built command leaves its own path here (start.cjs): workers start from it. Run from source there are none. */
const entry = (globalThis as { holdfastEntry?: string }).holdfastEntry;

/** How a large folder is scanned by several threads whose records have this format; undefined where that is not possible. */
export function workersFor(format: string): Parallel | undefined {
  return entry === undefined ? undefined : { entry, format };
}

/** Whether this thread is one of those workers. */
export function isWorker(): boolean {
  return !isMainThread && (workerData as WorkerOrder | null)?.role === "scan";
}

/** Takes batches until the main thread ends this one. */
export async function work(): Promise<void> {
  const order = workerData as WorkerOrder;
  const [{ createBatchScan }, { reporters }] = await Promise.all([
    import("../assess.ts"),
    import("../reporters/registry.ts"),
  ]);
  const { stream } = await reporters[order.format as ReporterId]();
  if (!stream) throw new Error(`format ${order.format} does not stream`);
  const scanBatch = await createBatchScan(order, stream.subject);
  let last = Promise.resolve();
  parentPort?.on("message", (batch: Batch) => {
    last = last.then(async () => parentPort?.postMessage(await scanBatch(batch)));
  });
}
