#!/usr/bin/env bash
# What a machine with systemd and udev has by itself, and a bare one, say a container that plays a machine, may lack: the
# devices of rootless networks and storage, a folder that shared IPC wants, somebody who takes log messages.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/setup/lib.sh
. "$here/lib.sh"

# open_device PATH MINOR: a "misc" device (major 10) that everybody may open.
open_device() {
  [ -c "$1" ] || {
    say "making $1"
    as_root mkdir -p "$(dirname "$1")"
    as_root mknod "$1" c 10 "$2"
  }
  case $(stat -c %a "$1") in
    *[67]) ;;
    *)
      say "opening $1 to everybody"
      as_root chmod 666 "$1"
      ;;
  esac
}

if ! has_systemd; then
  open_device /dev/net/tun 200
  open_device /dev/fuse 229
  # podman mounts the machine's into containers with hostIPC.
  [ -d /dev/mqueue ] || as_root mkdir /dev/mqueue
  # aardvark-dns says "failed to connect to syslog" on stderr, where tests look for podpose's words.
  if is_root && ! has_syslog; then
    say "starting a syslog that forgets what it is told"
    setsid busybox syslogd -n -O /dev/null </dev/null >/dev/null 2>&1 &
  fi
fi
