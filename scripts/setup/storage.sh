#!/usr/bin/env bash
# The podman storage of `npm run try` and of the tests: separate images, containers, volumes, secrets, networks, locks
# and runtime state. The user's own podman is neither read nor written.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/setup/lib.sh
. "$here/lib.sh"

home=$(test_home)
[ -e "$home/containers.conf" ] || change "create a podman storage for try and the tests in $home (up to 3 GB)"
if lists; then exit; fi

record storage "$home"
runtime=$(test_runtime)
as=()
if is_root; then as=(setpriv --reuid "$podpose_user" --regid "$(id -g "$podpose_user")" --init-groups); fi
is_root || [ -d "$(login_directory)" ] || mkdir -m 700 "$(login_directory)"
"${as[@]}" mkdir -p "$home" "$runtime"
"${as[@]}" chmod 700 "$runtime"
for folder in "$(login_directory)" "$runtime"; do
  [ "$(stat -c %U "$folder")" = "$(run_as)" ] || die "$folder belongs to another user"
done

# Rootless podman 4 and 5 use rootless_storage_path, but `podman commit` uses graphroot; podman 6 warns about having
# both.
rootless="rootless_storage_path = \"$home/storage\""
case $(podman --version) in *' '[45].*) ;; *) rootless= ;; esac
# By default, podman 4 uses the slow driver vfs.
"${as[@]}" tee "$home/storage.conf" >/dev/null <<CONF
# Written by podpose's scripts/setup/storage.sh.
[storage]
driver = "overlay"
graphroot = "$home/storage"
$rootless
runroot = "$runtime/containers"
CONF
# Locks in shared memory would be shared with the user's own podman. The user created for root has no other podman.
locks='lock_type = "file"'
if is_root; then locks=; fi
"${as[@]}" tee "$home/containers.conf" >/dev/null <<CONF
# Written by podpose's scripts/setup/storage.sh.
[engine]
$locks
$(has_cgroup2_only || echo '# crun 1.8 refuses cgroup v1 and v2 side by side.
runtime = "runc"')
CONF
