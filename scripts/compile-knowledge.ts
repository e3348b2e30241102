import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileKnowledge } from "../src/knowledge/compile.ts";

/**
 * Compiles knowledge/ to the JSON files that shipped runs read: parsing YAML at every start would cost a second.
 * Fails on the first problem of any file, so nothing invalid is ever shipped.
 */
const root = process.cwd();
const { files, problems } = compileKnowledge(join(root, "knowledge"));
for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.length > 0) process.exit(1);
for (const folder of ["src/knowledge/compiled", "dist/knowledge/compiled"]) {
  rmSync(join(root, folder), { recursive: true, force: true });
  mkdirSync(join(root, folder), { recursive: true });
  for (const [name, contents] of files) writeFileSync(join(root, folder, name), contents);
}
