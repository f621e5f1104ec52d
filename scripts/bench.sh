#!/usr/bin/env bash
# bench.sh [--rounds N] [--only NAME]...: compares podpose with `podman kube play`, a shell script and an empty node
# script, in alternation. Without arguments, it also checks that `validate` takes at most 2.5 times as long for twice
# the input. Sets up what is missing, runs as the ordinary user, prints a Markdown table and writes all numbers to
# .bench/results.json.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$root"

scripts/setup.sh --yes
cd "$(scripts/setup/checkout.sh)"
scripts/setup/as-user.sh scripts/images/build.sh busybox

results=$(scripts/setup/as-user.sh mktemp)
trap 'rm -f "$results"' EXIT
scripts/setup/as-user.sh node --import tsx bench/main.ts --json "$results" "$@"
mkdir -p "$root/.bench"
cp "$results" "$root/.bench/results.json"

# With --only, nothing else is measured.
if [[ $# -eq 0 ]]; then
  scripts/setup/as-user.sh node --import tsx bench/linearity.ts
fi
