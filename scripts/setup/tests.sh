#!/usr/bin/env bash
# Installs the programs that only tests run: kubectl builds the kustomizations of test/e2e/kustomize.test.ts.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/setup/lib.sh
. "$here/lib.sh"
# shellcheck source=scripts/setup/need.sh
. "$here/need.sh"

type -P kustomize >/dev/null || need kubectl kubernetes-client
install_missing
