#!/usr/bin/env bash
# Unused files, exports and dependencies, with knip: installed apart, as its binaries for other platforms would break npm ci.
set -euo pipefail
cd "$(dirname "$0")/../tools/lint"
[ -x node_modules/.bin/knip ] || npm install --no-audit --no-fund --no-package-lock --loglevel=error >/dev/null
cd ../..
tools/lint/node_modules/.bin/knip --config knip.json
