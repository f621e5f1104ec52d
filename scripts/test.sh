#!/usr/bin/env bash
# npm test: sets up what is missing (setup.sh) and runs the tests in stages; each stage runs even if an earlier one
# failed. The tests have their own podman storage.
#
#   npm test                        everything with this machine's podman; with CI=true also scripts/try.sh, as root
#                                   setup and teardown of a user, and the scenarios on three podmans, divided by
#                                   test/e2e/podmans.txt
#   npm test -- unit                tests of a few seconds without podman and without a build
#   npm test -- stories             the other tests without podman: podpose with a fake podman, killed and interrupted
#                                   at every step, and properties of thousands of generated manifests
#   npm test -- nodes               the package on each supported node, with this machine's podman
#   npm test -- e2e [NAME] [--...]  the scenarios on this machine's podman, rootless: those in files with NAME in their
#                                   names, with options for node's test runner
# npm test -- e2e5 [NAME] [--...] the same on podman 5, and
# npm test -- e2e6 [NAME] [--...] on podman 6 (scripts/setup/podman-root.sh)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# For each test, and with --test for each file, too. None takes half as long.
node_test=(node --import tsx --test-reporter=spec --test-timeout=900000)

summary=()
details=()
failures=0
# stage NAME CMD...: runs CMD and records its result.
stage() {
  local name=$1 begin=$SECONDS outcome
  shift
  printf '\n=== %s\n' "$name"
  if "$@"; then
    outcome=passed
  else
    outcome=FAILED
    failures=$((failures + 1))
    if [ -n "$failing" ]; then details+=("$(printf '=== failing tests of %s\n%s' "$name" "$failing")"); fi
  fi
  summary+=("$(printf '%s  %-12s %4d s  %s' "$outcome" "$name" $((SECONDS - begin)) "$executed")")
  executed=''
  failing=''
}

finish() {
  printf '\n=== summary\n'
  printf '%s\n' "${summary[@]}"
  # Last, since a long log is often cut.
  if [ ${#details[@]} != 0 ]; then printf '\n%s\n' "${details[@]}"; fi
  [ "$failures" = 0 ]
}

# count_tests CMD...: runs node's test runner; it is a failure if no test was executed.
executed=''
failing=''
count_tests() {
  local log status=0 count
  log=$(mktemp)
  "$@" | tee "$log" || status=$?
  count=$(sed -n 's/\x1b\[[0-9;]*m//g; s/^[^a-z]* \(pass\|fail\) \([0-9][0-9]*\)$/\2/p' "$log" | awk '{ sum += $1 } END { print sum + 0 }')
  failing=$(sed 's/\x1b\[[0-9;]*m//g' "$log" | sed -n '/failing tests:/,$p' | shorten_failures | head -n 60) || true
  rm -f "$log"
  executed="$count tests"
  if [ "$count" = 0 ]; then
    echo "no test was executed"
    status=1
  fi
  return "$status"
}

# The name and the first lines of each failure. A test that failed because of a step is left out.
shorten_failures() {
  awk '
    function flush() { if (text != "" && text !~ /the story ends here|subtests? failed/) printf "%s", text; text = ""; }
    /^✖ failing tests:/ { next }
    /^✖ / { flush(); text = $0 "\n"; lines = 0; next }
    /^(test at | +at )/ || /^ *$/ { if ($0 ~ /^ +at /) lines = 8; next }
    text != "" && lines++ < 8 { text = text substr($0, 1, 160) "\n" }
    END { flush() }'
}

unit() {
  local files
  mapfile -t files < <(find_unit_tests)
  count_tests "${node_test[@]}" test/in-one-process.ts "${files[@]}"
}

stories() {
  local files
  mapfile -t files < <(find test -name '*.test.ts' -not -path 'test/e2e/*' -not -path 'test/nodes/*' | sort | grep -vxFf <(find_unit_tests))
  count_tests "${node_test[@]}" --test --test-concurrency="$(nproc)" "${files[@]}"
}

# Tests that neither start podpose nor take long.
find_unit_tests() {
  find test -name '*.test.ts' -not -path 'test/e2e/*' -not -path 'test/nodes/*' -not -path 'test/cli/*' \
    -not -name properties.test.ts -not -name fuzz.test.ts -not -name package.test.ts -not -name progress-tty.test.ts | sort
}

# scenarios all|4|5|6 RUN_AS... -- [NAME] [--...]: all of them, or those that CI runs on this podman
scenarios() {
  local which=$1 run_as=() name='' files
  shift
  while [ "$1" != -- ]; do
    run_as+=("$1")
    shift
  done
  shift
  case ${1:---} in
    --*) ;;
    *)
      name=$1
      shift
      ;;
  esac
  mapfile -t files < <(scenario_files "$which" "$name")
  if [ ${#files[@]} = 0 ]; then
    echo "no test file in test/e2e/ has $name in its name"
    return 1
  fi
  # Most of the time is spent in podman: it collects garbage as rarely as under podpose.
  PODPOSE_E2E=1 count_tests "${run_as[@]}" env GOGC=400 "${node_test[@]}" --test --test-concurrency=$(($(nproc) + 1)) "$@" "${files[@]}"
}

# scenario_files all|4|5|6 NAME
scenario_files() {
  if [ "$1" = all ]; then
    find test/e2e -name "*$2*.test.ts" | sort
  else
    awk -v podman="$1" -v name="$2" '!/^#/ && index($1, name) {
      for (i = 2; $i ~ /^[456]$/; i++) if ($i == podman) print "test/e2e/" $1 ".test.ts"
    }' test/e2e/podmans.txt
  fi
}

# Provides the images; ends in a directory that the ordinary user can read.
images() { cd "$(scripts/setup/checkout.sh)" && scripts/setup/as-user.sh scripts/images/build.sh; }

nodes() { count_tests scripts/setup/as-user.sh "${node_test[@]}" --test test/nodes/versions.test.ts; }

# podman_root 5|6
podman_root() { scripts/setup.sh --yes --podman "$1" && scripts/images/to-podman-root.sh "$1"; }

first_command() { scripts/try.sh && scripts/podpose.sh down examples/hello/pod.yaml; }

# Without dependencies or dist/, all other stages would fail.
setup() {
  stage setup "$@"
  if [ "$failures" != 0 ] && [ ! -e dist/podpose.js ]; then
    finish
    exit 1
  fi
}

podmanless_stages() {
  stage types npm run --silent typecheck
  stage lint npm run --silent lint
  stage unit unit
  stage stories stories
}

case ${1:-all} in
  all)
    # First, from a fresh clone on a bare machine.
    if [ "${CI:-}" = true ]; then stage try first_command; fi
    setup scripts/setup.sh --yes --tests
    podmanless_stages
    if [ "${CI:-}" = true ] && [ "$(id -u)" = 0 ]; then stage teardown test/setup/teardown.sh; fi
    stage images images
    stage nodes nodes
    if [ "${CI:-}" = true ]; then
      stage e2e scenarios 4 scripts/setup/as-user.sh --
      # One by one: they share this machine's ports.
      for version in 5 6; do
        stage "podman$version" podman_root "$version"
        stage "e2e$version" scenarios "$version" scripts/setup/podman-root.sh "$version" run --
        scripts/setup/podman-root.sh "$version" stop || true
      done
    else
      stage e2e scenarios all scripts/setup/as-user.sh --
    fi
    ;;
  unit)
    setup scripts/setup/node.sh
    stage unit unit
    ;;
  stories)
    setup scripts/setup/node.sh
    stage stories stories
    ;;
  nodes)
    setup scripts/setup.sh --yes
    stage images images
    stage nodes nodes
    ;;
  e2e)
    setup scripts/setup.sh --yes --tests
    stage images images
    stage e2e scenarios all scripts/setup/as-user.sh -- "${@:2}"
    ;;
  e2e5 | e2e6)
    version=${1#e2e}
    setup scripts/setup.sh --yes --podman "$version"
    stage images images
    stage "podman$version" podman_root "$version"
    stage "$1" scenarios all scripts/setup/podman-root.sh "$version" run -- "${@:2}"
    ;;
  *)
    sed -n '2,/^set /s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 2
    ;;
esac

finish
