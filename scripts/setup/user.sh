#!/usr/bin/env bash
# The user whom podman runs as. Root gets an ordinary user made for that; that user, or whoever runs this, gets the ranges of
# user and group ids that rootless containers are made of, and the folder for what lives as long as a login.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/setup/lib.sh
. "$here/lib.sh"

has_ids() { # has_ids FILE
  grep -qsE "^($user|$(id -u "$user")):" "$1"
}

# The first 65536 ids above all ranges that are given away already.
free_range() {
  local start
  start=$(sort -u /etc/subuid /etc/subgid 2>/dev/null |
    awk -F: 'BEGIN { top = 100000 } $2 + $3 > top { top = $2 + $3 } END { print top }')
  echo "$start-$((start + 65535))"
}

user=$(run_as)
if is_root && ! id "$user" >/dev/null 2>&1; then
  say "making the user $user to run podman as"
  useradd --create-home --shell /bin/bash "$user"
fi

range=$(free_range)
if ! has_ids /etc/subuid; then
  say "giving $user the user ids $range for containers"
  as_root usermod --add-subuids "$range" "$user"
fi
if ! has_ids /etc/subgid; then
  say "giving $user the group ids $range for containers"
  as_root usermod --add-subgids "$range" "$user"
fi

# Whether a process of that user lives.
is_there() {
  [ -n "$(find /proc -maxdepth 1 -name '[0-9]*' -user "$user" -exec grep -qs '^State:.[^Z]' {}/status ';' -print -quit)" ]
}

# The folder of a login: systemd makes it for a user who may linger, and takes it away with the last login or the machine. Without
# systemd both are done by hand: podman believes what it finds there, containers that run and the process that holds their
# namespaces, also where all of them have died with the machine.
if is_root; then
  runtime=/run/user/$(id -u "$user")
  if has_systemd; then
    [ -e "/var/lib/systemd/linger/$user" ] || loginctl enable-linger "$user"
    for _ in {1..50}; do
      if [ -S "$runtime/bus" ]; then break; fi
      sleep 0.1
    done
  elif ! [ -d "$runtime" ] || ! is_there; then
    rm -rf --one-file-system "$runtime"
    install -d -m 755 /run/user
    install -d -m 700 -o "$user" -g "$(id -g "$user")" "$runtime"
  fi
fi
