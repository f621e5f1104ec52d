#!/usr/bin/env bash
# npm run setup [-- OPTION...]: prepares this machine for `npm run try` and `npm test`: rootless podman, and a separate
# podman storage. Lists the changes and asks. Prints nothing if nothing is missing. `npm run teardown` reverts the
# changes.
#
#   --yes       do not ask
#   --dry-run   list the changes only
#   --tests     also install what only tests need (scripts/setup/tests.sh)
#   --podman 5  also set up podman 5 or 6 beside the machine's own, for the tests (scripts/setup/podman-root.sh)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/setup/lib.sh
. scripts/setup/lib.sh

answer=ask
tests=no
roots=()
while [ $# -gt 0 ]; do
  case $1 in
    --yes) answer=yes ;;
    --dry-run) answer=no ;;
    --tests) tests=yes ;;
    --podman)
      roots+=("${2:-}")
      shift
      ;;
    *)
      sed -n '2,/^set /s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
      exit 2
      ;;
  esac
  shift
done

steps() {
  local version
  scripts/setup/node.sh
  scripts/setup/podman.sh
  if [ $tests = yes ]; then scripts/setup/tests.sh; fi
  for version in "${roots[@]}"; do scripts/setup/podman-root.sh "$version" start; done
}

list=$(SETUP_LISTS=1 steps)
if [ -n "$list" ]; then
  {
    echo "setup will change this machine:"
    printf '%s\n' "$list"
    echo "npm run teardown reverts the changes (recorded in $(made_by_setup))."
  } >&2
elif [ "$answer" != yes ]; then
  say "nothing is missing, nothing to change"
fi
if [ "$answer" = no ]; then exit; fi
if [ -n "$list" ]; then confirm "$answer"; fi
steps
