#!/usr/bin/env bash
# podpose.sh ARGUMENT...: runs podpose of this clone, in its directory, with the podman storage of try and the tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cd "$(scripts/setup/checkout.sh)"
exec scripts/setup/as-user.sh node dist/podpose.js "$@"
