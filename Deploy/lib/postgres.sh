# shellcheck shell=bash disable=SC2034
# A PostgreSQL cluster of our own: in the home, on a unix socket only, never the system's.
# PostgreSQL refuses to run as root; then it runs as the user that Debian's package made for it.

readonly SOCKET_PATH_BYTES=107
readonly POSTGRES_PORT=5432
readonly POSTGRES_USER=postgres
# How long it may take to start, and to stop.
readonly POSTGRES_SECONDS=60
POSTGRES_AUTHENTICATION=scram-sha-256

# Settings of another PostgreSQL must not leak in.
# shellcheck disable=SC2086 # names, not values
unset ${!PG@}

# postgres_exec COMMAND…: becomes COMMAND, as the user that runs PostgreSQL.
postgres_exec() {
  cd /
  if ((EUID == 0)); then
    exec setpriv --reuid "$POSTGRES_USER" --regid "$POSTGRES_USER" --init-groups -- "$@"
  fi
  exec "$@"
}

postgres_run() { (postgres_exec "$@"); }

postgres_program() {
  local folder
  folder=$(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 2>/dev/null | sort -V | tail -n 1)
  [[ -x $folder/bin/$1 ]] || fail "PostgreSQL's $1 is not installed" \
    "type: sudo apt-get install -y postgresql"
  printf '%s/bin/%s' "$folder" "$1"
}

# Where the cluster lives: in the home, unless the user that runs PostgreSQL cannot get there.
postgres_folder() {
  local folder
  folder=$(setting postgres.folder)
  if [[ -z $folder ]]; then
    folder=$HOUSE/pg
    if ! postgres_run test -x "$HOUSE"; then
      folder=/var/lib/ikso-$(printf '%s' "$HOUSE" | sha256sum | cut -c1-12)
      say "      user $POSTGRES_USER cannot enter $HOUSE: the database goes to $folder"
    fi
    setting_put postgres.folder "$folder"
  fi
  printf '%s' "$folder"
}

# The folder of the socket: beside the data, if its path fits into a socket address and has no
# character that PostgreSQL's list of such folders would stumble over.
postgres_socket() {
  local folder=$1/socket recorded parent=/tmp
  if (($(printf %s "$folder/.s.PGSQL.$POSTGRES_PORT" | wc -c) > SOCKET_PATH_BYTES)) ||
    [[ $folder =~ [^A-Za-z0-9/._@+-] ]]; then
    recorded=$(setting postgres.socket)
    if [[ -n $recorded ]] && postgres_run test -O "$recorded"; then
      folder=$recorded
    else
      if ((EUID != 0)); then parent=${XDG_RUNTIME_DIR:-/tmp}; fi
      folder=$(postgres_run mktemp -d "$parent/ikso-XXXXXX")
    fi
  fi
  setting_put postgres.socket "$folder"
  printf '%s' "$folder"
}

postgres_locate() {
  PG_FOLDER=$(setting postgres.folder)
  PG_SOCKET=$(setting postgres.socket)
}

# dsn ROLE [DATABASE]: for libpq, quoted as it wants it.
dsn() {
  local socket=${PG_SOCKET//\\/\\\\}
  printf "host='%s' port=%s dbname=%s user=%s password=%s" "${socket//\'/\\\'}" \
    "$POSTGRES_PORT" "${2:-$DATABASE}" "$1" "$(setting_secret "password.$1")"
}

# sql DATABASE: runs standard input as superuser; the first error ends it.
sql() {
  PGPASSWORD=$(setting password.postgres) "$(postgres_program psql)" -X -q -v ON_ERROR_STOP=1 \
    -h "$PG_SOCKET" -p "$POSTGRES_PORT" -U postgres -d "$1" >/dev/null
}

# For a throw-away cluster, whose tests make roles without passwords: only we and root can enter
# the folder of its socket.
postgres_trust_local() { POSTGRES_AUTHENTICATION=trust; }

postgres_create() {
  local log=$1 new=$PG_FOLDER/data.new
  postgres_run rm -rf -- "$new"
  setting_secret password.postgres | postgres_run tee "$PG_FOLDER/password" >/dev/null
  postgres_run "$(postgres_program initdb)" --pgdata="$new" --username=postgres \
    --encoding=UTF8 --locale=C.UTF-8 --data-checksums \
    --auth="$POSTGRES_AUTHENTICATION" --pwfile="$PG_FOLDER/password" >"$log" 2>&1 ||
    fail_with_log "initdb could not make a database" "$log" "mend that and run this again"
  postgres_run rm -f -- "$PG_FOLDER/password"
  printf "\ninclude 'ikso.conf'\n" | postgres_run tee -a "$new/postgresql.conf" >/dev/null
  postgres_run mv -- "$new" "$PG_FOLDER/data"
}

# Rewritten at each start: the place of the socket may have changed. Some segments of the log are
# kept: a base backup that begins during a checkpoint can lose its temporary slot without them.
postgres_configure() {
  printf '%s\n' \
    "listen_addresses = ''" \
    "unix_socket_directories = '${PG_SOCKET//\'/\'\'}'" \
    "unix_socket_permissions = 0700" \
    "port = $POSTGRES_PORT" \
    "max_connections = 300" \
    "password_encryption = 'scram-sha-256'" \
    "fsync = on" \
    "synchronous_commit = on" \
    "full_page_writes = on" \
    "wal_keep_size = '256MB'" \
    "timezone = 'UTC'" \
    "log_timezone = 'UTC'" |
    postgres_run tee "$PG_FOLDER/data/ikso.conf" >/dev/null
}

postgres_pid() {
  local pid
  [[ -n ${PG_FOLDER:-} ]] || return 0
  pid=$(head -n 1 "$PG_FOLDER/data/postmaster.pid" 2>/dev/null) || return 0
  # The data folder is one of the arguments of the server that has it open.
  if grep -qzxF -- "$PG_FOLDER/data" "/proc/$pid/cmdline" 2>/dev/null; then
    printf '%s' "$pid"
  fi
}

postgres_start() {
  local log=$HOUSE/log/postgres.log program
  program=$(postgres_program postgres)
  if ((EUID == 0)); then
    id -- "$POSTGRES_USER" >/dev/null 2>&1 ||
      fail "there is no user $POSTGRES_USER to run PostgreSQL" "type: apt-get install -y postgresql"
  fi
  PG_FOLDER=$(postgres_folder)
  mkdir -p -- "$PG_FOLDER"
  chmod 700 -- "$PG_FOLDER"
  if ((EUID == 0)); then chown "$POSTGRES_USER:" -- "$PG_FOLDER"; fi
  postgres_run mkdir -p -m 700 -- "$PG_FOLDER/socket"
  if [[ -n $(postgres_pid) ]]; then
    PG_SOCKET=$(setting postgres.socket)
    return 0
  fi
  PG_SOCKET=$(postgres_socket "$PG_FOLDER")
  [[ -d $PG_FOLDER/data ]] || postgres_create "$log"
  postgres_configure
  POSTGRES_STARTED=yes
  # Not by pg_ctl, which hands the path to a shell without quoting it.
  (
    descriptors_close
    postgres_exec setsid "$program" -D "$PG_FOLDER/data"
  ) >>"$log" 2>&1 </dev/null &
  disown
  postgres_wait "$log" $!
}

# postgres_wait LOG PROCESS: until it accepts connections.
postgres_wait() {
  local log=$1 process=$2 began=$SECONDS
  until "$(postgres_program pg_isready)" -q -h "$PG_SOCKET" -p "$POSTGRES_PORT" -d postgres; do
    if ! kill -0 "$process" 2>/dev/null || ((SECONDS - began > POSTGRES_SECONDS)); then
      fail_with_log "PostgreSQL did not start" "$log" "mend that and run this again"
    fi
    sleep 0.1
  done
}

# Ends it in the "fast" way: open transactions are rolled back, a checkpoint is written.
postgres_stop() {
  local pid began=$SECONDS
  pid=$(postgres_pid)
  [[ -n $pid ]] || return 0
  kill -INT "$pid"
  while [[ -n $(postgres_pid) ]]; do
    ((SECONDS - began < POSTGRES_SECONDS)) ||
      fail_with_log "PostgreSQL did not stop" "$HOUSE/log/postgres.log" "stop process $pid"
    sleep 0.1
  done
}

# One role's existence, attributes and password; running it again changes nothing.
role_script() {
  local role=$1
  printf 'DO $$ BEGIN CREATE ROLE %s; EXCEPTION WHEN duplicate_object THEN NULL; END $$;\n' "$role"
  printf "ALTER ROLE %s LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD '%s';\n" \
    "$role" "$(setting_secret "password.$role")"
}

schema_script() {
  local name=$1 schema
  for schema in "$name" "${name}_keys"; do
    printf 'CREATE SCHEMA IF NOT EXISTS %s AUTHORIZATION %s_owner;\n' "$schema" "$name"
    printf 'REVOKE ALL ON SCHEMA %s FROM PUBLIC;\n' "$schema"
    printf 'GRANT USAGE ON SCHEMA %s TO %s_runtime;\n' "$schema" "$name"
  done
  printf 'GRANT CONNECT ON DATABASE %s TO %s_owner, %s_runtime;\n' "$DATABASE" "$name" "$name"
}

# The database with a schema, an owner and a runtime role for each service.
database_ensure() {
  local name log=$HOUSE/log/database.log
  {
    for name in "${STORES[@]}"; do
      role_script "${name}_owner"
      role_script "${name}_runtime"
    done
    printf "SELECT 'CREATE DATABASE %s' WHERE NOT EXISTS\n" "$DATABASE"
    printf "  (SELECT FROM pg_database WHERE datname = '%s') \\\\gexec\n" "$DATABASE"
  } | sql postgres 2>"$log" ||
    fail_with_log "the database could not be made" "$log" "mend that and run this again"
  {
    printf 'SET client_min_messages = warning;\n'
    printf 'REVOKE ALL ON DATABASE %s, postgres, template1 FROM PUBLIC;\n' "$DATABASE"
    printf 'REVOKE ALL ON SCHEMA public FROM PUBLIC;\n'
    for name in "${STORES[@]}"; do schema_script "$name"; done
  } | sql "$DATABASE" 2>"$log" ||
    fail_with_log "the schemas could not be made" "$log" "mend that and run this again"
  setting_put database.ready yes
}
