# shellcheck shell=bash disable=SC2034,SC2153
# Deploy/bench storage: calls beside pgbench with the same statements, and what sealing costs.

readonly READ_RATIO=0.6
readonly WRITE_RATIO=0.9
readonly TIMES_RATIO=3
readonly SEALING_MICROSECONDS=5

# The reader has a list of LISTED_GOALS, the writer one that grows.
storage_prepare() {
  local tenant=11111111-1111-4111-8111-111111111111
  local reader=22222222-2222-4222-8222-222222222222 writer=33333333-3333-4333-8333-333333333333
  CALLER_IDS="$tenant $reader $writer"
  printf '%s\n' "$tenant $reader" "$tenant $writer" >"$FOLDER/callers"
  data_raise
  service_raise "$FOLDER/callers"
  sed -n 1p "$FOLDER/tokens" >"$FOLDER/tokens-read"
  sed -n 2p "$FOLDER/tokens" >"$FOLDER/tokens-write"
  case_calls write "$FOLDER/tokens-read" --connections 1 --calls "$LISTED_GOALS" >/dev/null
  statements_capture "$FOLDER/tokens-read" "$FOLDER/tokens-write"
  printf 'VACUUM ANALYZE goals.goal, goals.goal_feedback;\nCHECKPOINT;\n' | sql "$DATABASE"
}

measure_read() { storage_compare read "$READ_RATIO"; }

measure_write() { storage_compare write "$WRITE_RATIO"; }

# storage_compare CASE RATIO
storage_compare() {
  local clients
  for clients in ${CLIENTS//,/ }; do
    sides_compare "$1" "$clients" "$FOLDER/tokens-$1" "$1"
    printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$clients" "$OURS" "$THEIRS" "$RATIO" "$P50" "$P99" \
      >>"$FOLDER/rows.tsv"
    asked "$1, $clients clients: our rate to pgbench's" "$RATIO" 'at least' "$2"
    asked "$1, $clients clients, half load: our p99 to pgbench's" \
      "$(quotient "$P99" "$THEIR_P99")" 'at most' "$TIMES_RATIO"
    noted "$1" "p99 of pgbench at half load, $clients clients" "$THEIR_P99" ms
  done
}

measure_sealing() {
  local sealing opening
  read -r sealing opening < <(taskset -c "$DATA_CORES" "$CLIENT" sealing \
    --dsn "$(dsn goals_runtime)" --schema goals_keys --master-key "$HOUSE/master.key")
  asked 'sealing a field of 100 bytes, µs' "$sealing" 'at most' "$SEALING_MICROSECONDS"
  asked 'opening a field of 100 bytes, µs' "$opening" 'at most' "$SEALING_MICROSECONDS"
}
