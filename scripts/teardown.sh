#!/usr/bin/env bash
# npm run teardown [-- OPTION]: takes back what setup has made on this machine, by its record, the latest first. Lists it, and asks.
# What was there before setup stays; packages that something else needs by now stay, too.
#
#   --yes       does not ask
#   --dry-run   lists, and changes nothing
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/setup/lib.sh
. scripts/setup/lib.sh
# shellcheck source=scripts/setup/undo.sh
. scripts/setup/undo.sh

answer=ask
case ${1:-} in
  '') ;;
  --yes) answer=yes ;;
  --dry-run) answer=no ;;
  *)
    sed -n '2,/^set /s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 2
    ;;
esac

made=$(made_by_setup)
if [ ! -s "$made" ]; then
  say "setup has made nothing here that it has a record of ($made)"
  exit
fi
# Packages go last: what is taken back before may need them.
mapfile -t lines < <(grep -v '^package ' "$made" | tac)
mapfile -t packages < <(sed -n 's/^package //p' "$made")

{
  echo "teardown is going to take back:"
  for line in "${lines[@]}"; do
    read -ra words <<<"$line"
    printf '  - %s\n' "$(words_of "${words[@]}")"
  done
  if [ ${#packages[@]} -gt 0 ]; then echo "  - remove packages: ${packages[*]}"; fi
} >&2
if [ $answer = no ]; then exit; fi
confirm $answer

# forget LINE...: takes lines out of the record.
forget() {
  local rest
  rest=$(grep -vxFf <(printf '%s\n' "$@") "$made" || true)
  if [ -n "$rest" ]; then printf '%s\n' "$rest" >"$made"; else rm -f "$made"; fi
}

failures=0
for line in "${lines[@]}"; do
  read -ra words <<<"$line"
  say "$(words_of "${words[@]}")"
  if (set -e; undo "${words[@]}"); then
    forget "$line"
  else
    say "could not do that: it stays in the record"
    failures=1
  fi
done
if [ ${#packages[@]} -gt 0 ]; then
  mapfile -t gone < <(remove_packages "${packages[@]}")
  if [ ${#gone[@]} -gt 0 ]; then forget "${gone[@]/#/package }"; fi
  if [ ${#gone[@]} != ${#packages[@]} ]; then
    say "some packages stay, since others need them: $(sed -n 's/^package //p' "$made" | tr '\n' ' ')"
  fi
fi
if [ ! -e "$made" ]; then rmdir --ignore-fail-on-non-empty "${made%/*}"; fi
exit $failures
