export { isUsageProblem } from "./assess/request.ts";
export type { ScanRequest, Target } from "./assess/request.ts";
export { createBatchScan } from "./assess/folder.ts";
export { scan } from "./assess/scan.ts";
