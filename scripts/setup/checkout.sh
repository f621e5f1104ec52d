#!/usr/bin/env bash
# Prints a folder with this checkout that the user whom podman runs as can read: the checkout itself, or, where it lies in a
# folder of root's own, an up-to-date copy in that user's home.
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
# Folders that git and npm made in one go have the same rights all over: a look at a few is enough.
if "${as_user[@]}" test -r "$root/package.json" -a -x "$root/scripts/setup" -a -r "$root/scripts/setup/lib.sh"; then
  echo "$root"
  exit
fi

copy=$(home_of "$user")/checkout
if [ -e "$copy/.copied" ] && [ -z "$(find "$root" -path "$root/.git" -prune -o -newer "$copy/.copied" -print -quit)" ]; then
  echo "$copy"
  exit
fi
say "$user may not read $root: copying it to $copy"
record folder "$copy"
rm -rf "$copy"
mkdir "$copy"
touch "$copy/.copied" # before, so that what changes meanwhile counts as newer
tar -C "$root" --exclude=./.git --exclude=./.copied -cf - . | tar -C "$copy" --no-same-owner -xf -
chown -R "$user:" "$copy"
chmod -R u+rX "$copy"
echo "$copy"
