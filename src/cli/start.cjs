#!/usr/bin/env node
// Runs the bundled command (core.cjs) with the code cache that the build wrote beside it: see scripts/bundle.ts.
"use strict";
const { readFileSync, writeFileSync } = require("node:fs");
const { Script } = require("node:vm");

const filename = `${__dirname}/core.cjs`;
const cacheFile = `${__dirname}/core.cache`;
let cachedData;
try {
  cachedData = readFileSync(cacheFile);
} catch {
  // No cache: the script is compiled as any other.
}
// The build wrapped it as Node wraps a module: a text of this size is not copied once more for that.
const source = readFileSync(filename, "latin1");
const script = new Script(source, { filename, cachedData });
if (process.env.HOLDFAST_WRITE_CODE_CACHE === "1") {
  process.on("exit", () => writeFileSync(cacheFile, script.createCachedData()));
}
script.runInThisContext().call(exports, exports, require, module, filename, __dirname);
