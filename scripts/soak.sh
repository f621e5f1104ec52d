#!/usr/bin/env bash
# soak.sh [NAME [ROUNDS]]: rare failures that need many rounds, with this machine's podman; 100 rounds of each by
# default.
#
#   npm run soak              all of them
#   npm run soak -- cold 300  `up -d` of a new pod with three containers that start the infra container at the same time
#   npm run soak -- ends-at-once
#                             `up -d` of a container that exits at once: each round must have the same result
#   npm run soak -- killed    podpose is killed, or its terminal closed, before, during and after every podman command,
#                             in plans of every kind: about 250 rounds. `-- killed 'replaced pod'` runs one kind, `--
#                             killed all 60` a minute of each
#   npm run soak -- killed-by-time 40
#                             podpose is killed at a different moment in each round while it stops containers
#   npm run soak -- rollout-killed 600
#                             podpose is killed before, during and after every podman command of a rollout; no new round
#                             starts after this many seconds
#   npm run soak -- logs      2,000,000 lines in a burst, by up, logs and logs -f
#   npm run soak -- watch 60  the memory of a watcher of 10 pods with probes, and its processor time in a minute
#   npm run soak -- exec-probes 60
#                             the processor time of exec probes, and of the same commands alone
#   npm run soak -- crash-loops
#                             the processor time of the watcher of 100 containers that wait 5 minutes between two starts
#   npm run soak -- load      60 pods of two containers, and one pod of 60: the time of up and down
#
# Runs podpose from dist/. PODPOSE_PODMAN selects another podman. In a root of scripts/setup/podman-root.sh, its podman
# is used.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

run_as=()
if [ ! -e /etc/podpose-release ]; then
  scripts/setup.sh --yes
  cd "$(scripts/setup/checkout.sh)"
  scripts/setup/as-user.sh scripts/images/build.sh busybox
  run_as=(scripts/setup/as-user.sh)
fi
case ${1:-all} in
  all)
    "${run_as[@]}" node --import tsx test/soak/main.ts
    "${run_as[@]}" node --import tsx test/soak/killed.ts
    "${run_as[@]}" node --import tsx test/soak/rollout-killed.ts
    "${run_as[@]}" node --import tsx test/soak/logs.ts
    "${run_as[@]}" node --import tsx test/soak/load.ts
    "${run_as[@]}" node --import tsx test/soak/watch.ts
    "${run_as[@]}" node --import tsx test/soak/exec-probes.ts
    "${run_as[@]}" node --import tsx test/soak/crash-loops.ts
    ;;
  watch | exec-probes | crash-loops | rollout-killed)
    name=$1
    shift
    "${run_as[@]}" node --import tsx "test/soak/$name.ts" "$@"
    ;;
  killed)
    shift
    "${run_as[@]}" node --import tsx test/soak/killed.ts "$@"
    ;;
  logs) "${run_as[@]}" node --import tsx test/soak/logs.ts ;;
  load) "${run_as[@]}" node --import tsx test/soak/load.ts ;;
  *) "${run_as[@]}" node --import tsx test/soak/main.ts "$@" ;;
esac
