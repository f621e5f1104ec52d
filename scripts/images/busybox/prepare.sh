#!/usr/bin/env bash
# prepare.sh DEBS: the root folder of a machine whose every program is busybox.
set -euo pipefail
dpkg-deb -x "$1"/busybox-static_*.deb deb
mkdir -p root/{bin,dev,etc,home,proc,root,sys,tmp,usr/bin,var/spool/mail,var/www}
chmod 1777 root/tmp
busybox=$(find deb -path '*bin/busybox')
cp "$busybox" root/bin/busybox
for applet in $("$busybox" --list); do
  [ "$applet" = busybox ] || ln -s busybox "root/bin/$applet"
done
ln -s ../../bin/env root/usr/bin/env
cat >root/etc/passwd <<'EOF'
root:x:0:0:root:/root:/bin/sh
daemon:x:1:1:daemon:/usr/sbin:/bin/false
www-data:x:33:33:www-data:/var/www:/bin/false
nobody:x:65534:65534:nobody:/home:/bin/false
EOF
cat >root/etc/group <<'EOF'
root:x:0:
daemon:x:1:
www-data:x:33:
nobody:x:65534:
EOF
rm -r deb
