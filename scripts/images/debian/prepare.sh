#!/usr/bin/env bash
# prepare.sh DEBS: unpacks the packages into root/, enough for dpkg to run there and install them properly.
set -euo pipefail
mkdir -p root/usr/{bin,sbin,lib,lib64} root/etc root/root root/tmp
for folder in bin sbin lib lib64; do ln -s "usr/$folder" "root/$folder"; done
# Left out, here and by every later dpkg in the image: what nobody reads in a container.
mkdir -p root/etc/dpkg/dpkg.cfg.d root/usr/share/man/man1 # Java's package fails without the folder
printf 'path-exclude %s\n' '/usr/share/doc/*' '/usr/share/man/*' '/usr/share/locale/*' '/usr/share/info/*' \
  >root/etc/dpkg/dpkg.cfg.d/slim
for deb in "$1"/*.deb; do
  dpkg-deb --fsys-tarfile "$deb" | tar -C root --keep-directory-symlink --no-same-owner --exclude='./usr/share/doc/*' --exclude='./usr/share/man/*' \
    --exclude='./usr/share/locale/*' --exclude='./usr/share/info/*' -xf -
done
# No service is to be started while its package is installed.
printf '#!/bin/sh\nexit 101\n' >root/usr/sbin/policy-rc.d
chmod 755 root/usr/sbin/policy-rc.d
chmod 1777 root/tmp
