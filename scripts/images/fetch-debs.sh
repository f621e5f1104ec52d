#!/usr/bin/env bash
# fetch-debs.sh DIRECTORY IMAGE LIST: downloads the packages in LIST (one per line) and their dependencies that IMAGE
# lacks (`scratch` has none) into DIRECTORY, from the sources of this machine's apt. Needs no root and installs nothing.
set -euo pipefail
folder=$1 image=$2 list=$3

if [ -e "$folder/complete" ]; then exit; fi
command -v apt-get >/dev/null || {
  echo "images: building needs apt-get of Debian or Ubuntu; pulling needs a registry" >&2
  exit 1
}
rm -rf "$folder"
mkdir -p "$folder/partial"

# A separate apt: package lists that are cached for an hour, and the installed packages of the image.
lists=$(dirname "$folder")/lists
status=$folder/status
mkdir -p "$lists/partial"
if [ "$image" = scratch ]; then : >"$status"; else podman run --rm "$image" cat /var/lib/dpkg/status >"$status"; fi
apt() {
  apt-get -qq -o "Dir::State::lists=$lists" -o "Dir::State::status=$status" -o "Dir::Cache=$lists" -o "Dir::Cache::archives=$folder" \
    -o APT::Sandbox::User= -o APT::Install-Recommends=false -o Debug::NoLocking=true "$@"
}
if [ -z "$(find "$lists" -maxdepth 1 -name fresh -mmin -60)" ]; then
  apt update
  touch "$lists/fresh"
fi
mapfile -t packages < <(grep -v '^#' "$list")
apt install --yes --download-only "${packages[@]}" >/dev/null
rm -rf "$folder/partial" "$status"
touch "$folder/complete"
