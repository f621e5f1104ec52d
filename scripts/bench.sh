#!/usr/bin/env bash
# bench.sh [--podman 4|5|6] [--rounds N] [--only NAME]...: compares podpose with `podman kube play`, a shell script, an
# empty node script and the bare requests, in alternation. Without --only and --rounds, it also checks that `validate`
# takes at most 2.5 times as long for twice the input. Sets up what is missing, runs as the ordinary user, prints
# Markdown tables and writes all numbers to .bench/results.json, or .bench/results-5.json for podman 5.
#
#   --podman 5  podman 5 or 6 beside the machine's own (scripts/setup/podman-root.sh), or the machine's own podman 4
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$root"

version=''
args=()
while [ $# -gt 0 ]; do
  case $1 in
    --podman)
      version=${2:-}
      case $version in
        4 | 5 | 6) ;;
        *)
          echo "bench: --podman takes 4, 5 or 6" >&2
          exit 2
          ;;
      esac
      shift
      ;;
    *) args+=("$1") ;;
  esac
  shift
done

scripts/setup.sh --yes
cd "$(scripts/setup/checkout.sh)"
run_as=(scripts/setup/as-user.sh)
case $version in
  4)
    case $("${run_as[@]}" podman --version) in
      *' 4.'*) ;;
      *)
        echo "bench: this machine's own podman is not podman 4" >&2
        exit 1
        ;;
    esac
    ;;
  5 | 6) scripts/setup.sh --yes --podman "$version" ;;
esac
scripts/setup/as-user.sh scripts/images/build.sh busybox
case $version in
  5 | 6)
    scripts/images/to-podman-root.sh "$version"
    run_as=(scripts/setup/podman-root.sh "$version" run)
    ;;
esac

# Its podman may have its own root directory, with its own /tmp.
results=$("${run_as[@]}" mktemp)
trap '"${run_as[@]}" rm -f "$results"' EXIT
status=0
"${run_as[@]}" node --import tsx bench/main.ts --json "$results" "${args[@]}" || status=$?
mkdir -p "$root/.bench"
"${run_as[@]}" cat "$results" >"$root/.bench/results${version:+-$version}.json"

# With options, nothing else is measured.
if [ ${#args[@]} = 0 ]; then
  scripts/setup/as-user.sh node --import tsx bench/linearity.ts
fi
exit "$status"
