#!/usr/bin/env bash
# Sets up rootless podman on Debian 12 or later, Ubuntu, or Fedora. Prints its steps, does only what is missing, and is
# therefore quick and silent if nothing is. An ordinary user stays the same; for root, it creates an ordinary user who
# runs podman (as-user.sh).
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

# The final check. It also starts podman's pause process, which prints a warning about mounts once on a bare machine.
try_podman() { answer=$(scripts/setup/as-user.sh podman info --format 'storage: {{.Store.GraphRoot}} {{.Store.RunRoot}}' 2>&1); }
# If all processes of a user were killed at once, podman searches for them and fails. Without the runtime state of this
# storage, it assumes a reboot: no container is running, and nothing is lost.
mend_podman() {
  [[ $answer = *'podman system migrate'* ]] || return 1
  say "podman searches for processes that no longer exist: removing the runtime state of the test storage"
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
  die "podman does not use the test storage $(test_home): it reports '$answer'"
