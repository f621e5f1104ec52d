#!/usr/bin/env bash
# to-podman-root.sh 5|6: copies images that this podman (scripts/setup/podman-root.sh) lacks from the machine's podman,
# all at once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
version=$1
own=(../setup/as-user.sh podman)
other=(../setup/podman-root.sh "$version" run podman)

mapfile -t names < <(sed -n 's/^# image: //p' ./*/Containerfile | tr ' ' '\n' | sort)
# "ID NAME" of each image.
ids() { "$@" images --no-trunc --format '{{.ID}} {{.Repository}}:{{.Tag}}' | grep -wF "$(printf '%s\n' "${names[@]}")" | sort; }

mapfile -t lacking < <(comm -23 <(ids "${own[@]}") <(ids "${other[@]}") | cut -d ' ' -f 2)
[ ${#lacking[@]} -gt 0 ] || exit 0
echo "images: copying ${lacking[*]} to podman $version" >&2
"${own[@]}" save --quiet --multi-image-archive "${lacking[@]}" | "${other[@]}" load --quiet >/dev/null
