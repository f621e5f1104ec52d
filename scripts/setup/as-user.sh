#!/usr/bin/env bash
# as-user.sh CMD...: runs CMD in the current folder as the ordinary user that podman runs as, with podman in the storage of the
# tests (storage.sh). For root that is the user whom setup has made, with a clean environment; whoever is an ordinary user stays it.
# Becomes CMD: terminal, signals and exit code are CMD's own.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/setup/lib.sh
. "$here/lib.sh"

[ $# -gt 0 ] || die "usage: as-user.sh CMD..."
user=$(run_as)
id "$user" >/dev/null 2>&1 || die "there is no user $user yet: npm run setup makes it"
storage_environment
is_root || exec env "${storage[@]}" "$@"

uid=$(id -u "$user")
home=$(home_of "$user")
change=(setpriv --reuid "$uid" --regid "$(id -g "$user")" --init-groups)

"${change[@]}" test -r . -a -x . ||
  die "$user may not read $PWD: go to a folder that $user can read first (scripts/setup/checkout.sh makes one)"

path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
# Root's node may be in a folder of root's own; then the user gets a copy of it and of its npm.
if node=$(type -P node); then
  if "${change[@]}" test -x "$node"; then
    path=${node%/*}:$path
  else
    path=$home/node/bin:$path
    if ! cmp -s "$node" "$home/node/bin/node"; then
      say "$user may not run $node: copying it to $home/node"
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
