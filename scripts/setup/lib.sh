# shellcheck shell=bash
# Functions for the scripts in this directory. Sourced, never run.

# The ordinary user as whom root runs podman.
podpose_user=${PODPOSE_USER:-podpose}

say() { printf 'setup: %s\n' "$*" >&2; }

die() {
  say "$*"
  exit 1
}

is_root() { [ "$(id -u)" = 0 ]; }

# The user who runs podman: for root the ordinary user, for everybody else the current user.
run_as() { if is_root; then echo "$podpose_user"; else id -un; fi; }

# as_root CMD...: for the few steps that need root. Uses sudo; without sudo, prints the command for somebody with root.
as_root() {
  if is_root; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo -- "$@"
  else
    die "this needs root, and sudo is not installed. Run as root: $*"
  fi
}

has_systemd() { [ -d /run/systemd/system ]; }

# A socket remains when its program has ended.
has_syslog() { [ -S /dev/log ] && grep -q " $(readlink -f /dev/log)$" /proc/net/unix; }

# With cgroup v1, alone or beside v2, /sys/fs/cgroup is a tmpfs with mounts.
has_cgroup2_only() { [ "$(stat -fc %T /sys/fs/cgroup 2>/dev/null)" = cgroup2fs ]; }

# --- What setup changes, and teardown reverts

# setup.sh runs each script twice: first to list the changes (SETUP_LISTS=1), then to make them.
lists() { [ -n "${SETUP_LISTS:-}" ]; }

# change TEXT [CMD...]: a change of this machine. Prints TEXT and makes the change, or lists TEXT only.
change() {
  if lists; then
    printf '  - %s\n' "$1"
  else
    say "$1"
    "${@:2}"
  fi
}

# The record of what setup has created: one change per line, KIND VALUE..., oldest first.
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

# confirm yes|ask: continues only if the user agrees.
confirm() {
  local reply=''
  [ "$1" != yes ] || return 0
  [ -t 0 ] || die "no terminal to ask on: use --yes to confirm, or --dry-run to list only"
  read -r -p "Go on? [y/N] " reply || true
  case $reply in [yY] | [yY][eE][sS]) ;; *) die "cancelled, nothing was changed" ;; esac
}

# --- The test storage: a podman storage beside the user's own, with its own runtime state

# home_of USER: also for a user who is not created yet.
home_of() { getent passwd "$1" | cut -d: -f6 | grep . || echo "/home/$1"; }

# Settings, images, volumes and downloads are below it.
test_home() {
  if is_root; then echo "$(home_of "$podpose_user")/.local/share/podpose-test"; else echo "${XDG_DATA_HOME:-$HOME/.local/share}/podpose-test"; fi
}

# The runtime directory of the user, and the directory of the tests in it.
login_directory() {
  local folder=${XDG_RUNTIME_DIR:-}
  if is_root; then
    echo "/run/user/$(id -u "$podpose_user")"
  elif [ -n "$folder" ]; then
    echo "${folder%/podpose-test}"
  else
    echo "/tmp/podpose-run-$(id -u)"
  fi
}
test_runtime() { echo "$(login_directory)/podpose-test"; }

# Sets the array `storage` to the variables that select the test storage. For the runtime state, rootless podman 4 and 5
# have no variable but the runtime directory itself.
storage_environment() {
  local home login
  home=$(test_home)
  login=$(login_directory)
  storage=(XDG_RUNTIME_DIR="$login/podpose-test" CONTAINERS_STORAGE_CONF="$home/storage.conf" CONTAINERS_CONF="$home/containers.conf")
  # systemd, and registry logins, stay where they were.
  if has_systemd; then storage+=(DBUS_SESSION_BUS_ADDRESS="${DBUS_SESSION_BUS_ADDRESS:-unix:path=$login/bus}"); fi
  if ! is_root && [ -e "$login/containers/auth.json" ]; then
    storage+=(REGISTRY_AUTH_FILE="${REGISTRY_AUTH_FILE:-$login/containers/auth.json}")
  fi
}

# clean_environment USER HOME UID PATH: sets the array `environment` to the environment of a program of that user, with
# the caller's settings for podpose's scripts and for the network.
clean_environment() {
  environment=(HOME="$2" USER="$1" LOGNAME="$1" SHELL=/bin/bash XDG_RUNTIME_DIR="/run/user/$3" PATH="$4" LANG=C.UTF-8)
  local name
  for name in TERM CI NO_COLOR FORCE_COLOR "${!PODPOSE_@}" {http,https,no}_proxy {HTTP,HTTPS,NO}_PROXY; do
    if [ -n "${!name+set}" ]; then environment+=("$name=${!name}"); fi
  done
}
