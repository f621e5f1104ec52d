#!/usr/bin/env bash
# Devices, mounts and services that a machine with systemd and udev has, but that a bare one, such as a container, may
# lack: devices for rootless networks and storage, a directory for shared IPC, a syslog.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/setup/lib.sh
. "$here/lib.sh"

# open_device PATH MINOR: a "misc" device (major 10) that everybody may open.
open_device() {
  local mode
  [ -c "$1" ] || change "create the device $1, writable for everybody (mknod)" make_device "$@"
  mode=$(stat -c %a "$1" 2>/dev/null) || return 0 # listed, not made
  case $mode in
    *[67]) ;;
    *) change "make the device $1 writable for everybody (chmod 666)" change_mode "$1" 666 "$mode" ;;
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
  [ -d /dev/mqueue ] || change "create the directory /dev/mqueue" make_mqueue
  # aardvark-dns prints "failed to connect to syslog" to stderr, where tests expect podpose's output.
  if is_root && ! has_syslog; then change "start a syslog that discards all messages (busybox syslogd)" start_syslog; fi
fi
