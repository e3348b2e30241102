#!/usr/bin/env bash
# The main job on an example of the repository, installing and building first where needed. Arguments go to the scan.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -d node_modules ] && [ node_modules -nt package-lock.json ] || npm ci --no-audit --no-fund --loglevel=error >&2
[ -f dist/bin/holdfast.cjs ] || npm run --silent build >&2
[ $# -gt 0 ] || set -- examples/shop/compose.yaml
# The example falls short on purpose, and the scan's exit status says so; for a demonstration that is success.
node dist/bin/holdfast.cjs scan "$@" || [ $? -eq 1 ]
