#!/usr/bin/env bash
# make-root.sh 5|6 FOLDER: a Debian with that podman and systemd, and in it the ordinary user under the same name and number as
# outside.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/setup/lib.sh
. "$here/../lib.sh"
# shellcheck source=scripts/setup/need.sh
. "$here/../need.sh"

version=$1
root=$2
packages=(systemd-sysv libpam-systemd dbus-user-session uidmap crun passt nftables catatonit jq ca-certificates iproute2 procps)
podman=(podman netavark aardvark-dns)
case $version in
  5)
    release='Debian 13' suites=(trixie) podman_from=trixie oldest=5.4
    options=()
    ;;
  6)
    # What is in experimental changes, and goes once it has reached testing.
    release='Debian experimental' suites=(forky experimental) podman_from=experimental oldest=6.1
    # The index of experimental may be older than it says of itself that it may be. It is signed all the same.
    options=(--aptopt='Acquire::Check-Valid-Until "false"')
    ;;
esac

need mmdebstrap mmdebstrap
need systemd-nspawn systemd-container
install_missing
if lists; then
  [ -e "$root/etc/podpose" ] || change "make a $release with podman $version in $root (1 GB)"
  exit
fi

# The mirror that this machine's own packages come from.
mirror() {
  # shellcheck disable=SC2016 # apt fills this in
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | sed -n 's,/*$,,; /\/debian$/p' | head -n 1
}
[ -n "$(mirror)" ] || apt-get -qq update
mirror=$(mirror)
[ -n "$mirror" ] || die "podman $version for the tests comes from $release, and this machine has no Debian mirror in its sources"

sources=()
for suite in "${suites[@]}"; do sources+=("deb $mirror $suite main"); done

say "making a $release with podman $version in $root"
rm -rf --one-file-system "$root" "$root.new"
mkdir -p "$(dirname "$root")"
mmdebstrap --quiet --variant=minbase "${options[@]}" --include="$(IFS=,; echo "${packages[*]}")" \
  --customize-hook="chroot \"\$1\" apt-get -qq -y --no-install-recommends -t $podman_from install ${podman[*]} >/dev/null" \
  "${suites[0]}" "$root.new" "${sources[@]}"

# dpkg's way to write it: 6.1.1+ds1-1
found=$(chroot "$root.new" dpkg-query --show --showformat '${Version}' podman)
say "$release has podman $found"
dpkg --compare-versions "$found" ge "$oldest" ||
  die "the tests need podman $oldest or newer, and $release has $found now: look into $0 for where else to take it from"
echo "$release with podman $found" >"$root.new/etc/podpose-release"

chroot "$root.new" useradd --uid "$(id -u "$podpose_user")" --create-home --shell /bin/bash "$podpose_user"
mkdir -p "$root.new/var/lib/systemd/linger"
touch "$root.new/var/lib/systemd/linger/$podpose_user"
install -m 755 "$here/crun-without-limits" "$root.new/usr/local/bin/crun-without-limits"
touch "$root.new/usr/local/bin/node"
# It shares this machine's network and kernel: nothing in it may set these up.
for unit in systemd-networkd.service systemd-resolved.service systemd-timesyncd.service systemd-sysctl.service \
  systemd-modules-load.service systemd-udevd.service netavark-dhcp-proxy.service console-getty.service; do
  ln -sf /dev/null "$root.new/etc/systemd/system/$unit"
done
mv "$root.new" "$root"
