#!/usr/bin/env bash
# Installs the packages that rootless podman needs and this machine lacks.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/setup/lib.sh
. "$here/lib.sh"
# shellcheck source=scripts/setup/need.sh
. "$here/need.sh"

oldest=4.3

# The installed podman, or the one of the package manager; empty if that has no package lists yet.
podman_version() {
  if command -v podman >/dev/null; then
    podman --version
  elif [ "$manager" = apt ]; then
    apt-cache policy podman | sed -n 's/^ *Candidate: //p'
  else
    echo 5 # and newer, of each Fedora that is supported
  fi | grep -oE '[0-9]+(\.[0-9]+)*' | head -n 1
}

# podman 4 uses slirp4netns and iptables, podman 5 and later pasta and nftables. Without its firewall program, netavark
# fails with just "No such file or directory".
need_network_of() { # need_network_of VERSION
  case $1 in
    4.*)
      need slirp4netns slirp4netns
      need iptables iptables
      need nft nftables # for the Services of podpose
      ;;
    ?*)
      need pasta passt
      need nft nftables
      ;;
    *) missing+=("(slirp4netns iptables nftables, or passt nftables)") ;;
  esac
}

need podman podman
if [ "$manager" = dnf ]; then
  need newuidmap shadow-utils
else
  need newuidmap uidmap
  need netavark netavark
  need aardvark-dns aardvark-dns
  need catatonit catatonit # PID 1 of the infra container
  # podman uses it to reach the systemd user session, for cgroups and health checks.
  if has_systemd && ! [ -e /usr/lib/systemd/user/dbus.socket ]; then missing+=(dbus-user-session); fi
fi
# crun 1.8 of Debian 12 does not support cgroup v1 and v2 side by side; runc supports all three.
has_cgroup2_only || need runc runc
# Without a syslog, aardvark-dns prints errors to stderr. See machine.sh.
if is_root && ! has_syslog; then need busybox busybox-static; fi
if lists; then
  need_network_of "$(podman_version || true)"
  install_missing
  exit
fi
install_missing

version=$(podman_version)
if [ "$(printf '%s\n' $oldest "$version" | sort -V | head -n 1)" != $oldest ]; then
  die "podman $version is too old: podpose needs podman $oldest or later ($(type -P podman))"
fi
need_network_of "$version"
install_missing
