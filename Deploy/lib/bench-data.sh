# shellcheck shell=bash disable=SC2034,SC2153
# The cluster, the service and the calls that Deploy/bench storage and scale measure.

# Both sides share these.
readonly DATA_CORES=0,1
readonly SERVICE_REACTORS=2
# Connections of the service to its database, on each reactor.
readonly SERVICE_CONNECTIONS=32
# How many goals are in the list that is read.
readonly LISTED_GOALS=10
# Threads of pgbench.
readonly PGBENCH_THREADS=2
readonly GOALS_SERVICE=ikso.goals.v1.GoalsService
# Seconds that one load may take.
CALLS_LIMIT=$LOAD_LIMIT

# data_raise: PostgreSQL with the schema of goals, in a home of its own.
data_raise() {
  home_raise goals identity tools
  data_configure
  config_write goals
  "$BINARIES/ikso-goals" migrate --config "$(config_of goals)" >"$FOLDER/migrate.log" 2>&1 ||
    fail_with_log "the migrations of goals failed" "$FOLDER/migrate.log" "mend that"
  messages_write
}

# home_raise PEER…: PostgreSQL in a home of its own, with certificates for those.
home_raise() {
  house_locate "$FOLDER/house"
  house_open
  house_unlock
  postgres_trust_local
  ports_wish_free
  ports_assign
  master_key_ensure
  certificates_ensure "$@"
  CERTIFICATE=$HOUSE/tls/identity.pem
  PRIVATE_KEY=$HOUSE/tls/identity.key
  AUTHORITY=$HOUSE/tls/ca.pem
  postgres_start
  database_ensure
}

# A checkpoint or a vacuum would meet one side and not the other.
data_configure() {
  printf 'ALTER SYSTEM SET %s;\n' "max_wal_size = '32GB'" "checkpoint_timeout = '1h'" \
    "autovacuum = off" | sql postgres
  printf 'SELECT pg_reload_conf();\n' | sql postgres
}

data_dismantle() {
  [[ -n ${HOUSE-} ]] && house_exists || return 0
  postgres_locate
  postgres_stop
  house_purge
}

# field NUMBER BYTES: a text of that many letters as protobuf has it, of less than 128.
field() {
  local head
  printf -v head '\\x%02x\\x%02x' $(($1 * 8 + 2)) "$2"
  printf '%b' "$head"
  letters "$2"
}

# What the calls send: an empty ListGoals, and a goal with a title, a reason and a measure.
messages_write() {
  : >"$FOLDER/message-read"
  { field 1 40 && field 2 120 && field 3 80 && printf '\x22\x0a2027-02-28'; } \
    >"$FOLDER/message-write"
}

# service_raise CALLERS: the service, and a stand-in for identity that has signed a token for each
# line of the file, and for privacy, which has stopped nothing.
service_raise() {
  local port
  server_run identity "$DATA_CORES" "$BINARIES/BenchServer" --log-level "$LOG_LEVEL" \
    --cert "$CERTIFICATE" --key "$PRIVATE_KEY" --client-trust "$AUTHORITY" \
    --token "$FOLDER/tokens" --callers "$1"
  server_await identity
  port=$(sed -n 's/.* listens on 127\.0\.0\.1:\([0-9]*\).*/\1/p' "$FOLDER/identity.out")
  setting_put port.identity "$port"
  setting_put port.privacy "$port"
  config_write goals
  service_run
}

service_run() {
  SERVER_PORT["goals"]=$(port_of goals)
  IKSO_REACTORS=$SERVICE_REACTORS IKSO_DATABASE_CONNECTIONS=$SERVICE_CONNECTIONS \
    IKSO_LOG_LEVEL=$LOG_LEVEL server_run goals "$DATA_CORES" \
    "$BINARIES/ikso-goals" serve --config "$(config_of goals)"
  server_await goals
}

service_restart() {
  server_stop goals
  service_run
}

# calls METHOD MESSAGE TOKENS OPTION…: prints calls, seconds, and p50 and p99 in µs.
calls() {
  taskset -c "$DATA_CORES" timeout "$CALLS_LIMIT" "$CLIENT" load \
    --address "127.0.0.1:${SERVER_PORT[goals]}" --ca "$AUTHORITY" \
    --certificate "$HOUSE/tls/tools.pem" --key "$HOUSE/tls/tools.key" \
    --method "$GOALS_SERVICE/$1" --message "$2" --tokens "$3" "${@:4}" 2>"$FOLDER/calls.log" ||
    fail_with_log "the calls of $1 failed" "$FOLDER/calls.log" "mend that and run this again"
}

# calls_rate CASE CLIENTS TOKENS: calls a second, each client with one at a time.
calls_rate() {
  local count seconds
  read -r count seconds _ < <(case_calls "$1" "$3" --connections "$2" --seconds "$SECONDS_EACH")
  quotient "$count" "$seconds" 0
}

# calls_times CASE CLIENTS TOKENS RATE: p50 and p99 in ms at that rate, counted from when a call was
# due.
calls_times() {
  case_calls "$1" "$3" --connections "$2" --seconds "$SECONDS_EACH" --rate "$4" |
    awk '{ printf "%.3f %.3f\n", $3 / 1e3, $4 / 1e3 }'
}

# case_calls CASE TOKENS OPTION…
case_calls() {
  case $1 in
    read) calls ListGoals "$FOLDER/message-read" "${@:2}" ;;
    write) calls CreateGoal "$FOLDER/message-write" "${@:2}" ;;
  esac
}

# MARK: pgbench

# pgbench_run CASE CLIENTS OPTION…: what the service sends, as the service's role.
pgbench_run() {
  local variables seconds
  mapfile -t variables <"$FOLDER/$1.variables"
  # It takes whole seconds.
  seconds=$(awk -v seconds="$SECONDS_EACH" 'BEGIN { print int(seconds + 0.999) }')
  taskset -c "$DATA_CORES" timeout "$LOAD_LIMIT" "$(postgres_program pgbench)" -n -M prepared \
    -f "$FOLDER/$1.sql" "${variables[@]}" -c "$2" \
    -j "$(($2 < PGBENCH_THREADS ? $2 : PGBENCH_THREADS))" -T "$seconds" "${@:3}" \
    "$(dsn goals_runtime)" >"$FOLDER/pgbench.out" 2>&1 ||
    fail_with_log "pgbench failed" "$FOLDER/pgbench.out" "mend that and run this again"
}

# pgbench_rate CASE CLIENTS: transactions a second.
pgbench_rate() {
  pgbench_run "$@"
  sed -n 's/^tps = \([0-9]*\).*/\1/p' "$FOLDER/pgbench.out"
}

# pgbench_times CASE CLIENTS RATE: as calls_times.
pgbench_times() {
  rm -f -- "$FOLDER"/pgbench-log*
  pgbench_run "$1" "$2" --rate "$3" --log --log-prefix "$FOLDER/pgbench-log"
  # The third number is the time since the transaction was due, in µs; the fifth and sixth are when
  # it ended. The first quarter, in which its connections warm up, is left out.
  cat -- "$FOLDER"/pgbench-log* | awk '
    { end = $5 + $6 / 1e6; if (!first || end < first) first = end; if (end > last) last = end
      time[NR] = $3; ended[NR] = end }
    END { for (i = 1; i <= NR; i++) if (ended[i] > first + (last - first) / 4) print time[i] }' |
    sort -n | awk '
    { time[NR] = $1 }
    END { printf "%.3f %.3f\n", time[int(NR * 0.5) + 1] / 1e3, time[int(NR * 0.99) + 1] / 1e3 }'
}

# MARK: both

# sample NAME VALUE…: keeps them for `sampled`.
sample() { printf '%s\n' "${*:2}" >>"$FOLDER/sample-$1"; }

# sampled NAME [COLUMN]: the median of the rounds.
sampled() { cut -d' ' -f"${2:-1}" "$FOLDER/sample-$1" | median; }

# sides_compare CASE CLIENTS TOKENS LABEL: rounds in which both take turns. Sets OURS and THEIRS,
# calls a second, RATIO, the median of the rounds' own, and P50, P99 and THEIR_P99, ms at half of
# what each side reaches.
sides_compare() {
  local round ours theirs
  rm -f -- "$FOLDER"/sample-*
  for ((round = 1; round <= ROUNDS; round++)); do
    progress "$4, $2 clients, round $round"
    theirs=$(pgbench_rate "$1" "$2")
    ours=$(calls_rate "$1" "$2" "$3")
    sample ours "$ours"
    sample theirs "$theirs"
    sample ratio "$(quotient "$ours" "$theirs" 3)"
  done
  OURS=$(sampled ours) THEIRS=$(sampled theirs) RATIO=$(sampled ratio)
  for ((round = 1; round <= ROUNDS; round++)); do
    progress "$4, $2 clients at half load, round $round"
    sample their-times "$(pgbench_times "$1" "$2" "$(quotient "$THEIRS" 2 0)")"
    sample times "$(calls_times "$1" "$2" "$3" "$(quotient "$OURS" 2 0)")"
  done
  progress_end
  P50=$(sampled times 1) P99=$(sampled times 2) THEIR_P99=$(sampled their-times 2)
}
