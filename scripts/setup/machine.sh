#!/usr/bin/env bash
# What a machine with systemd and udev has by itself, and a bare one, say a container that plays a machine, may lack: the
# devices of rootless networks and storage, a folder that shared IPC wants, somebody who takes log messages.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/setup/lib.sh
. "$here/lib.sh"

# open_device PATH MINOR: a "misc" device (major 10) that everybody may open.
open_device() {
  local mode
  [ -c "$1" ] || change "make the device $1, open to everybody (mknod)" make_device "$@"
  mode=$(stat -c %a "$1" 2>/dev/null) || return 0 # listed, not made
  case $mode in
    *[67]) ;;
    *) change "open the device $1 to everybody (chmod 666)" change_mode "$1" 666 "$mode" ;;
  esac
}

make_device() {
  local folder=${1%/*}
  [ -d "$folder" ] || {
    as_root mkdir "$folder"
    record directory "$folder"
  }
  as_root mknod -m 666 "$1" c 10 "$2"
  record device "$1"
}

change_mode() { # change_mode PATH MODE BEFORE
  as_root chmod "$2" "$1"
  record mode "$1" "$3"
}

make_mqueue() {
  as_root mkdir /dev/mqueue
  record directory /dev/mqueue
}

start_syslog() {
  setsid busybox syslogd -n -O /dev/null </dev/null >/dev/null 2>&1 &
  record syslog "$!"
}

if ! has_systemd; then
  open_device /dev/net/tun 200
  open_device /dev/fuse 229
  # podman mounts the machine's into containers with hostIPC.
  [ -d /dev/mqueue ] || change "make the folder /dev/mqueue" make_mqueue
  # aardvark-dns says "failed to connect to syslog" on stderr, where tests look for podpose's words.
  if is_root && ! has_syslog; then change "start a syslog that keeps nothing (busybox syslogd)" start_syslog; fi
fi
