#!/usr/bin/env bash
# npm test: sets up what is missing and runs the tests, in stages; each one runs, whatever the ones before it came to.
#
#   npm test                        all but the podman 5 stage; with CI=true that one too, and scripts/try.sh
#   npm test -- unit                the tests of a few seconds, which need no podman and no build
#   npm test -- stories             the other tests that need no podman: podpose with a played podman, killed and interrupted at
#                                   every step, and what holds for thousands of made-up manifests
#   npm test -- e2e [NAME] [--...]  the scenarios on this machine's podman, rootless: those in files with NAME in their names,
#                                   with further options for node's test runner
#   npm test -- e2e5 [NAME] [--...] the same on podman 5 (scripts/setup/podman5.sh)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# For each test, and with --test for each file too; none of them takes half as long.
node_test=(node --import tsx --test-reporter=spec --test-timeout=900000)

summary=()
failures=0
# stage NAME CMD...: runs CMD, and notes how it ended.
stage() {
  local name=$1 begin=$SECONDS outcome
  shift
  printf '\n=== %s\n' "$name"
  if "$@"; then
    outcome=passed
  else
    outcome=FAILED
    failures=$((failures + 1))
  fi
  summary+=("$(printf '%s  %-12s %4d s  %s' "$outcome" "$name" $((SECONDS - begin)) "$executed")")
  executed=''
}

finish() {
  printf '\n=== summary\n'
  printf '%s\n' "${summary[@]}"
  [ "$failures" = 0 ]
}

# count_tests CMD...: runs node's test runner; no test executed is a failure too.
executed=''
count_tests() {
  local log status=0 count
  log=$(mktemp)
  "$@" | tee "$log" || status=$?
  count=$(sed -n 's/\x1b\[[0-9;]*m//g; s/^[^a-z]* \(pass\|fail\) \([0-9][0-9]*\)$/\2/p' "$log" | awk '{ sum += $1 } END { print sum + 0 }')
  rm -f "$log"
  executed="$count tests"
  if [ "$count" = 0 ]; then
    echo "no test was executed"
    status=1
  fi
  return "$status"
}

unit() {
  local files
  mapfile -t files < <(find_unit_tests)
  count_tests "${node_test[@]}" test/in-one-process.ts "${files[@]}"
}

stories() {
  local files
  mapfile -t files < <(find test -name '*.test.ts' -not -path 'test/e2e/*' | sort | grep -vxFf <(find_unit_tests))
  count_tests "${node_test[@]}" --test --test-concurrency="$(nproc)" "${files[@]}"
}

# What neither starts podpose nor computes for long.
find_unit_tests() {
  find test -name '*.test.ts' -not -path 'test/e2e/*' -not -path 'test/cli/*' \
    -not -name properties.test.ts -not -name fuzz.test.ts -not -name package.test.ts -not -name progress-tty.test.ts | sort
}

# scenarios RUN_AS... -- [NAME] [--...]
scenarios() {
  local run_as=() name='' files
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
  mapfile -t files < <(find test/e2e -name "*$name*.test.ts" | sort)
  if [ ${#files[@]} = 0 ]; then
    echo "there is no test in test/e2e/ with $name in its name"
    return 1
  fi
  # podman is most of what they take: its garbage is collected as seldom as podpose has it done.
  PODPOSE_E2E=1 count_tests "${run_as[@]}" env GOGC=400 "${node_test[@]}" --test --test-concurrency=$(($(nproc) + 1)) "$@" "${files[@]}"
}

# What a user has who sets podman up and gets the images; ends in a folder that the ordinary user can read.
machine() {
  scripts/setup/podman.sh && cd "$(scripts/setup/checkout.sh)" && scripts/setup/as-user.sh scripts/images/build.sh
}

podman5() { scripts/setup/podman5.sh start && scripts/images/to-podman5.sh; }

first_command() {
  scripts/try.sh && cd "$(scripts/setup/checkout.sh)" && scripts/setup/as-user.sh node dist/podpose.js down examples/hello/pod.yaml
}

podmanless_stages() {
  stage types npm run --silent typecheck
  stage lint npm run --silent lint
  stage unit unit
  stage stories stories
}

stage build scripts/setup/node.sh
# Without dependencies or dist/ all else fails for no reason of its own.
if [ "$failures" != 0 ]; then
  finish
  exit 1
fi
case ${1:-all} in
  all)
    podmanless_stages
    if [ "${CI:-}" = true ]; then stage try first_command; fi
    stage machine machine
    stage e2e scenarios scripts/setup/as-user.sh --
    if [ "${CI:-}" = true ]; then
      stage podman5 podman5
      stage e2e5 scenarios scripts/setup/podman5.sh run --
      scripts/setup/podman5.sh stop || true
    fi
    ;;
  unit) stage unit unit ;;
  stories) stage stories stories ;;
  e2e)
    stage machine machine
    stage e2e scenarios scripts/setup/as-user.sh -- "${@:2}"
    ;;
  e2e5)
    stage machine machine
    stage podman5 podman5
    stage e2e5 scenarios scripts/setup/podman5.sh run -- "${@:2}"
    ;;
  *)
    sed -n '2,/^set /s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 2
    ;;
esac

finish
