#!/usr/bin/env bash
# Prepares this checkout: npm dependencies, if they are missing or older than the lock file, and dist/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=scripts/setup/lib.sh
. scripts/setup/lib.sh

command -v npm >/dev/null || die "npm not found: podpose needs Node 20.19 or later with npm"
node -e 'const [major, minor] = process.versions.node.split("."); process.exit(major * 100 + +minor >= 2019 ? 0 : 1)' ||
  die "podpose needs Node 20.19 or later: this is $(node --version) ($(type -P node))"

install_dependencies() {
  [ -e node_modules ] || record folder "$PWD/node_modules"
  [ -e dist ] || record folder "$PWD/dist"
  npm ci --no-audit --no-fund --loglevel=error >&2
}
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  change "install npm dependencies into node_modules (npm ci), and build dist" install_dependencies
fi
lists || npm run --silent build >&2
