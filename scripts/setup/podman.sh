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
cd "$("$here/checkout.sh")"
scripts/setup/as-user.sh scripts/setup/config.sh

# The proof. Also starts podman's pause process, which on a bare machine comes with a warning about mounts, once.
try_podman() { answer=$(scripts/setup/as-user.sh podman info 2>&1); }
# Where all processes of a user were killed at once, podman looks for them and gives up. Without what it and its runtime know of
# them it takes the machine for rebooted: nothing runs, and nothing is lost. The user's logins at registries stay.
mend_podman() {
  [[ $answer = *'podman system migrate'* ]] || return 1
  say "podman looks for processes that are gone: having it forget them"
  # shellcheck disable=SC2016
  scripts/setup/as-user.sh sh -c '
    cd "${XDG_RUNTIME_DIR:-/tmp/podman-run-$(id -u)}" &&
      rm -rf libpod netns runc crun &&
      find containers -mindepth 1 -maxdepth 1 ! -name auth.json -exec rm -rf {} +'
}
try_podman || { mend_podman && try_podman; } || {
  printf '%s\n' "$answer" >&2
  die "podman is installed but does not work for $(run_as)"
}
