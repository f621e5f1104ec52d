#!/usr/bin/env bash
# A newer podman beside the machine's own, for the tests: podman 5 of Debian 13, or podman 6 of Debian experimental.
# Each has its own root directory, which systemd-nspawn boots with its own systemd. It shares this machine's network, so
# that published ports answer on 127.0.0.1, its node, and this checkout at the same path. Needs root on Debian.
#
#   podman-root.sh 5|6 start       create and boot it, unless it is running
#   podman-root.sh 5|6 run CMD...  run CMD in it, as the ordinary user in the current directory
#   podman-root.sh 5|6 stop        shut it down; the root directory is kept
#   podman-root.sh 5|6 remove      shut it down and remove the root directory
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/setup/lib.sh
. "$here/lib.sh"

usage() { die "usage: podman-root.sh 5|6 start | run CMD... | stop | remove"; }

version=${1:-}
case $version in 5 | 6) ;; *) usage ;; esac
what="podman $version beside this machine's own podman"
root=/var/cache/$podpose_user/podman-$version
state=/run/$podpose_user/podman-$version

# The running systemd-nspawn. Its PID may have been reused by another program.
nspawn() {
  [ -s "$state/nspawn" ] && [ "$(cat "/proc/$(<"$state/nspawn")/comm" 2>/dev/null)" = systemd-nspawn ] && cat "$state/nspawn"
}
# Its systemd, the only child process of systemd-nspawn: the entry to its namespaces.
systemd_of() { tr -d ' ' 2>/dev/null <"/proc/$1/task/$1/children"; }

start() {
  local checkout uid shows
  is_root || die "$what needs root"
  command -v apt-get >/dev/null || die "$what needs Debian (apt-get not found)"
  if lists; then
    "$here/podman-root/make-root.sh" "$version" "$root"
    return
  fi
  checkout=$("$here/checkout.sh")
  uid=$(id -u "$podpose_user")
  # Also identifies the directory: it may have been replaced.
  shows="$checkout $(stat -c %i "$checkout") $(type -P node)"
  if nspawn >/dev/null; then
    if [ "$(<"$state/shows")" = "$shows" ]; then return; fi
    stop
  fi
  # Created by another version of the script, or for another user: recreate it.
  if [ "$(cat "$root/etc/podpose" 2>/dev/null)" != "$(recipe)" ]; then
    record podman-root "$version"
    "$here/podman-root/make-root.sh" "$version" "$root"
    recipe >"$root/etc/podpose"
  fi
  boot "$checkout" "$uid"
  echo "$shows" >"$state/shows"
}

recipe() { cat "$here/podman-root/"* <(id "$podpose_user") | sha256sum; }

boot() { # boot CHECKOUT UID
  local options cgroup i
  options=(--directory "$root" --boot --register=no --capability=all --console=pipe
    --bind /dev/fuse --bind /dev/net/tun --bind-ro "$(readlink -f "$(type -P node)"):/usr/local/bin/node" --bind-ro "$1")
  mkdir -p "$state" "$root/etc/containers"
  rm -f "$root/etc/containers/containers.conf"
  cgroup=$(findmnt -n -t cgroup2 -o TARGET | head -n 1)
  [ -n "$cgroup" ] || die "$what needs cgroup v2, which is not mounted"
  if ! has_systemd; then
    # Without a systemd that provides a cgroup, nspawn uses the cgroup in which it was started.
    options+=(--keep-unit)
    cgroup+=/podpose-$$
    mkdir "$cgroup"
    echo "$cgroup" >"$state/cgroup"
    grep -qw memory "$cgroup/cgroup.controllers" || cat >"$root/etc/containers/containers.conf" <<'CONF'
[engine]
runtime = "crun-without-limits"
[engine.runtimes]
crun-without-limits = ["/usr/local/bin/crun-without-limits"]
CONF
  fi
  say "booting $(<"$root/etc/podpose-release")"
  (
    if ! has_systemd; then echo "$BASHPID" >"$cgroup/cgroup.procs"; fi
    # Its containers need keyrings, which nspawn's filter blocks, and settings of their own networks.
    export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 SYSTEMD_SECCOMP=0 SYSTEMD_NSPAWN_API_VFS_WRITABLE=network
    exec setsid systemd-nspawn "${options[@]}"
  ) </dev/null >"$state/log" 2>&1 &
  echo $! >"$state/nspawn"
  for ((i = 0; i < 300; i++)); do
    if [ -S "/proc/$(systemd_of "$!" || echo none)/root/run/user/$2/bus" ]; then return; fi
    kill -0 $! 2>/dev/null || break
    sleep 0.1
  done
  cat "$state/log" >&2
  stop
  die "the Debian with podman $version did not boot"
}

stop() {
  local pid cgroup i
  if pid=$(nspawn); then
    kill "$pid" # nspawn tells the systemd in it to shut down
    for ((i = 0; i < 300; i++)); do
      if ! kill -0 "$pid" 2>/dev/null; then break; fi
      sleep 0.1
    done
    if kill -9 "$pid" 2>/dev/null; then say "the Debian with podman $version did not shut down within 30 s: killed it"; fi
  fi
  if [ -e "$state/cgroup" ]; then
    cgroup=$(<"$state/cgroup")
    find "$cgroup" -depth -type d -exec rmdir {} + || say "could not remove $cgroup"
  fi
  rm -f "$state"/*
}

remove() {
  is_root || die "$what needs root"
  stop
  rm -rf --one-file-system "$root" "$root.new"
  rmdir --ignore-fail-on-non-empty "${root%/*}" "$state" "${state%/*}" 2>/dev/null || true
}

run() {
  local pid uid environment
  pid=$(nspawn) || die "it is not running: podman-root.sh $version start"
  uid=$(id -u "$podpose_user")
  clean_environment "$podpose_user" "/home/$podpose_user" "$uid" /usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
  environment+=(DBUS_SESSION_BUS_ADDRESS="unix:path=/run/user/$uid/bus")
  exec nsenter --target "$(systemd_of "$pid")" --mount --uts --ipc --pid --cgroup --root -- \
    env --chdir "$PWD" setpriv --reuid "$uid" --regid "$uid" --init-groups env -i "${environment[@]}" "$@"
}

case ${2:-} in
  start | stop | remove | run) "${@:2}" ;;
  *) usage ;;
esac
