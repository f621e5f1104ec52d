#!/bin/sh
# See the Containerfile.
mkdir -p /tmp/www
{
  echo "args: $*"
  echo "user: $(id -u):$(id -g)"
  echo "folder: $(pwd)"
  echo "greeting: $GREETING"
  echo "version: $VERSION"
  echo "hostname: $(hostname)"
} | tee /tmp/www/index.html
[ -z "$EXIT" ] || exit "$EXIT"
# As PID 1 a plain httpd would not hear TERM; a shell with a trap does, while it waits.
trap 'echo stopping; exit 0' TERM INT
httpd -f -p "$PORT" -h /tmp/www &
wait
