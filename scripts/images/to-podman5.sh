#!/usr/bin/env bash
# Gives the second podman (scripts/setup/podman5.sh) the images that the first has by now: those that it lacks, all in one go.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
first=("$here/../setup/as-user.sh" podman)
second=("$here/../setup/podman5.sh" run podman)

list=(images --no-trunc --filter dangling=false --format '{{.ID}} {{.Repository}}:{{.Tag}}')
# Each podman has its own pause image.
mapfile -t lacking < <(comm -23 <("${first[@]}" "${list[@]}" | sort) <("${second[@]}" "${list[@]}" | sort) |
  sed 's/^[^ ]* //; /podman-pause/d')
[ ${#lacking[@]} -gt 0 ] || exit 0
echo "images: copying ${lacking[*]} to podman 5" >&2
"${first[@]}" save --quiet --multi-image-archive "${lacking[@]}" | "${second[@]}" load --quiet
