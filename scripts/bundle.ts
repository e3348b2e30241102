import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import type { Plugin } from "esbuild";
import { build } from "esbuild";

/**
 * Bundles the command into one script, and lets Node write down the machine code of what a first scan runs: a cold start
 * is then mostly reading two files. The cache is Node's own (vm.Script cachedData); another version of Node refuses it and
 * compiles as usual.
 */
rmSync("dist/bin", { recursive: true, force: true });
mkdirSync("dist/bin", { recursive: true });
/**
 * Commander loads child_process, and with it net and stream, for commands that are programs of their own: Holdfast has none.
 * What is never called is never loaded.
 */
const lazyChildProcess: Plugin = {
  name: "lazy-child-process",
  setup(bundle) {
    bundle.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      importer.includes("/commander/") ? { path: "child_process", namespace: "lazy" } : undefined,
    );
    bundle.onLoad({ filter: /.*/, namespace: "lazy" }, () => ({
      contents: 'module.exports = { spawn: (...words) => require("node:child_process").spawn(...words) };',
    }));
  },
};

await build({
  entryPoints: { core: "src/cli/main.ts" },
  outdir: "dist/bin",
  bundle: true,
  // CommonJS, because only that can be run from a cached script; parts that are imported lazily still start lazily.
  format: "cjs",
  outExtension: { ".js": ".cjs" },
  platform: "node",
  target: "node20.19",
  // jsonc-parser has no "exports": its "main" is UMD, which a bundler cannot follow.
  mainFields: ["module", "main"],
  minifySyntax: true,
  minifyWhitespace: true,
  minifyIdentifiers: true,
  define: { "import.meta.url": "__moduleUrl" },
  banner: { js: 'const __moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
  // Only custom knowledge and `kb check` validate: the schema library stays outside, and is loaded when they do.
  external: ["zod/mini"],
  plugins: [lazyChildProcess],
  legalComments: "linked",
  logLevel: "warning",
});
const core = readFileSync("dist/bin/core.cjs", "latin1");
const wrapped = `(function (exports, require, module, __filename, __dirname) {${core}\n})`;
writeFileSync("dist/bin/core.cjs", wrapped, "latin1");
cpSync("src/cli/start.cjs", "dist/bin/holdfast.cjs");
chmodSync("dist/bin/holdfast.cjs", 0o755);
cpSync("dist/knowledge/compiled", "dist/bin/compiled", { recursive: true });

// One scan of each kind of input warms the functions that the cache then holds.
const warm = spawnSync(process.execPath, ["dist/bin/holdfast.cjs", "scan", "examples/shop/compose.yaml"], {
  env: { ...process.env, HOLDFAST_WRITE_CODE_CACHE: "1" },
  encoding: "utf8",
});
if (warm.status !== 1) throw new Error(`the built command failed on the example: ${warm.stderr}`);
writeFileSync("dist/bin/package.json", '{ "type": "commonjs" }\n');
if (readFileSync("dist/bin/core.cache").length < 100_000) throw new Error("the code cache is empty");
