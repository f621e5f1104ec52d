#!/usr/bin/env bash
# build.sh [NAME...]: provides podman with the images of the directories NAME (default: all). Pulls them. If no registry
# answers, or with PODPOSE_LOCAL_IMAGES=1, it builds images with the same names and behaviour from Debian packages.
#
# A directory is a recipe: a Containerfile with a line "# image: NAME..." for each image (with ARG VERSION, the image
# gets that tag), `packages` with Debian packages, available in /mnt during the build, and prepare.sh, which completes
# the build context. Run it with scripts/setup/as-user.sh: built images have the names of public images and belong in
# the test storage only.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

case ${CONTAINERS_STORAGE_CONF:-} in
  */podpose-test/storage.conf) cache=${CONTAINERS_STORAGE_CONF%/*} ;;
  *)
    echo "images: images are built in the test storage only: run scripts/setup/as-user.sh scripts/images/build.sh" >&2
    exit 2
    ;;
esac
# The label with the version and source of an image: here a hash of the recipe, so that an image is rebuilt when its
# recipe changes.
label=org.opencontainers.image.revision
no_registry=${PODPOSE_LOCAL_IMAGES:-}

say() { printf 'images: %s\n' "$*" >&2; }

names_of() { sed -n 's/^# image: //p' "$1/Containerfile"; } # one line for each image: its name, other names

base_of() { sed -n 's/^FROM \([^ ]*\).*/\1/p' "$1/Containerfile" | head -n 1; }

# The recipe of a recipe's base image, if there is one.
base_recipe_of() { dirname "$(grep -l "^# image:.* $(base_of "$1")" ./*/Containerfile)" | sed 's,^\./,,; /^\.$/d'; }

hash_of() {
  local base
  base=$(base_recipe_of "$1")
  {
    find "$1" -type f | LC_ALL=C sort | xargs sha256sum
    if [ -n "$base" ]; then hash_of "$base"; fi
  } | sha256sum | cut -c 1-16
}

# is_there IMAGE HASH: whether the image was built from this recipe, or pulled: a pulled image is always right.
is_there() {
  local of
  of=$(podman image inspect --format "{{index .Labels \"$label\"}}" "$1" 2>/dev/null) || return 1
  case $of in
    "recipe-$2") return 0 ;;
    recipe-*) return 1 ;;
  esac
}

pull() {
  case $1 in localhost/*) return 1 ;; esac
  [ -z "$no_registry" ] || return 1
  say "pulling $1"
  timeout 300 podman pull -q "$1" >/dev/null 2>"$log" && return
  say "could not pull $1 ($(tail -n 1 "$log")): building images from Debian's packages instead"
  no_registry=1
  return 1
}

# build RECIPE HASH IMAGE OTHER-NAME...
build() {
  local recipe=$1 hash=$2 image=$3 name base options=()
  shift 2
  base=$(base_recipe_of "$recipe")
  if [ -n "$base" ]; then make "$base"; fi
  say "building $image"
  local old
  old=$(podman image inspect --format '{{.Id}}' "$image" 2>/dev/null) || old=
  local debs=$cache/debs/$recipe-$hash context
  context=$(mktemp -d)
  contexts+=("$context")
  if [ -e "$recipe/packages" ]; then
    ./fetch-debs.sh "$debs" "$(base_of "$recipe")" "$recipe/packages"
    options+=(--volume "$debs:/mnt:ro")
  fi
  cp -R "$recipe/." "$context"
  if [ -x "$recipe/prepare.sh" ]; then (cd "$context" && ./prepare.sh "$debs"); fi
  if grep -q '^ARG VERSION' "$recipe/Containerfile"; then options+=(--build-arg "VERSION=${image##*:}"); fi
  for name; do options+=(--tag "$name"); done
  # One layer per image. The layer cache of podman 4.3 ignores build arguments.
  podman build --layers=false --label "$label=recipe-$hash" "${options[@]}" "$context" >"$log" 2>&1 || {
    tail -n 40 "$log" >&2
    say "could not build $image"
    exit 1
  }
  # The replaced image is kept only if a container uses it.
  if [ -n "$old" ]; then podman rmi "$old" >/dev/null 2>&1 || true; fi
}

# make RECIPE
make() {
  local recipe=$1 hash names
  hash=$(hash_of "$recipe")
  while read -ra names; do
    is_there "${names[0]}" "$hash" || pull "${names[0]}" || build "$recipe" "$hash" "${names[@]}" </dev/null
  done < <(names_of "$recipe")
}

log=$(mktemp)
contexts=()
trap 'rm -rf "$log" "${contexts[@]}"' EXIT

[ $# -gt 0 ] || set -- */
for recipe; do
  recipe=${recipe%/}
  [ -e "$recipe/Containerfile" ] || {
    say "no recipe $recipe. Recipes: $(echo */ | tr -d /)"
    exit 2
  }
  make "$recipe"
done
