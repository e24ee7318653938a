# shellcheck shell=bash disable=SC2153
# Deploy/bench signin, its last section: whether the time of an answer tells a stranger what is true
# of an account.

# Calls of each kind. Its accounts take turns, so that none gets as many as are slowed down.
readonly TIMING_CALLS=400 TIMING_ACCOUNTS=20
# A registration takes a second and a half: calls of each kind, and how many at a time.
readonly TIMING_REGISTRATIONS=100 TIMING_LANES=16
# A p below it is a difference: seen once in a thousand times where there is none.
readonly TIMING_P=0.001

# Accounts of two kinds, of three there is none: a member has a password, who is invited has none;
# nobody has the address of a stranger; outside it is of a domain that is not the organisation's,
# and elsewhere there is no such organisation.
timing_prepare() {
  local token
  token=$(identity_call Login "$STORM_LOGIN" | sed -n 's/.*"accessToken": *"\([^"]*\)".*/\1/p')
  timing_import member "$token"
  # They have an operator's password: to choose one takes a statement, and so the privacy service.
  printf '%s\n' "INSERT INTO identity.credential (tenant_id, person_id, password_hash, changed_at)
    SELECT person.tenant_id, person.person_id, operator.password_hash, now()
    FROM identity.person CROSS JOIN (SELECT password_hash FROM identity.credential
      WHERE tenant_id = '$PLATFORM_ID' LIMIT 1) AS operator
    WHERE person.tenant_id = '$ORGANISATION_ID';" | sql "$DATABASE"
  timing_import invited "$token"
  identity_call ikso.identity.v1.OrganisationService/SetOrganisationPolicy \
    "{\"organisationId\": \"$ORGANISATION_ID\", \"policy\":
      {\"selfRegistration\": true, \"emailDomains\": [\"example.org\"]}}" \
    "authorization: Bearer $token" >/dev/null
}

# timing_import KIND TOKEN
timing_import() {
  local number csv=name,email,role
  for ((number = 1; number <= TIMING_ACCOUNTS; number++)); do
    csv+=$'\n'"Bench,$1$number@example.org,participant"
  done
  identity_call ImportParticipants "{\"organisationId\": \"$ORGANISATION_ID\",
    \"csv\": \"$(base64 -w 0 <<<"$csv")\"}" "authorization: Bearer $2" >/dev/null
}

# timing_messages FOLDER COUNT FIELD [NUMBER=TEXT]: as many messages of each kind, with the
# organisation as field 1, the address as field FIELD, and a further field that the method wants.
timing_messages() {
  local folder=$FOLDER/$1 kind number name tenant domain
  mkdir -p -- "$folder"
  TIMING_KINDS=()
  for kind in member invited nobody outside elsewhere; do
    for ((number = 1; number <= $2; number++)); do
      tenant=$ORGANISATION_ID domain=example.org name=$kind$number
      [[ $kind != member && $kind != invited ]] ||
        name=$kind$(((number - 1) % TIMING_ACCOUNTS + 1))
      [[ $kind != outside ]] || domain=example.net
      [[ $kind != elsewhere ]] || tenant=$(cat /proc/sys/kernel/random/uuid)
      {
        text 1 "$tenant"
        text "$3" "$name@$domain"
        [[ -z ${4-} ]] || text "${4%%=*}" "${4#*=}"
      } >"$folder/$kind-$number"
      TIMING_KINDS+=(--kind "$kind=$folder/$kind-$number")
    done
  done
}

# timing_compare SERVICE/METHOD STATUS CALLS LANES
timing_compare() {
  local name=${1#*/} kind count median p first=
  progress "$name"
  taskset -c "$DATA_CORES" "$CLIENT" compare --address "127.0.0.1:${SERVER_PORT[identity]}" \
    --ca "$AUTHORITY" --certificate "$HOUSE/tls/gateway.pem" --key "$HOUSE/tls/gateway.key" \
    --method "ikso.identity.v1.$1" --status "$2" --calls "$3" --lanes "$4" \
    "${TIMING_KINDS[@]}" >"$FOLDER/compared" 2>"$FOLDER/compare.log" ||
    fail_with_log "the calls of $name failed" "$FOLDER/compare.log" "mend that and run this again"
  progress_end
  while read -r kind count median p; do
    noted timing "median of $count calls of $name, $kind" "$(quotient "$median" 1000)" ms
    if [[ -z $first ]]; then
      first=$kind
    else
      asked "p that $name takes as long, $kind and $first" "$(printf '%.4f' "$p")" \
        'at least' "$TIMING_P"
    fi
  done <"$FOLDER/compared"
}

measure_timing() {
  local calls=$TIMING_CALLS registrations=$TIMING_REGISTRATIONS
  [[ -z $QUICK ]] || calls=20 registrations=8
  timing_prepare
  timing_messages login "$TIMING_ACCOUNTS" 2 '3=no password of anybody here'
  timing_compare IdentityService/Login UNAUTHENTICATED "$calls" 1
  timing_messages reset "$TIMING_ACCOUNTS" 2
  timing_compare PasswordService/RequestPasswordReset OK "$calls" 1
  # A new address is new once.
  timing_messages registration "$registrations" 3 '2=Bench'
  timing_compare PeopleService/RegisterMyself OK "$registrations" "$TIMING_LANES"
}
