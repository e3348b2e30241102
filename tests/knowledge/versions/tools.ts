import { execFileSync } from "node:child_process";

/** Whether a packager's own tool is there to compare with. */
export function isInstalled(tool: string): boolean {
  try {
    execFileSync(tool, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** What a packager's own tool prints. */
export function answerOf(tool: string, args: readonly string[]): string {
  return execFileSync(tool, args).toString().trim();
}
