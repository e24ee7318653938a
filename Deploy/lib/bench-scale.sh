# shellcheck shell=bash disable=SC2034,SC2153
# Deploy/bench scale: what a call costs as one service's tenants and rows grow.

readonly GROWTH_LIMIT=1.3
readonly SCALE_CLIENTS=32
readonly TENANT_PREFIX=00000000-0000-4000-8000-
readonly PERSON_PREFIX=00000000-0000-4000-9000-
# Tenants that are filled in one transaction.
readonly FILL_TENANTS=100
# Seconds that the calls may take which make each caller's own goals.
readonly FILL_LIMIT=3600

# One caller in each tenant; the tokens of all sizes are signed at once.
scale_prepare() {
  local largest=${SIZES##*,}
  awk -v count="${largest%:*}" -v tenant="$TENANT_PREFIX" -v person="$PERSON_PREFIX" 'BEGIN {
    for (n = 1; n <= count; n++) printf "%s%012x %s%012x\n", tenant, n, person, n }' \
    >"$FOLDER/callers"
  CALLER_IDS=$(head -n 1 "$FOLDER/callers")
  data_raise
  service_raise "$FOLDER/callers"
  head -n 1 "$FOLDER/tokens" >"$FOLDER/tokens-1"
  statements_capture "$FOLDER/tokens-1" "$FOLDER/tokens-1"
  statements_spread read
  statements_spread write
  printf 'DELETE FROM goals.goal;\n' | sql "$DATABASE"
}

# statements_spread CASE: in the name of the caller n, whose number is in the last digits of its
# identifiers.
statements_spread() {
  local line name value spread edit=()
  while IFS= read -r line; do
    [[ $line == *"=$TENANT_PREFIX"* || $line == *"=$PERSON_PREFIX"* ]] || continue
    name=${line%%=*} value=${line#*=}
    spread="('${value%????????????}' || lpad(to_hex(:n::bigint), 12, '0'))"
    edit+=(-e "s/\\('[a-z.]*', \\):$name\\b/\\1$spread/" -e "s/:$name\\b/$spread::uuid/")
  done <"$FOLDER/$1.variables"
  sed -i "${edit[@]}" -e '1i\\\\set n random(1, :tenants)' "$FOLDER/$1.sql"
}

# tenants_fill FROM TO ROWS: so many rows for each tenant, ten for each person. What is filled in is
# as long as what the service seals, and read by nobody.
tenants_fill() {
  local first last
  for ((first = $1; first <= $2; first += FILL_TENANTS)); do
    last=$((first + FILL_TENANTS - 1 < $2 ? first + FILL_TENANTS - 1 : $2))
    progress "filling, tenant $last of $2"
    sql "$DATABASE" <<SQL
INSERT INTO goals.goal (tenant_id, goal_id, owner_id, title, why, measure, due_on, state, progress,
  revision, created_at, evaluation)
SELECT person.tenant_id, gen_random_uuid(), person.owner_id, decode(repeat('5a', 69), 'hex'),
  decode(repeat('5a', 149), 'hex'), decode(repeat('5a', 109), 'hex'), '2027-02-28', 'open', 0, 1,
  now() - goal * interval '1 day', decode(repeat('5a', 29), 'hex')
FROM (
  SELECT ('$TENANT_PREFIX' || lpad(to_hex(n), 12, '0'))::uuid AS tenant_id,
    gen_random_uuid() AS owner_id
  FROM generate_series($first, $last) AS n, generate_series(1, $(($3 / LISTED_GOALS)))
) AS person, generate_series(1, $LISTED_GOALS) AS goal;
SQL
  done
  progress_end
}

measure_sizes() {
  local size tenants rows began before=0
  for size in ${SIZES//,/ }; do
    tenants=${size%:*} rows=${size#*:}
    tenants_fill $((before + 1)) "$tenants" $((rows / tenants - LISTED_GOALS))
    sed -n "$((before + 1)),${tenants}p" "$FOLDER/tokens" >"$FOLDER/tokens-new"
    CALLS_LIMIT=$FILL_LIMIT case_calls write "$FOLDER/tokens-new" \
      --connections "$SCALE_CLIENTS" --calls $(((tenants - before) * LISTED_GOALS)) >/dev/null
    printf 'VACUUM ANALYZE goals.goal, goals.goal_feedback;\nCHECKPOINT;\n' | sql "$DATABASE"
    before=$tenants
    head -n "$tenants" "$FOLDER/tokens" >"$FOLDER/tokens-all"
    # The last one counts.
    printf -- '-D\ntenants=%s\n' "$tenants" | tee -a "$FOLDER/read.variables" \
      >>"$FOLDER/write.variables"
    scale_compare read "$tenants" "$rows"
    # What is written makes lists longer, and what pgbench writes was sealed for another row: none of
    # it is left to be read at the next size.
    began=$(date --utc '+%F %T.%6N+00')
    scale_compare write "$tenants" "$rows"
    printf "DELETE FROM goals.goal WHERE created_at >= '%s';\n" "$began" | sql "$DATABASE"
  done
  growth_ask read
  growth_ask write
}

# scale_compare CASE TENANTS ROWS
scale_compare() {
  # All callers once: their tokens and keys are known.
  case_calls "$1" "$FOLDER/tokens-all" --connections "$SCALE_CLIENTS" --calls "$2" >/dev/null
  sides_compare "$1" "$SCALE_CLIENTS" "$FOLDER/tokens-all" "$1, $2 tenants, $3 rows"
  cost_measure "$1"
  printf '%s\t' "$1" "$SCALE_CLIENTS" "$OURS" "$THEIRS" "$RATIO" "$P50" "$P99" "$2" "$3" \
    >>"$FOLDER/rows.tsv"
  printf '%s\t%s\n' "$SERVICE_COST" "$STORE_COST" >>"$FOLDER/rows.tsv"
}

# cost_measure CASE: processor µs a call, of the service and of PostgreSQL, in SERVICE_COST and
# STORE_COST.
cost_measure() {
  local round served stored count
  for ((round = 1; round <= ROUNDS; round++)); do
    progress "$1, processor time, round $round"
    served=$(server_time goals) stored=$(store_time)
    read -r count _ < <(case_calls "$1" "$FOLDER/tokens-all" --connections "$SCALE_CLIENTS" \
      --seconds "$SECONDS_EACH")
    sample service "$(quotient $(($(server_time goals) - served)) $((count * 1000)))"
    sample store "$(quotient $(($(store_time) - stored)) $((count * 1000)))"
  done
  progress_end
  SERVICE_COST=$(sampled service) STORE_COST=$(sampled store)
}

# Nanoseconds that the processes of PostgreSQL have computed; the pool keeps its connections.
store_time() {
  local postmaster processes process total=0 spent
  postmaster=$(postgres_pid)
  read -ra processes <"/proc/$postmaster/task/$postmaster/children" || true
  for process in "${processes[@]}"; do
    read -r spent _ 2>/dev/null <"/proc/$process/schedstat" || continue
    total=$((total + spent))
  done
  printf '%s' "$total"
}

# growth_ask CASE: the dearest size beside the smallest.
growth_ask() {
  asked "$1: processor time of a call, most to smallest size" "$(awk -F'\t' -v name="$1" '
    $1 == name { cost = $10 + $11; if (!first) first = cost; if (cost > most) most = cost }
    END { printf "%.3f", most / first }' "$FOLDER/rows.tsv")" 'at most' "$GROWTH_LIMIT"
}
