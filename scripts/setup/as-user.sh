#!/usr/bin/env bash
# as-user.sh CMD...: runs CMD in the current directory as the ordinary user who runs podman, with podman in the test
# storage (storage.sh). For root, that is the user created by setup, with a clean environment; an ordinary user stays
# the same. CMD replaces this process: terminal, signals and exit code are those of CMD.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/setup/lib.sh
. "$here/lib.sh"

[ $# -gt 0 ] || die "usage: as-user.sh CMD..."
user=$(run_as)
id "$user" >/dev/null 2>&1 || die "no such user: $user. npm run setup creates it"
storage_environment
is_root || exec env "${storage[@]}" "$@"

uid=$(id -u "$user")
home=$(home_of "$user")
change=(setpriv --reuid "$uid" --regid "$(id -g "$user")" --init-groups)

"${change[@]}" test -r . -a -x . ||
  die "$user cannot read $PWD: change to a directory that $user can read (scripts/setup/checkout.sh creates one)"

path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
# Root's node may be in a directory that only root can read. The user then gets a copy of it and of npm.
if node=$(type -P node); then
  if "${change[@]}" test -x "$node"; then
    path=${node%/*}:$path
  else
    path=$home/node/bin:$path
    if ! cmp -s "$node" "$home/node/bin/node"; then
      say "$user cannot run $node: copying it to $home/node"
      record folder "$home/node"
      rm -rf "$home/node"
      mkdir "$home/node"
      (cd "${node%/bin/node}" && find bin/node bin/npm bin/npx lib/node_modules/npm -print0 2>/dev/null |
        tar --no-recursion --null -T - -cf -) | tar -C "$home/node" -xf -
      chown -R "$user:" "$home/node"
    fi
  fi
fi

clean_environment "$user" "$home" "$uid" "$path"
exec "${change[@]}" env -i "${environment[@]}" "${storage[@]}" "$@"
