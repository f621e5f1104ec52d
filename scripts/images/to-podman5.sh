#!/usr/bin/env bash
# Gives the second podman (scripts/setup/podman5.sh) the images of the recipes as the first has them: those that it lacks, all in
# one go.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
first=(../setup/as-user.sh podman)
second=(../setup/podman5.sh run podman)

mapfile -t names < <(sed -n 's/^# image: //p' ./*/Containerfile | tr ' ' '\n' | sort)
# "ID NAME" of each that a podman has.
ids() { "$@" images --no-trunc --format '{{.ID}} {{.Repository}}:{{.Tag}}' | grep -wF "$(printf '%s\n' "${names[@]}")" | sort; }

mapfile -t lacking < <(comm -23 <(ids "${first[@]}") <(ids "${second[@]}") | cut -d ' ' -f 2)
[ ${#lacking[@]} -gt 0 ] || exit 0
echo "images: copying ${lacking[*]} to podman 5" >&2
"${first[@]}" save --quiet --multi-image-archive "${lacking[@]}" | "${second[@]}" load --quiet >/dev/null
