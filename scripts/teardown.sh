#!/usr/bin/env bash
# npm run teardown [-- OPTION]: reverts what setup has changed on this machine, by its record, latest first. Lists the
# steps and asks. What existed before setup is kept, and so are packages that another package needs by now.
#
#   --yes      do not ask
#   --dry-run  list the steps only
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
  say "no changes by setup are recorded ($made)"
  exit
fi
# Packages go last, as earlier steps may need them.
mapfile -t lines < <(grep -v '^package ' "$made" | tac)
mapfile -t packages < <(sed -n 's/^package //p' "$made")

{
  echo "teardown will:"
  for line in "${lines[@]}"; do
    read -ra words <<<"$line"
    printf '  - %s\n' "$(words_of "${words[@]}")"
  done
  if [ ${#packages[@]} -gt 0 ]; then echo "  - remove packages: ${packages[*]}"; fi
} >&2
if [ $answer = no ]; then exit; fi
confirm $answer

# forget LINE...: removes lines from the record.
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
    say "this failed: it stays in the record"
    failures=1
  fi
done
if [ ${#packages[@]} -gt 0 ]; then
  mapfile -t gone < <(remove_packages "${packages[@]}")
  if [ ${#gone[@]} -gt 0 ]; then forget "${gone[@]/#/package }"; fi
  if [ ${#gone[@]} != ${#packages[@]} ]; then
    say "some packages are kept, as other packages need them: $(sed -n 's/^package //p' "$made" | tr '\n' ' ')"
  fi
fi
if [ ! -e "$made" ]; then rmdir --ignore-fail-on-non-empty "${made%/*}"; fi
exit $failures
