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
make_user() {
  useradd --create-home --shell /bin/bash "$user"
  record user "$user"
}
if is_root && ! id "$user" >/dev/null 2>&1; then
  change "make the user $user to run podman as, with user and group ids for containers and a folder of a login" make_user
  # The rest is part of it, and needs the user.
  if lists; then exit; fi
fi

# give_ids user|group FILE
range=$(free_range)
give_ids() {
  as_root usermod "--add-sub${1:0:1}ids" "$range" "$user"
  record "sub${1:0:1}ids" "$user" "$range"
}
has_ids /etc/subuid || change "give $user the user ids $range for containers (usermod)" give_ids user
has_ids /etc/subgid || change "give $user the group ids $range for containers (usermod)" give_ids group

# Whether a process of that user lives.
is_there() {
  [ -n "$(find /proc -maxdepth 1 -name '[0-9]*' -user "$user" -exec grep -qs '^State:.[^Z]' {}/status ';' -print -quit)" ]
}

# The folder of a login: systemd makes it for a user who may linger, and takes it away with the last login or the machine. Without
# systemd it is made by hand, and what podman believes to know there of the storage of the tests, containers that run and the
# process that holds their namespaces, is taken away where all of them have died with the machine.
linger() {
  loginctl enable-linger "$user"
  record linger "$user"
}
make_login_folder() {
  [ -d /run/user ] || {
    install -d -m 755 /run/user
    record directory /run/user
  }
  install -d -m 700 -o "$user" -g "$(id -g "$user")" "$1"
  record folder "$1"
}
if is_root; then
  runtime=$(login_folder)
  if has_systemd; then
    [ -e "/var/lib/systemd/linger/$user" ] || change "let systemd run services of $user without a login (loginctl enable-linger)" linger
    if lists; then exit; fi
    for _ in {1..50}; do
      if [ -S "$runtime/bus" ]; then break; fi
      sleep 0.1
    done
  else
    [ -d "$runtime" ] || change "make the folder $runtime" make_login_folder "$runtime"
    if ! lists && ! is_there; then rm -rf --one-file-system "$(test_runtime)"; fi
  fi
fi
