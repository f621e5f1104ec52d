#!/usr/bin/env bash
# Makes this checkout ready to run: npm's dependencies, where they are missing or older than the lock file, and dist/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=scripts/setup/lib.sh
. scripts/setup/lib.sh

command -v npm >/dev/null || die "podpose needs Node 20.19 or later with npm, and there is no npm here"
node -e 'const [major, minor] = process.versions.node.split("."); process.exit(major * 100 + +minor >= 2019 ? 0 : 1)' ||
  die "podpose needs Node 20.19 or later: this is $(node --version) ($(type -P node))"

if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  say "installing npm dependencies"
  npm ci --no-audit --no-fund --loglevel=error >&2
fi
npm run --silent build >&2
