#!/usr/bin/env bash
# fetch-debs.sh FOLDER IMAGE LIST: downloads into FOLDER the packages that LIST names (one a line) and all that these need and
# IMAGE does not have (`scratch` has nothing), from where this machine's apt gets its packages. Needs no root and installs nothing.
set -euo pipefail
folder=$1 image=$2 list=$3

if [ -e "$folder/complete" ]; then exit; fi
command -v apt-get >/dev/null || {
  echo "images: this needs Debian's or Ubuntu's apt-get, or else a registry to pull the images from" >&2
  exit 1
}
rm -rf "$folder"
mkdir -p "$folder/partial"

# An apt of one's own: lists of packages kept for an hour, and the image's idea of what is installed.
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
