#!/usr/bin/env bash
# soak.sh [NAME [ROUNDS]]: what is seldom enough to need many rounds, on this machine's podman; 100 rounds of each unless told.
#
#   npm run soak                 all of it
#   npm run soak -- cold 300     `up -d` of a new pod of three containers, whose first starts meet at the infra container
#   npm run soak -- killed       podpose killed, or its terminal closed, before, during and after every command of podman's, in
#                                plans of every kind: some 250 rounds; `-- killed 'replaced pod'` runs those of one kind,
#                                `-- killed all 60` those of a minute of each
#   npm run soak -- killed-by-time 40
#                                podpose killed at another moment in each round while it stops containers
#   npm run soak -- logs         2,000,000 lines in a burst, by up, logs and logs -f
#   npm run soak -- load         60 pods of two containers, and one pod of 60: how long up and down take
#
# Runs podpose as it is built in dist/. PODPOSE_PODMAN names another podman. In a root of scripts/setup/podman-root.sh, it is that one.
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
    "${run_as[@]}" node --import tsx test/soak/logs.ts
    "${run_as[@]}" node --import tsx test/soak/load.ts
    ;;
  killed)
    shift
    "${run_as[@]}" node --import tsx test/soak/killed.ts "$@"
    ;;
  logs) "${run_as[@]}" node --import tsx test/soak/logs.ts ;;
  load) "${run_as[@]}" node --import tsx test/soak/load.ts ;;
  *) "${run_as[@]}" node --import tsx test/soak/main.ts "$@" ;;
esac
