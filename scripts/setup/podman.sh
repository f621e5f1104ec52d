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
answer=$(scripts/setup/as-user.sh podman info 2>&1) || {
  printf '%s\n' "$answer" >&2
  die "podman is installed but does not work for $(run_as)"
}
