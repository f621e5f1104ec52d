#!/usr/bin/env bash
# Prints a directory with this checkout that podman's user can read: the checkout itself, or an up-to-date copy in that
# user's home if only root can read it.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/setup/lib.sh
. "$here/lib.sh"

root=$(cd "$here/../.." && pwd -P)
if ! is_root; then
  echo "$root"
  exit
fi

user=$podpose_user
as_user=(setpriv --reuid "$user" --regid "$(id -g "$user")" --init-groups)
# Directories created by git and npm in one run have the same permissions: it is enough to check a few.
if "${as_user[@]}" test -r "$root/package.json" -a -x "$root/scripts/setup" -a -r "$root/scripts/setup/lib.sh"; then
  echo "$root"
  exit
fi

copy=$(home_of "$user")/checkout
if [ -e "$copy/.copied" ] && [ -z "$(find "$root" -path "$root/.git" -prune -o -newer "$copy/.copied" -print -quit)" ]; then
  echo "$copy"
  exit
fi
say "$user cannot read $root: copying it to $copy"
record folder "$copy"
rm -rf "$copy"
mkdir "$copy"
touch "$copy/.copied" # before, so that what changes meanwhile counts as newer
tar -C "$root" --exclude=./.git --exclude=./.copied -cf - . | tar -C "$copy" --no-same-owner -xf -
chown -R "$user:" "$copy"
chmod -R u+rX "$copy"
echo "$copy"
