#!/usr/bin/env bash
# The user who runs podman. For root, it creates an ordinary user. That user, or the current user, gets ranges of user
# and group IDs for rootless containers, and a runtime directory.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/setup/lib.sh
. "$here/lib.sh"

has_ids() { # has_ids FILE
  grep -qsE "^($user|$(id -u "$user")):" "$1"
}

# The first 65536 IDs above all assigned ranges.
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
  change "create the user $user to run podman, with user and group IDs for containers and a runtime directory" make_user
  # The other changes depend on this one and need the user.
  if lists; then exit; fi
fi

# give_ids user|group FILE
range=$(free_range)
give_ids() {
  as_root usermod "--add-sub${1:0:1}ids" "$range" "$user"
  record "sub${1:0:1}ids" "$user" "$range"
}
has_ids /etc/subuid || change "assign the user IDs $range to $user for containers (usermod)" give_ids user
has_ids /etc/subgid || change "assign the group IDs $range to $user for containers (usermod)" give_ids group

# Whether a process of that user is running.
is_there() {
  [ -n "$(find /proc -maxdepth 1 -name '[0-9]*' -user "$user" -exec grep -qs '^State:.[^Z]' {}/status ';' -print -quit)" ]
}

# The runtime directory: systemd creates it for a user with lingering, and removes it after the last logout or at
# shutdown. Without systemd it is created here. The runtime state of the test storage in it, such as running containers
# and the pause process, is removed if all those processes ended with the machine.
linger() {
  loginctl enable-linger "$user"
  record linger "$user"
}
make_login_directory() {
  [ -d /run/user ] || {
    install -d -m 755 /run/user
    record directory /run/user
  }
  install -d -m 700 -o "$user" -g "$(id -g "$user")" "$1"
  record folder "$1"
}
if is_root; then
  runtime=$(login_directory)
  if has_systemd; then
    [ -e "/var/lib/systemd/linger/$user" ] || change "enable lingering of $user (loginctl enable-linger)" linger
    if lists; then exit; fi
    for _ in {1..50}; do
      if [ -S "$runtime/bus" ]; then break; fi
      sleep 0.1
    done
  else
    [ -d "$runtime" ] || change "create the directory $runtime" make_login_directory "$runtime"
    if ! lists && ! is_there; then rm -rf --one-file-system "$(test_runtime)"; fi
  fi
fi
