#!/usr/bin/env bash
# bench.sh [--rounds N] [--only NAME]...: measures podpose against `podman kube play`, a shell script and an empty node script,
# side by side; and without arguments, that twice the input takes
# `validate` at most 2.5 times as long. Sets up what is missing, runs as the ordinary user, prints a Markdown table and leaves all the numbers in
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

# What was asked for by name is all that is measured.
if [[ $# -eq 0 ]]; then
  scripts/setup/as-user.sh node --import tsx bench/linearity.ts
fi
