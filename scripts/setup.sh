#!/usr/bin/env bash
# npm run setup [-- OPTION...]: makes this machine ready for `npm run try` and `npm test`: rootless podman, and a podman storage of
# their own. Lists what it is going to change, and asks. Where nothing is missing it says nothing. `npm run teardown` takes it back.
#
#   --yes       does not ask
#   --dry-run   lists, and changes nothing
#   --podman 5  also a podman 5 or 6 beside the machine's own, for the tests (scripts/setup/podman-root.sh)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/setup/lib.sh
. scripts/setup/lib.sh

answer=ask
roots=()
while [ $# -gt 0 ]; do
  case $1 in
    --yes) answer=yes ;;
    --dry-run) answer=no ;;
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
  for version in "${roots[@]}"; do scripts/setup/podman-root.sh "$version" start; done
}

list=$(SETUP_LISTS=1 steps)
if [ -n "$list" ]; then
  {
    echo "setup is going to change this machine:"
    printf '%s\n' "$list"
    echo "npm run teardown takes back what it has made ($(made_by_setup) keeps the record)."
  } >&2
elif [ "$answer" != yes ]; then
  say "nothing is missing, nothing to change"
fi
if [ "$answer" = no ]; then exit; fi
if [ -n "$list" ]; then confirm "$answer"; fi
steps
