# shellcheck shell=bash
# Installs what is missing with the machine's package manager. Sourced after lib.sh. It checks for programs, not for
# packages, so that programs from other sources count, too.

# podman's helpers are outside of PATH; iptables is in sbin, which ordinary users rarely have in PATH.
places=$PATH:/usr/sbin:/sbin:/usr/lib/podman:/usr/libexec/podman:/usr/local/lib/podman:/usr/local/libexec/podman
missing=()

if command -v apt-get >/dev/null; then manager=apt; elif command -v dnf >/dev/null; then manager=dnf; else manager=nothing; fi

# need PROGRAM PACKAGE: adds the package to the list if the program is missing.
need() { PATH=$places type -P "$1" >/dev/null || missing+=("$2"); }

# Installs the listed packages, and records all packages that were installed with them.
install_missing() {
  [ ${#missing[@]} -gt 0 ] || return 0
  change "install packages and their dependencies with $manager: ${missing[*]}" install_packages "${missing[@]}"
  missing=()
}

install_packages() {
  is_root || command -v sudo >/dev/null || die "missing packages (install them, or install sudo): $*"
  local log before name status=0
  log=$(mktemp)
  before=$(installed)
  "install_with_$manager" "$@" >"$log" 2>&1 || status=$?
  for name in $(comm -13 <(echo "$before") <(installed)); do record package "$name"; done
  [ "$status" = 0 ] || tail -n 20 "$log" >&2
  rm -f "$log"
  [ "$status" = 0 ] || die "could not install $*. Install them yourself, then run this again"
}

# The names of all installed packages.
installed() {
  case $manager in
    apt) dpkg-query --show --showformat '${db:Status-Status} ${binary:Package}\n' | sed -n 's/^installed //p' ;;
    dnf) rpm -qa --queryformat '%{NAME}.%{ARCH}\n' ;;
  esac | sort
}

install_with_apt() {
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300)
  as_root "${apt[@]}" update
  as_root "${apt[@]}" install --no-install-recommends "$@"
}

# podman's weak dependencies on Fedora are what rootless podman needs.
install_with_dnf() { as_root dnf install -q -y --setopt=install_weak_deps=True "$@"; }

install_with_nothing() {
  echo "This machine has neither apt-get nor dnf."
  return 1
}
