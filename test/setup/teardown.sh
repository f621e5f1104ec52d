#!/usr/bin/env bash
# What `npm run try` makes by setup, teardown takes back: for a user of its own, with a pod that runs and a package that is
# installed, this machine is the same before and after. Needs root; the user podpose, and what setup has made for it, stay.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export PODPOSE_USER=podpose-setup-test
# shellcheck source=scripts/setup/lib.sh
. scripts/setup/lib.sh
failures=0

# check WORDS CMD...
check() {
  if "${@:2}"; then echo "ok: $1"; else
    echo "not ok: $1"
    failures=1
  fi
}

# What setup may change, in a form to be compared.
machine() {
  dpkg-query --show --showformat '${binary:Package} ${db:Status-Status}\n' | grep -v ' not-installed$'
  cat /etc/passwd /etc/group /etc/subuid /etc/subgid
  find /home /run/user /dev/shm /var/lib/systemd/linger -maxdepth 1 -not -name 'libpod_rootless_lock_*' 2>/dev/null | sort || true
  stat -c '%n %a' /dev/fuse /dev/net/tun /dev/mqueue /var/lib/podpose/* 2>&1 || true
  find /proc -maxdepth 1 -name '[0-9]*' -user "$PODPOSE_USER" 2>/dev/null || true
}

# What is in the places of a podman storage that is not the tests' own.
users_podman() { find "$(home_of "$PODPOSE_USER")" -path '*/podpose-test' -prune -o -path '*/containers/storage/*' -print; }
before=$(mktemp) after=$(mktemp)
trap 'rm -f "$before" "$after"; scripts/teardown.sh --yes >/dev/null 2>&1 || true' EXIT

scripts/teardown.sh --yes >/dev/null 2>&1 || true # of a run that was killed
machine >"$before"

listed=$(scripts/setup.sh --dry-run 2>&1)
echo "$listed"
check 'the list names the user and the storage' grep -q "create the user $PODPOSE_USER" <<<"$listed"
check 'the list names the storage' grep -q 'podman storage for try and the tests in /home/podpose-setup-test/' <<<"$listed"
machine >"$after"
check 'a dry run changes nothing' diff "$before" "$after"
check 'without a terminal and --yes it does not go on' eval '! scripts/setup.sh </dev/null 2>/dev/null'
machine >"$after"
check 'which changes nothing either' diff "$before" "$after"

scripts/try.sh
check 'then nothing is missing' grep -q 'nothing to change' <(scripts/setup.sh --dry-run 2>&1)
# A package as packages.sh installs them; this one is small, and nobody has it.
(
  . scripts/setup/need.sh
  need hello hello
  install_missing
)
check 'a package is installed' type -P hello
check 'a container runs there' grep -q web <(cd / && "$OLDPWD/scripts/setup/as-user.sh" podman ps --format '{{.Names}}')
check 'for another storage no image is built' eval '! scripts/images/build.sh busybox 2>/dev/null'
check "the user's own storage is not used" [ -z "$(users_podman)" ]

check 'a dry run of teardown changes nothing' eval 'scripts/teardown.sh --dry-run && id "$PODPOSE_USER" >/dev/null'
check 'teardown ends well' scripts/teardown.sh --yes
machine >"$after"
check 'the machine is as it was' diff "$before" "$after"
check 'the port is free' eval '! (: </dev/tcp/127.0.0.1/8080) 2>/dev/null'
check 'and there is nothing more to revert' grep -q 'no changes by setup are recorded' <(scripts/teardown.sh 2>&1)
exit $failures
