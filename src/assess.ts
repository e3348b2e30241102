export { isUsageProblem } from "./assess/request.ts";
export type { ScanRequest, Target } from "./assess/request.ts";
export { isFolder, scan } from "./assess/scan.ts";
