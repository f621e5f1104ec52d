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

# With cgroup v1, alone or beside v2, /sys/fs/cgroup is a tmpfs full of mounts.
has_cgroup2_only() { [ "$(stat -fc %T /sys/fs/cgroup 2>/dev/null)" = cgroup2fs ]; }
