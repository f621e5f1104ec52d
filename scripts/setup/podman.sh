#!/usr/bin/env bash
# Sets up rootless podman on Debian 12 or later, Ubuntu, or Fedora: says what it does, does only what is missing, and so is quick
# and silent where all is there. An ordinary user is set up as they are; root gets an ordinary user to run podman as (as-user.sh).
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/setup/lib.sh
. "$here/lib.sh"

"$here/packages.sh"
"$here/user.sh"
"$here/machine.sh"
"$here/storage.sh"
if lists; then exit; fi
cd "$("$here/checkout.sh")"

# The proof. Also starts podman's pause process, which on a bare machine comes with a warning about mounts, once.
try_podman() { answer=$(scripts/setup/as-user.sh podman info --format 'storage: {{.Store.GraphRoot}} {{.Store.RunRoot}}' 2>&1); }
# Where all processes of a user were killed at once, podman looks for them and gives up. Without the run-time state of this storage
# it takes the machine for rebooted: nothing runs, and nothing is lost.
mend_podman() {
  [[ $answer = *'podman system migrate'* ]] || return 1
  say "podman looks for processes that are gone: removing the run-time state of the tests' storage"
  # shellcheck disable=SC2016
  scripts/setup/as-user.sh sh -c 'case $XDG_RUNTIME_DIR in
    */podpose-test) cd "$XDG_RUNTIME_DIR" && rm -rf libpod netns runc crun containers ;;
  esac'
}
try_podman || { mend_podman && try_podman; } || {
  printf '%s\n' "$answer" >&2
  die "podman is installed but does not work for $(run_as)"
}
[[ $answer = *"storage: $(test_home)/storage $(test_runtime)/containers"* ]] ||
  die "podman keeps to another storage than that of the tests, $(test_home): it says '$answer'"
