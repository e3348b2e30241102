import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { backtestBaselines } from "./backtest/assess.ts";
import { page } from "./backtest/page.ts";
import { picture } from "./backtest/picture.ts";

/**
 * Writes docs/backtest.md and docs/backtest.svg from knowledge/ as it stands (`npm run backtest`); a test says when they are
 * stale.
 */
export async function backtestFiles(root: string): Promise<ReadonlyMap<string, string>> {
  const backtested = await backtestBaselines(root);
  return new Map([
    [join(root, "docs/backtest.md"), page(backtested)],
    [join(root, "docs/backtest.svg"), picture(backtested.assessed)],
  ]);
}

if (process.argv[1]?.endsWith("backtest.ts"))
  for (const [path, contents] of await backtestFiles(process.cwd())) writeFileSync(path, contents);
