import { chmodSync, cpSync, rmSync } from "node:fs";
import { build } from "esbuild";

/** Bundles the command, split where it imports lazily: a start loads only the parts that this run needs. */
rmSync("dist/bin", { recursive: true, force: true });
await build({
  entryPoints: { holdfast: "src/cli/main.ts" },
  outdir: "dist/bin",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  // jsonc-parser has no "exports": its "main" is UMD, which a bundler cannot follow.
  mainFields: ["module", "main"],
  minifySyntax: true,
  minifyWhitespace: true,
  chunkNames: "chunks/[name]-[hash]",
  // commander and others are CommonJS: they call require for Node's own modules.
  banner: { js: '#!/usr/bin/env node\nimport { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);' },
  legalComments: "linked",
  logLevel: "warning",
});
cpSync("dist/knowledge/compiled", "dist/bin/compiled", { recursive: true });
cpSync("dist/knowledge/compiled", "dist/bin/chunks/compiled", { recursive: true });
chmodSync("dist/bin/holdfast.js", 0o755);
