#!/usr/bin/env bash
# Builds dist/: the library (plain tsc, with types), the command (bundled, for a fast start) and the compiled knowledge.
set -euo pipefail
cd "$(dirname "$0")/.."
node --import tsx scripts/compile-knowledge.ts
node node_modules/@typescript/native/bin/tsc -p tsconfig.build.json
node --import tsx scripts/bundle.ts
