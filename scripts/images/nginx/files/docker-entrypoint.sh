#!/bin/sh
# Runs the scripts that users put into /docker-entrypoint.d, in the order of their names, then the command.
set -e
for script in /docker-entrypoint.d/*.sh; do
  if [ -x "$script" ]; then "$script"; fi
done
exec "$@"
