# shellcheck shell=bash disable=SC2034,SC2153
# What Deploy/bench measures, a section each: lines for bench-report.sh.

readonly PAYLOADS=(32 1024)
# Connections and streams on each.
readonly SHAPES=('8 32' '64 1')
readonly IDLE_CONNECTIONS=10000
readonly LARGE_BYTES=1048576 LARGE_COUNT=64
readonly SMALL_BYTES=100 SMALL_COUNT=1000

# noted SECTION WHAT VALUE UNIT: a figure that nothing is asked of.
noted() { printf '%s\t%s\t%s\t%s\n' "$@" >>"$FOLDER/noted.tsv"; }

# asked WHAT VALUE RELATION LIMIT: a figure that is to be `at most` or `at least` the limit.
asked() { printf '%s\t%s\t%s\t%s\n' "$@" >>"$FOLDER/asked.tsv"; }

encryption() { if [[ $1 == true ]]; then printf 'TLS'; else printf 'plaintext'; fi; }

# MARK: calls

measure_calls() {
  local tls payload shape name running
  for tls in false true; do
    running=()
    for name in ${SERVERS//,/ }; do
      if ! server_available "$name"; then
        [[ $tls == true ]] || say "      $name is not installed: left out"
        continue
      fi
      server_start "$name" "$tls"
      server_check "$name" "$tls"
      running+=("$name")
    done
    for payload in "${PAYLOADS[@]}"; do
      for shape in "${SHAPES[@]}"; do
        calls_compare "$payload" "$tls" "$shape" "${running[@]}"
      done
    done
    servers_stop
  done
}

# calls_compare PAYLOAD TLS SHAPE SERVER…: rounds over all servers, so that what else the machine
# does meets all of them alike; then the medians.
calls_compare() {
  local payload=$1 tls=$2 connections=${3% *} streams=${3#* } round name
  declare -A count=() connecting=()
  shift 3
  rm -f -- "$FOLDER"/sample-*
  for name in "$@"; do
    calls_prepare "$name" "$payload" "$tls" "$connections" "$streams"
    count[$name]=$COUNT connecting[$name]=$CONNECTING
  done
  for ((round = 1; round <= ROUNDS; round++)); do
    for name in "$@"; do
      progress "$payload bytes, $(encryption "$tls"), $connections x $streams, $name, round $round"
      calls_measure "$name" "$payload" "$tls" "$connections" "$streams" "${count[$name]}" \
        "${connecting[$name]}"
      printf '%s\n' "$COST" >>"$FOLDER/sample-cost-$name"
      printf '%s\n' "$RATE" >>"$FOLDER/sample-rate-$name"
    done
  done
  progress_end
  for name in "$@"; do
    printf '%s\t%s\t%s\t%s\t%s\t%.3f\t%.0f\n' "$name" "$payload" "$tls" "$connections" "$streams" \
      "$(median <"$FOLDER/sample-cost-$name")" "$(median <"$FOLDER/sample-rate-$name")" \
      >>"$FOLDER/rows.tsv"
  done
  ratios_ask "$payload" "$tls" "$connections" "$streams"
}

# row_cost SERVER PAYLOAD TLS CONNECTIONS STREAMS: its processor µs a call; nothing if not measured.
row_cost() {
  awk -F'\t' -v key="$1 $2 $3 $4 $5" '$1 " " $2 " " $3 " " $4 " " $5 == key { print $6 }' \
    "$FOLDER/rows.tsv"
}

ratios_ask() {
  local own floor other what
  own=$(row_cost ikso "$@")
  floor=$(row_cost nghttpd "$@")
  other=$(row_cost grpc-swift-2 "$@")
  what="$1 bytes, $(encryption "$2"), $3 x $4"
  [[ -n $own ]] || return 0
  if [[ -n $floor ]]; then
    if (($4 > 1)); then
      asked "$what: ikso to nghttpd" "$(quotient "$own" "$floor")" 'at most' 2.5
    else
      asked "$what: ikso to nghttpd" "$(quotient "$own" "$floor")" 'at most' 1.4
    fi
  fi
  if [[ -n $other ]] && (($4 > 1)); then
    asked "$what: grpc-swift-2 to ikso" "$(quotient "$other" "$own")" 'at least' 20
  fi
}

# MARK: client

measure_client() {
  local tls shape
  for tls in false true; do
    server_start ikso "$tls"
    server_check ikso "$tls"
    for shape in "${SHAPES[@]}"; do
      client_compare "$tls" "${shape% *}" "${shape#* }"
    done
    servers_stop
  done
}

# client_compare TLS CONNECTIONS STREAMS
client_compare() {
  local options round what count seconds own server
  what="$(encryption "$1"), $2 x $3"
  options=(calls --address "127.0.0.1:${SERVER_PORT[ikso]}" --server "${SERVER_PID[ikso]}"
    --connections "$2" --streams "$3"
    --calls "$(awk -v seconds="$SECONDS_EACH" 'BEGIN { print int(40000 * seconds) }')")
  [[ $1 == false ]] || options+=(--ca "$AUTHORITY")
  rm -f -- "$FOLDER"/sample-*
  for ((round = 1; round <= ROUNDS; round++)); do
    progress "client, $what, round $round"
    taskset -c "$LOAD_CORE" timeout "$LOAD_LIMIT" "$CLIENT" "${options[@]}" \
      >"$FOLDER/client.out" 2>&1 </dev/null ||
      fail_with_log "the calls of our client failed" "$FOLDER/client.out" \
        "mend that and run this again"
    read -r count seconds own server <"$FOLDER/client.out"
    quotient "$own" "$count" 1 >>"$FOLDER/sample-own"
    quotient "$own" "$server" 3 >>"$FOLDER/sample-ratio"
    quotient "$count" "$seconds" 0 >>"$FOLDER/sample-rate"
  done
  progress_end
  noted client "processor time of a call, $what" \
    "$(quotient "$(median <"$FOLDER/sample-own")" 1000)" µs
  noted client "calls, $what" "$(median <"$FOLDER/sample-rate")" '1/s'
  asked "our client to our server, $what" "$(median <"$FOLDER/sample-ratio")" 'at most' 1.5
}

# MARK: gateway

# The gateway with a server behind it; what that one costs is not counted.
measure_gateway() {
  local shape direct
  server_start identity true "$LOAD_CORE"
  gateway_start
  asked 'a process at rest, in MiB (gateway)' "$(quotient "$(server_memory gateway)" 1024)" \
    'at most' 25
  server_check gateway true
  server_start ikso true
  server_check ikso true
  for shape in "${SHAPES[@]}"; do
    samples_take ikso 32 true "${shape% *}" "${shape#* }"
    direct=$COST
    samples_take gateway 32 true "${shape% *}" "${shape#* }"
    noted gateway "processor time of a call, TLS, ${shape/ / x }" "$COST" µs
    asked "the gateway to a direct call, TLS, ${shape/ / x }" \
      "$(quotient "$COST" "$direct")" 'at most' 3
  done
  servers_stop
}

gateway_start() {
  local port
  port=$(port_choose)
  cat >"$FOLDER/gateway.json" <<TEXT
{"listen": {"host": "127.0.0.1", "port": $port},
 "tls": {"certificate": "$HOUSE/tls/gateway.pem", "key": "$HOUSE/tls/gateway.key",
  "trust": "$AUTHORITY"},
 "peers": {"identity": "127.0.0.1:${SERVER_PORT[identity]}"},
 "routes": ["ikso.bench.v1.Bench=identity"], "reactors": 1, "log": {"level": "$LOG_LEVEL"}}
TEXT
  server_run gateway "$SERVER_CORE" "$BINARIES/ikso-gateway" serve --config "$FOLDER/gateway.json"
  SERVER_PORT["gateway"]=$port
  server_await gateway
}

# samples_take SERVER PAYLOAD TLS CONNECTIONS STREAMS: the medians in COST and RATE.
samples_take() {
  local round
  calls_prepare "$@"
  rm -f -- "$FOLDER"/sample-*
  for ((round = 1; round <= ROUNDS; round++)); do
    progress "$1, $4 x $5, round $round"
    calls_measure "$@" "$COUNT" "$CONNECTING"
    printf '%s\n' "$COST" >>"$FOLDER/sample-cost"
    printf '%s\n' "$RATE" >>"$FOLDER/sample-rate"
  done
  progress_end
  COST=$(median <"$FOLDER/sample-cost")
  RATE=$(median <"$FOLDER/sample-rate")
}

# MARK: streams

measure_streams() {
  local tls
  head -c $((LARGE_BYTES * LARGE_COUNT)) /dev/zero >"$FOLDER/files/large"
  for _ in {1..1000}; do cat -- "$FOLDER/message-$SMALL_BYTES"; done >"$FOLDER/messages"
  for tls in false true; do
    server_start ikso "$tls"
    server_start nghttpd "$tls"
    streams_large "$tls"
    streams_small "$tls"
    servers_stop
  done
  rm -f -- "$FOLDER/files/large"
}

# streams_large TLS: bytes a second.
streams_large() {
  local total=$((LARGE_BYTES * LARGE_COUNT)) floor what
  what="64 MiB file, $(encryption "$1"), nghttpd"
  OPTIONS=(/large)
  stream_measure nghttpd "$1" "$total" 32
  floor=$BYTES_RATE
  noted streams "$what" "$floor" MB/s
  noted streams "$what" "$BYTES_COST" 'µs/MB'
  what="1 MiB messages, $(encryption "$1"), ikso"
  grpc_options ikso "$FOLDER/message-0" Repeat "bench-size: $LARGE_BYTES" \
    "bench-count: $LARGE_COUNT"
  stream_measure ikso "$1" "$total" 32
  noted streams "$what" "$BYTES_RATE" MB/s
  noted streams "$what" "$BYTES_COST" 'µs/MB'
  asked "1 MiB messages, $(encryption "$1"): ikso to nghttpd" \
    "$(quotient "$BYTES_RATE" "$floor")" 'at least' 0.6
}

# streams_small TLS: messages a second.
streams_small() {
  local sent=2000 echoed=800 rate
  samples_take ikso 32 "$1" 8 32
  grpc_options ikso "$FOLDER/message-0" Repeat "bench-size: $SMALL_BYTES" \
    "bench-count: $SMALL_COUNT"
  stream_measure ikso "$1" $((SMALL_BYTES * SMALL_COUNT)) "$sent"
  rate=$(quotient $((sent * SMALL_COUNT)) "$ELAPSED" 0)
  noted streams "100-byte messages sent, $(encryption "$1")" "$rate" '1/s'
  asked "100-byte messages to unary calls, $(encryption "$1")" "$(quotient "$rate" "$RATE")" \
    'at least' 5
  grpc_options ikso "$FOLDER/messages" EchoEach
  stream_measure ikso "$1" $((SMALL_BYTES * SMALL_COUNT)) "$echoed"
  rate=$(quotient $((echoed * SMALL_COUNT)) "$ELAPSED" 0)
  noted streams "100-byte messages echoed, $(encryption "$1")" "$rate" '1/s'
}

# stream_measure SERVER TLS BYTES COUNT: COUNT answers of BYTES each; sets BYTES_RATE (MB/s),
# BYTES_COST (processor µs a MB) and ELAPSED (seconds), the medians of the rounds.
stream_measure() {
  local round
  rm -f -- "$FOLDER"/sample-*
  for ((round = 1; round <= ROUNDS; round++)); do
    progress "$1, $4 streams of $3 bytes, round $round"
    load_timed "$1" "$2" 8 1 "$4"
    load_received $(($3 * $4))
    printf '%s\n' "$TOOK" >>"$FOLDER/sample-seconds"
    printf '%s\n' "$SPENT" >>"$FOLDER/sample-spent"
  done
  progress_end
  ELAPSED=$(median <"$FOLDER/sample-seconds")
  BYTES_RATE=$(quotient $(($3 * $4 / 1000000)) "$ELAPSED" 0)
  BYTES_COST=$(quotient "$(median <"$FOLDER/sample-spent")" $(($3 * $4 / 1000)) 0)
}

# MARK: memory

measure_memory() {
  local tls limit rest each
  ulimit -n "$(ulimit -H -n)"
  for tls in false true; do
    limit=16
    [[ $tls == false ]] || limit=48
    server_start ikso "$tls"
    rest=$(server_memory ikso)
    asked "a process at rest, in MiB (bench, $(encryption "$tls"))" "$(quotient "$rest" 1024)" \
      'at most' 25
    connections_hold "$tls"
    each=$(quotient $((HELD_MEMORY - rest)) "$IDLE_CONNECTIONS" 1)
    asked "an idle connection, in KiB, $(encryption "$tls")" "$each" 'at most' "$limit"
    servers_stop
  done
}

# connections_hold TLS: sets HELD_MEMORY to the KiB of the server with IDLE_CONNECTIONS.
connections_hold() {
  local options=(hold --address "127.0.0.1:${SERVER_PORT[ikso]}" --connections "$IDLE_CONNECTIONS")
  local line=''
  [[ $1 == false ]] || options+=(--ca "$AUTHORITY")
  progress "$IDLE_CONNECTIONS connections, $(encryption "$1")"
  coproc HOLD { exec taskset -c "$LOAD_CORE" "$CLIENT" "${options[@]}" 2>"$FOLDER/hold.log"; }
  SERVER_PID["holder"]=$HOLD_PID
  IFS= read -r -t "$LOAD_LIMIT" line <&"${HOLD[0]}" || true
  [[ $line == held* ]] ||
    fail_with_log "$IDLE_CONNECTIONS connections cannot be held" "$FOLDER/hold.log" \
      "see that 'ulimit -Hn' allows some more than that many, and run this again"
  HELD_MEMORY=$(server_memory ikso)
  server_stop holder
  progress_end
}
