#!/usr/bin/env bash
# Installs the packages that rootless podman needs and this machine lacks. Looks for programs, not for packages, so that a
# podman from elsewhere counts too.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/setup/lib.sh
. "$here/lib.sh"

oldest=4.3
# podman keeps its helpers out of PATH; iptables is in sbin, which ordinary users seldom have in theirs.
places=$PATH:/usr/sbin:/sbin:/usr/lib/podman:/usr/libexec/podman:/usr/local/lib/podman:/usr/local/libexec/podman

missing=()
# need PROGRAM PACKAGE: notes the package when the program is nowhere.
need() { PATH=$places type -P "$1" >/dev/null || missing+=("$2"); }

install_missing() {
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing ${missing[*]}"
  "install_with_$manager" "${missing[@]}" >"$log" 2>&1 || {
    tail -n 20 "$log" >&2
    die "could not install ${missing[*]}. Install them by hand, then run this again"
  }
  missing=()
}

install_with_apt() {
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300)
  as_root "${apt[@]}" update
  as_root "${apt[@]}" install --no-install-recommends "$@"
}

# podman's weak dependencies on Fedora are all that a rootless podman needs.
install_with_dnf() { as_root dnf install -q -y --setopt=install_weak_deps=True "$@"; }

install_with_nothing() {
  echo "This machine has neither apt-get nor dnf."
  return 1
}

podman_version() { podman --version | grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1; }

if command -v apt-get >/dev/null; then manager=apt; elif command -v dnf >/dev/null; then manager=dnf; else manager=nothing; fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT

need podman podman
if [ $manager = dnf ]; then
  need newuidmap shadow-utils
else
  need newuidmap uidmap
  need netavark netavark
  need aardvark-dns aardvark-dns
  need catatonit catatonit # PID 1 of the infra container
  need iptables iptables   # netavark of Debian 12 fails without: "No such file or directory"
  if has_systemd; then need dbus-update-activation-environment dbus-user-session; fi
fi
# crun 1.8 of Debian 12 refuses cgroup v1 and v2 side by side; runc takes all three.
has_cgroup2_only || need runc runc
# Where nobody listens for log messages, aardvark-dns complains on stderr. See machine.sh.
if is_root && ! [ -S /dev/log ]; then need busybox busybox-static; fi
install_missing

version=$(podman_version)
if [ "$(printf '%s\n' $oldest "$version" | sort -V | head -n 1)" != $oldest ]; then
  die "podman $version is too old: podpose needs podman $oldest or later ($(type -P podman))"
fi
# A rootless network is slirp4netns's work in podman 4 and pasta's since 5.
case $version in
  4.*) need slirp4netns slirp4netns ;;
  *) need pasta passt ;;
esac
install_missing
