#!/usr/bin/env bash
# Lint, formatting, layers, unused code, generated files. Each check also proves that it looked at something.
set -euo pipefail
cd "$(dirname "$0")/.."
npx eslint --max-warnings 0 .
npx prettier --check --log-level warn .
cruised=$(npx depcruise --config .dependency-cruiser.mjs src | tee /dev/stderr | grep -oE '\(?[0-9]+ modules' | grep -oE '[0-9]+' | tail -1)
if [ "${cruised:-0}" -lt 80 ]; then
  echo "lint: only ${cruised:-0} modules were checked for layers: expected at least 80" >&2
  exit 1
fi
node --import tsx scripts/generate.ts --check
bash scripts/unused.sh
