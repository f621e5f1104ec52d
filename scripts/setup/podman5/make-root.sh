#!/usr/bin/env bash
# make-root.sh FOLDER: a Debian 13 with podman and systemd, and in it the ordinary user under the same name and number as outside.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/setup/lib.sh
. "$here/../lib.sh"
# shellcheck source=scripts/setup/need.sh
. "$here/../need.sh"

root=$1
packages=(systemd-sysv libpam-systemd dbus-user-session podman uidmap crun passt netavark aardvark-dns nftables catatonit jq
  ca-certificates iproute2 procps)

need mmdebstrap mmdebstrap
need systemd-nspawn systemd-container
install_missing

# The mirror that this machine's own packages come from.
mirror() {
  # shellcheck disable=SC2016 # apt fills this in
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | sed -n 's,/*$,,; /\/debian$/p' | head -n 1
}
[ -n "$(mirror)" ] || apt-get -qq update
mirror=$(mirror)
[ -n "$mirror" ] || die "podman 5 for the tests comes from Debian 13, and this machine has no Debian mirror in its sources"

say "making a Debian 13 with podman 5 in $root"
rm -rf --one-file-system "$root"
mkdir -p "$(dirname "$root")"
mmdebstrap --quiet --variant=minbase --include="$(IFS=,; echo "${packages[*]}")" trixie "$root.new" "deb $mirror trixie main"

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
