export { isUsageProblem, usageProblem } from "./assess/request.ts";
export type { ScanEvents, ScanRequest, Target, UsageProblem } from "./assess/request.ts";
export { scan } from "./assess/scan.ts";
