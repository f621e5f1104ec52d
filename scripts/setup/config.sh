#!/usr/bin/env bash
# podman's settings for the user who runs this: only what is needed on this machine, and never in a file that is there already.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/setup/lib.sh
. "$here/lib.sh"

folder=${XDG_CONFIG_HOME:-$HOME/.config}/containers

# write FILE TEXT
write() {
  say "writing $1"
  mkdir -p "$(dirname "$1")"
  printf '%s\n' "# Written by podpose's scripts/setup/config.sh." "$2" >"$1"
}

if ! has_cgroup2_only; then
  file=$folder/containers.conf
  if ! [ -e "$file" ]; then
    write "$file" $'# crun refuses cgroup v1 and v2 side by side.\n[engine]\nruntime = "runc"'
  elif ! grep -q '^ *runtime *=' "$file"; then
    say "this machine has cgroup v1: if containers do not start, add to [engine] in $file: runtime = \"runc\""
  fi
fi

# podman 4 takes the slow vfs for its storage where nothing is said. Changing the driver of a storage hides what is in it.
if ! [ -e "${XDG_DATA_HOME:-$HOME/.local/share}/containers/storage" ] && [[ $(podman --version) = *' 4.'* ]]; then
  found=
  for file in "$folder/storage.conf" /etc/containers/storage.conf /usr/share/containers/storage.conf; do
    if [ -e "$file" ]; then found=$file; fi
  done
  [ -n "$found" ] || write "$folder/storage.conf" $'[storage]\ndriver = "overlay"'
fi
