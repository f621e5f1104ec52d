#!/bin/sh
# What is no program, and what starts with a dash, is for node.
set -e
if [ "${1#-}" != "$1" ] || ! command -v "$1" >/dev/null; then set -- node "$@"; fi
exec "$@"
