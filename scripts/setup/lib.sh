# shellcheck shell=bash
# Functions that every script of this folder uses. Sourced, never run.

# The ordinary user that root runs podman as.
podpose_user=${PODPOSE_USER:-podpose}

say() { printf 'setup: %s\n' "$*" >&2; }

die() {
  say "$*"
  exit 1
}

is_root() { [ "$(id -u)" = 0 ]; }

# Whom podman runs as: root hands over to the ordinary user, everybody else stays who they are.
run_as() { if is_root; then echo "$podpose_user"; else id -un; fi; }

# as_root CMD...: for the few steps that need root. Asks sudo, and without sudo says what somebody with root has to run.
as_root() {
  if is_root; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo -- "$@"
  else
    die "this needs root and there is no sudo here. Please run as root: $*"
  fi
}

has_systemd() { [ -d /run/systemd/system ]; }

# A socket stays when the program that made it has gone.
has_syslog() { [ -S /dev/log ] && grep -q " $(readlink -f /dev/log)$" /proc/net/unix; }

# With cgroup v1, alone or beside v2, /sys/fs/cgroup is a tmpfs full of mounts.
has_cgroup2_only() { [ "$(stat -fc %T /sys/fs/cgroup 2>/dev/null)" = cgroup2fs ]; }

# --- What setup changes, and what teardown takes back

# setup.sh asks each script twice: first what it would change (SETUP_LISTS=1), then to change it.
lists() { [ -n "${SETUP_LISTS:-}" ]; }

# change TEXT [CMD...]: a change of this machine. It is told before it is made, and only told where changes are listed.
change() {
  if lists; then
    printf '  - %s\n' "$1"
  else
    say "$1"
    "${@:2}"
  fi
}

# The record of what setup has made: one change a line, KIND VALUE..., oldest first.
made_by_setup() {
  if is_root; then echo "/var/lib/podpose/made-for-$podpose_user"; else echo "${XDG_STATE_HOME:-$HOME/.local/state}/podpose/made"; fi
}

# record KIND VALUE...
record() {
  local made
  made=$(made_by_setup)
  mkdir -p "${made%/*}"
  grep -qsxF "$*" "$made" || printf '%s\n' "$*" >>"$made"
}

# confirm yes|ask: goes on only where the user agrees.
confirm() {
  local reply=''
  [ "$1" != yes ] || return 0
  [ -t 0 ] || die "there is no terminal to ask at: --yes goes on without asking, --dry-run only lists"
  read -r -p "Go on? [y/N] " reply || true
  case $reply in [yY] | [yY][eE][sS]) ;; *) die "nothing was changed" ;; esac
}

# --- The storage of the tests: a podman storage beside the user's own, with its own run-time state

# home_of USER: also of one that is yet to be made.
home_of() { getent passwd "$1" | cut -d: -f6 | grep . || echo "/home/$1"; }

# Below it are the settings, images, volumes and downloads.
test_home() {
  if is_root; then echo "$(home_of "$podpose_user")/.local/share/podpose-test"; else echo "${XDG_DATA_HOME:-$HOME/.local/share}/podpose-test"; fi
}

# The folder that podman has for a login's lifetime, and within it the tests' own.
login_folder() {
  local folder=${XDG_RUNTIME_DIR:-}
  if is_root; then
    echo "/run/user/$(id -u "$podpose_user")"
  elif [ -n "$folder" ]; then
    echo "${folder%/podpose-test}"
  else
    echo "/tmp/podpose-run-$(id -u)"
  fi
}
test_runtime() { echo "$(login_folder)/podpose-test"; }

# Fills the array `storage` with the variables that lead podman to that storage. podman 4 and 5 have no variable for the
# run-time state of a rootless storage other than the folder of the login.
storage_environment() {
  local home login
  home=$(test_home)
  login=$(login_folder)
  storage=(XDG_RUNTIME_DIR="$login/podpose-test" CONTAINERS_STORAGE_CONF="$home/storage.conf" CONTAINERS_CONF="$home/containers.conf")
  # systemd, and the logins at registries, are where they were.
  if has_systemd; then storage+=(DBUS_SESSION_BUS_ADDRESS="${DBUS_SESSION_BUS_ADDRESS:-unix:path=$login/bus}"); fi
  if ! is_root && [ -e "$login/containers/auth.json" ]; then
    storage+=(REGISTRY_AUTH_FILE="${REGISTRY_AUTH_FILE:-$login/containers/auth.json}")
  fi
}

# clean_environment USER HOME UID PATH: fills the array `environment` with what a program of that user finds around it, what the
# caller of podpose's scripts wants to say to it, and the way to the network.
clean_environment() {
  environment=(HOME="$2" USER="$1" LOGNAME="$1" SHELL=/bin/bash XDG_RUNTIME_DIR="/run/user/$3" PATH="$4" LANG=C.UTF-8)
  local name
  for name in TERM CI NO_COLOR FORCE_COLOR "${!PODPOSE_@}" {http,https,no}_proxy {HTTP,HTTPS,NO}_PROXY; do
    if [ -n "${!name+set}" ]; then environment+=("$name=${!name}"); fi
  done
}
