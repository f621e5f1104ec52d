#!/bin/bash
# Creates the database in an empty $PGDATA, then runs the command. As root, it goes on as postgres.
set -euo pipefail
if [ "${1:-}" != postgres ]; then exec "$@"; fi
if [ "$(id -u)" = 0 ]; then
  install -d -o postgres -g postgres -m 0700 "$PGDATA"
  exec setpriv --reuid postgres --regid postgres --init-groups "$0" "$@"
fi
if [ -s "$PGDATA/PG_VERSION" ]; then exec "$@"; fi

: "${POSTGRES_PASSWORD:=$(cat "${POSTGRES_PASSWORD_FILE:?POSTGRES_PASSWORD is not set}")}"
user=${POSTGRES_USER:-postgres} database=${POSTGRES_DB:-${POSTGRES_USER:-postgres}}
initdb --username "$user" --pwfile <(printf '%s\n' "$POSTGRES_PASSWORD") --auth-local trust --auth-host scram-sha-256 >/dev/null
echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
echo "listen_addresses = '*'" >>"$PGDATA/postgresql.conf"
pg_ctl --wait --silent --options="-c listen_addresses=''" start
if [ "$database" != postgres ]; then psql -q -U "$user" -d postgres -c "CREATE DATABASE \"$database\""; fi
for script in /docker-entrypoint-initdb.d/*; do
  case $script in
    *.sql) psql -q -v ON_ERROR_STOP=1 -U "$user" -d "$database" -f "$script" ;;
    *.sh) . "$script" ;;
  esac
done
pg_ctl --wait --silent --mode=fast stop
exec "$@"
