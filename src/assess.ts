export { isUsageProblem } from "./assess/request.ts";
export type { ScanRequest, Target } from "./assess/request.ts";
export { scan } from "./assess/scan.ts";
