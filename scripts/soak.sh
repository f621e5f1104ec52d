#!/usr/bin/env bash
# soak.sh [NAME [ROUNDS]]: what is seldom enough to need many rounds, on this machine's podman; 100 rounds of each unless told.
#
#   npm run soak                 all of it
#   npm run soak -- cold 300     `up -d` of a new pod of three containers, whose first starts meet at the infra container
#   npm run soak -- killed 40    podpose killed at another moment in each round while it stops containers
#   npm run soak -- logs         2,000,000 lines in a burst, by up, logs and logs -f
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
    "${run_as[@]}" node --import tsx test/soak/logs.ts
    ;;
  logs) "${run_as[@]}" node --import tsx test/soak/logs.ts ;;
  *) "${run_as[@]}" node --import tsx test/soak/main.ts "$@" ;;
esac
