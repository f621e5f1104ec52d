# shellcheck shell=bash
# Reverts each kind of change that setup records, for teardown. Sourced after lib.sh.

# words_of KIND VALUE...: describes the reverting step.
words_of() {
  case $1 in
    user) echo "remove the user $2, the home directory, and all processes of $2" ;;
    subuids) echo "remove the user IDs $3 of $2" ;;
    subgids) echo "remove the group IDs $3 of $2" ;;
    linger) echo "disable lingering of $2" ;;
    folder) echo "remove the directory $2" ;;
    directory) echo "remove the directory $2 if it is empty" ;;
    device) echo "remove the device $2" ;;
    mode) echo "restore the mode $3 of $2" ;;
    syslog) echo "stop the discarding syslog (process $2)" ;;
    storage) echo "remove try's and the tests' pods, images and volumes in $2" ;;
    podman-root) echo "remove podman $2, which is beside the machine's own" ;;
    *) echo "$*" ;;
  esac
}

# undo KIND VALUE...
undo() {
  case $1 in
    user) remove_user "$2" ;;
    subuids | subgids) as_root usermod "--del-$1" "$3" "$2" ;;
    linger) loginctl disable-linger "$2" ;;
    folder) remove_folder "$2" ;;
    directory) [ ! -d "$2" ] || as_root rmdir --ignore-fail-on-non-empty "$2" ;;
    device) as_root rm -f "$2" ;;
    mode) as_root chmod "$3" "$2" ;;
    syslog) end_syslog "$2" ;;
    storage) remove_storage "$2" ;;
    podman-root) scripts/setup/podman-root.sh "$2" remove ;;
    *) return 1 ;;
  esac
}

# The PID may have been reused by another program.
end_syslog() {
  [ "$(cat "/proc/$1/comm" 2>/dev/null)" = busybox ] || return 0
  kill "$1"
  rm -f /dev/log
}

remove_folder() {
  case $1 in /*/*) rm -rf --one-file-system "$1" ;; *) return 1 ;; esac
}

# remove_storage HOME: stops everything in the storage, then removes it with its runtime state.
remove_storage() {
  local runtime
  id "$(run_as)" >/dev/null 2>&1 || return 0
  runtime=$(test_runtime)
  if [ "$1" != "$(test_home)" ]; then
    say "$1 is not the test storage $(test_home): has XDG_DATA_HOME changed?"
    return 1
  fi
  if [ -e "$1/containers.conf" ] && [ -d "$runtime" ] && command -v podman >/dev/null; then
    # shellcheck disable=SC2016
    (cd / && "$OLDPWD/scripts/setup/as-user.sh" sh -c '
      podman pod rm --all --force --time 0
      podman rm --all --force --time 0
      podman unshare sh -c "umount --lazy \"\$1/storage/overlay\"; rm -rf \"\$1\"" sh "$1"' sh "$1" >/dev/null 2>&1) || true
    end_namespace_of "$runtime/libpod/tmp/pause.pid"
  fi
  remove_folder "$runtime"
  remove_folder "$1"
}

# end_namespace_of FILE: ends all processes in the user namespace of podman's pause process, whose PID is in FILE, and
# the pause process last.
end_namespace_of() {
  local pause namespace process
  pause=$(cat "$1" 2>/dev/null) || return 0
  namespace=$(readlink "/proc/$pause/ns/user") || return 0
  # The PID may have been reused by another program.
  if [ "$namespace" = "$(readlink /proc/self/ns/user)" ]; then return 0; fi
  for process in /proc/[0-9]*; do
    if [ "${process#/proc/}" != "$pause" ] && [ "$(readlink "$process/ns/user" 2>/dev/null)" = "$namespace" ]; then
      kill -9 "${process#/proc/}" 2>/dev/null || true
    fi
  done
  kill -9 "$pause"
}

remove_user() {
  local uid
  uid=$(id -u "$1" 2>/dev/null) || return 0
  [ "$uid" -ge 1000 ] || return 1
  if has_systemd; then
    loginctl disable-linger "$1" || true
    loginctl terminate-user "$1" || true
  fi
  for _ in {1..50}; do
    find /proc -maxdepth 1 -name '[0-9]*' -user "$1" -printf '%f\n' | xargs -r kill -9 2>/dev/null || true
    if userdel --remove "$1" 2>/dev/null; then break; fi
    sleep 0.1
  done
  rm -rf --one-file-system "/run/user/$uid" "/dev/shm/libpod_rootless_lock_$uid"
  ! id "$1" >/dev/null 2>&1
}

# remove_packages NAME...: removes packages that no other package needs, and prints the names of all removed ones.
remove_packages() {
  local all=("$@") rest
  if command -v dpkg >/dev/null; then
    # dpkg keeps dependencies of remaining packages; the second round removes those that only the first one needed.
    for _ in 1 2 3; do
      mapfile -t rest < <(packages_there "${all[@]}")
      [ ${#rest[@]} -gt 0 ] || break
      as_root dpkg --purge "${rest[@]}" >/dev/null 2>&1 || true
    done
  else
    as_root rpm --erase "${all[@]}" >/dev/null 2>&1 || for name in "${all[@]}"; do as_root rpm --erase "$name" >/dev/null 2>&1 || true; done
  fi
  comm -23 <(printf '%s\n' "${all[@]}" | sort) <(packages_there "${all[@]}" | sort)
}

# packages_there NAME...: the installed ones.
packages_there() {
  local name
  for name; do
    if command -v dpkg >/dev/null; then
      [ "$(dpkg-query --show --showformat '${db:Status-Status}' "$name" 2>/dev/null)" != installed ] || echo "$name"
    elif rpm -q "$name" >/dev/null 2>&1; then
      echo "$name"
    fi
  done
}
