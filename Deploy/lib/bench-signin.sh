# shellcheck shell=bash disable=SC2034,SC2153
# Deploy/bench signin: whether a storm of sign-ins slows anything but sign-ins, how soon the end of a
# session is known everywhere, and whether the time of an answer tells of an account.

readonly READ_RATE=1000 STORM_RATE=200
# The p99 of reads beside the storm to the one without.
readonly STORM_RATIO=2
# Accounts that sign in, in turns.
readonly STORM_ACCOUNTS=20
# Seconds that the storm is there before the reads are measured, and after.
readonly STORM_LEAD=2
# Sessions that are ended, one after the other.
readonly REVOCATION_ROUNDS=20
# Seconds until every service refuses the token; between two questions; after which none is asked.
readonly REVOCATION_LIMIT=5 REVOCATION_POLL=0.02 REVOCATION_PATIENCE=30
readonly REVOCATION_SERVICES=(privacy feedback goals)
readonly IDENTITY_SERVICE=ikso.identity.v1.IdentityService
readonly PLATFORM_ID=00000000-0000-0000-0000-000000000000

# Identity alone, with operators' accounts: they accept no statement, for which privacy would be
# asked.
signin_prepare() {
  home_raise identity "${REVOCATION_SERVICES[@]}" gateway tools
  config_write identity
  "$BINARIES/ikso-identity" migrate --config "$(config_of identity)" >"$FOLDER/migrate.log" 2>&1 ||
    fail_with_log "the migrations of identity failed" "$FOLDER/migrate.log" "mend that"
  accounts_make
  SERVER_PORT["identity"]=$(port_of identity)
  IKSO_REACTORS=$SERVICE_REACTORS IKSO_LOG_LEVEL=$LOG_LEVEL server_run identity "$DATA_CORES" \
    "$BINARIES/ikso-identity" serve --config "$(config_of identity)"
  server_await identity
  organisation_make
}

# text NUMBER TEXT: a field as protobuf has it, of less than 128 bytes.
text() {
  local head
  printf -v head '\\x%02x\\x%02x' $(($1 * 8 + 2)) ${#2}
  printf '%b%s' "$head" "$2"
}

accounts_make() {
  local number password email
  STORM_MESSAGES=()
  for ((number = 1; number <= STORM_ACCOUNTS; number++)); do
    progress "account $number of $STORM_ACCOUNTS"
    email=bench$number@example.org password=$(openssl rand -base64 24)
    printf '%s\n' "$password" | "$BINARIES/ikso-identity" operator \
      --config "$(config_of identity)" --email "$email" >"$FOLDER/operator.log" 2>&1 ||
      fail_with_log "an account could not be made" "$FOLDER/operator.log" "mend that"
    { text 1 "$PLATFORM_ID" && text 2 "$email" && text 3 "$password"; } >"$FOLDER/login-$number"
    STORM_MESSAGES+=(--message "$FOLDER/login-$number")
  done
  progress_end
  STORM_LOGIN=$(printf '{"organisationId": "%s", "email": "%s", "password": "%s"}' \
    "$PLATFORM_ID" "$email" "$password")
}

# identity_call METHOD JSON [HEADER]: prints the answer. METHOD with its service, if that is another.
identity_call() {
  local method=$1
  [[ $method == */* ]] || method=$IDENTITY_SERVICE/$method
  curl --silent --show-error --fail-with-body --cacert "$HOUSE/tls/ca.pem" \
    --cert "$HOUSE/tls/tools.pem" --key "$HOUSE/tls/tools.key" \
    --header 'content-type: application/json' ${3:+--header "$3"} --data "$2" \
    "https://localhost:${SERVER_PORT[identity]}/$method" 2>&1 ||
    fail "identity's $1 failed" "see above why"
}

# What is read: one organisation, in the name of privacy.
organisation_make() {
  local token answer today
  today=$(date -u +%F)
  token=$(identity_call Login "$STORM_LOGIN" | sed -n 's/.*"accessToken": *"\([^"]*\)".*/\1/p')
  answer=$(identity_call RegisterOrganisation \
    "{\"name\": \"Bench\", \"contractBegin\": \"$today\",
      \"agreement\": {\"reference\": \"bench\", \"signedOn\": \"$today\"}}" \
    "authorization: Bearer $token")
  ORGANISATION_ID=$(sed -n 's/.*"organisationId": *"\([^"]*\)".*/\1/p' <<<"$answer")
  text 1 "$ORGANISATION_ID" >"$FOLDER/message-read"
}

# identity_load PEER METHOD OPTION…: as `calls`, at identity.
identity_load() {
  taskset -c "$DATA_CORES" timeout "$LOAD_LIMIT" "$CLIENT" load \
    --address "127.0.0.1:${SERVER_PORT[identity]}" --ca "$AUTHORITY" \
    --certificate "$HOUSE/tls/$1.pem" --key "$HOUSE/tls/$1.key" \
    --method "$IDENTITY_SERVICE/$2" "${@:3}"
}

# reads_measure NAME: p50 and p99 in ms.
reads_measure() {
  identity_load privacy GetOrganisation --message "$FOLDER/message-read" --connections 8 \
    --rate "$READ_RATE" --seconds "$SECONDS_EACH" 2>"$FOLDER/calls.log" >"$FOLDER/reads" ||
    fail_with_log "the reads failed" "$FOLDER/calls.log" "mend that and run this again"
  sample "$1" "$(awk '{ printf "%.3f %.3f", $3 / 1e3, $4 / 1e3 }' "$FOLDER/reads")"
}

storm_start() {
  identity_load tools Login "${STORM_MESSAGES[@]}" --may-be-refused --connections 16 \
    --rate "$STORM_RATE" \
    --seconds "$(awk -v each="$SECONDS_EACH" -v lead="$STORM_LEAD" \
      'BEGIN { print each + 2 * lead }')" \
    >"$FOLDER/storm" 2>"$FOLDER/storm.log" &
  STORM_PID=$!
  SERVER_PID["storm"]=$STORM_PID
}

storm_end() {
  wait "$STORM_PID" ||
    fail_with_log "the sign-ins failed" "$FOLDER/storm.log" "mend that and run this again"
  unset 'SERVER_PID[storm]'
  sample storm "$(awk '{ printf "%.1f %.1f %.3f", $1 / $2, $5 / $2, $4 / 1e3 }' "$FOLDER/storm")"
}

measure_storm() {
  local round
  rm -f -- "$FOLDER"/sample-*
  for ((round = 1; round <= ROUNDS; round++)); do
    progress "reads alone, round $round"
    reads_measure alone
    progress "reads beside sign-ins, round $round"
    storm_start
    sleep "$STORM_LEAD"
    reads_measure beside
    storm_end
  done
  progress_end
  row alone "$(sampled alone 1)" "$(sampled alone 2)" 0 0
  row beside "$(sampled beside 1)" "$(sampled beside 2)" "$(sampled storm 1)" "$(sampled storm 2)"
  asked "p99 of reads beside $STORM_RATE sign-ins a second to the one without" \
    "$(quotient "$(sampled beside 2)" "$(sampled alone 2)")" 'at most' "$STORM_RATIO"
  noted storm 'p99 of the sign-ins that were answered' "$(sampled storm 3)" ms
}

# The other services, which hold identity's stream of revocations.
revocation_prepare() {
  local service
  for service in "${REVOCATION_SERVICES[@]}"; do
    progress "starting $service"
    config_write "$service"
    "$BINARIES/ikso-$service" migrate --config "$(config_of "$service")" \
      >"$FOLDER/migrate.log" 2>&1 ||
      fail_with_log "the migrations of $service failed" "$FOLDER/migrate.log" "mend that"
    SERVER_PORT["$service"]=$(port_of "$service")
    IKSO_LOG_LEVEL=$LOG_LEVEL server_run "$service" "$DATA_CORES" \
      "$BINARIES/ikso-$service" serve --config "$(config_of "$service")"
    server_await "$service"
  done
}

# token_status SERVICE TOKEN: the HTTP status of a call with the token.
token_status() {
  curl --silent --output /dev/null --write-out '%{http_code}' --cacert "$HOUSE/tls/ca.pem" \
    --cert "$HOUSE/tls/tools.pem" --key "$HOUSE/tls/tools.key" \
    --header 'content-type: application/json' --header "authorization: Bearer $2" --data '{}' \
    "https://localhost:${SERVER_PORT[$1]}/ikso.isolation.v1.${1^}SelfTestService/GetSelfTest"
}

# refusal_await SERVICE TOKEN: prints the milliseconds until the service refuses the token.
refusal_await() {
  local begin=${EPOCHREALTIME/[^0-9]/}
  until [[ $(token_status "$@") == 401 ]]; do
    ((${EPOCHREALTIME/[^0-9]/} - begin < REVOCATION_PATIENCE * 1000000)) || break
    sleep "$REVOCATION_POLL"
  done
  printf '%s\n' $(((${EPOCHREALTIME/[^0-9]/} - begin) / 1000))
}

measure_revocation() {
  local round token service waiting rounds=$REVOCATION_ROUNDS
  [[ -z $QUICK ]] || rounds=3
  revocation_prepare
  : >"$FOLDER/revoked"
  for ((round = 1; round <= rounds; round++)); do
    progress "session $round of $rounds"
    token=$(identity_call Login "$STORM_LOGIN" | sed -n 's/.*"accessToken": *"\([^"]*\)".*/\1/p')
    for service in "${REVOCATION_SERVICES[@]}"; do
      [[ $(token_status "$service" "$token") != 401 ]] ||
        fail "$service refuses a token of a session that goes on" "run it by hand to see why"
    done
    identity_call Logout '{}' "authorization: Bearer $token" >/dev/null
    waiting=()
    for service in "${REVOCATION_SERVICES[@]}"; do
      refusal_await "$service" "$token" >>"$FOLDER/revoked" &
      waiting+=($!)
    done
    wait "${waiting[@]}"
  done
  progress_end
  sort -n -o "$FOLDER/revoked" "$FOLDER/revoked"
  asked "s from a session's end until the last service refuses its token" \
    "$(quotient "$(tail -n 1 "$FOLDER/revoked")" 1000)" 'at most' "$REVOCATION_LIMIT"
  noted revocation 'half of them within' \
    "$(quotient "$(sed -n "$((rounds * ${#REVOCATION_SERVICES[@]} / 2 + 1))p" \
      "$FOLDER/revoked")" 1000)" s
}

row() { printf '%s\t%s\t%s\t%s\t%s\n' "$@" >>"$FOLDER/rows.tsv"; }

rows_print_signin() {
  printf '\n%-8s %9s %9s %12s %12s\n' reads 'p50 ms' 'p99 ms' 'sign-ins/s' 'refused/s'
  awk -F'\t' '{ printf "%-8s %9.2f %9.2f %12.1f %12.1f\n", $1, $2, $3, $4, $5 }' \
    "$FOLDER/rows.tsv"
}
