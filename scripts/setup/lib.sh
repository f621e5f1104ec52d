# shellcheck shell=bash
# Small words that every script of this folder uses. Sourced, never run.

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

# clean_environment USER HOME UID PATH: fills the array `environment` with what a program of that user finds around it, what the
# caller of podpose's scripts wants to say to it, and the way to the network.
clean_environment() {
  environment=(HOME="$2" USER="$1" LOGNAME="$1" SHELL=/bin/bash XDG_RUNTIME_DIR="/run/user/$3" PATH="$4" LANG=C.UTF-8)
  local name
  for name in TERM CI NO_COLOR FORCE_COLOR "${!PODPOSE_@}" {http,https,no}_proxy {HTTP,HTTPS,NO}_PROXY; do
    if [ -n "${!name+set}" ]; then environment+=("$name=${!name}"); fi
  done
}
