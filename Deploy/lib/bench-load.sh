# shellcheck shell=bash disable=SC2034
# The load of Deploy/bench, and what it costs a server.

# Requests that tell how many make a measurement.
readonly CALIBRATION=4000
readonly LOAD_LIMIT=120

# load SERVER TLS CONNECTIONS STREAMS COUNT [OPTION…] PATH: fails unless every request succeeded.
load() {
  local scheme=http
  [[ $2 == false ]] || scheme=https
  taskset -c "$LOAD_CORE" timeout "$LOAD_LIMIT" h2load -n "$5" -c "$3" -m "$4" "${@:6:$#-6}" \
    "$scheme://127.0.0.1:${SERVER_PORT[$1]}${*: -1}" >"$FOLDER/h2load.out" 2>&1 </dev/null || true
  (($(grep -cE "^(requests: $5 total, .* $5 succeeded, 0 failed|status codes: $5 2xx)," \
    "$FOLDER/h2load.out") == 2)) ||
    fail_with_log "not every request to $1 succeeded" "$FOLDER/h2load.out" \
      "mend that and run this again"
}

# Seconds that the last load took; its text has s, ms or us.
load_seconds() {
  sed -n 's/^finished in \([0-9.]*[a-z]*\), .*/\1/p' "$FOLDER/h2load.out" | awk '
    /ms$/ { printf "%.6f", $1 / 1e3; next } /us$/ { printf "%.6f", $1 / 1e6; next }
    { printf "%.6f", $1 + 0 }'
}

# load_received BYTES: fails unless the bodies of the last load were so long at least. An error of
# gRPC is HTTP's 200 as well, but has no body.
load_received() {
  local data
  data=$(sed -n 's/^traffic: .*(\([0-9]*\)) data$/\1/p' "$FOLDER/h2load.out")
  ((data >= $1)) ||
    fail_with_log "only $data bytes came back, $1 were due" "$FOLDER/h2load.out" \
      "mend that and run this again"
}

# unary_options SERVER PAYLOAD: sets OPTIONS to what h2load needs for one call.
unary_options() {
  case $1 in
    nghttpd) OPTIONS=("/$2") ;;
    *) grpc_options "$1" "$FOLDER/message-$2" Echo ;;
  esac
}

# grpc_options SERVER FILE METHOD [HEADER…]: with a deadline, as our services call each other.
grpc_options() {
  local header
  OPTIONS=(-d "$2" -H 'content-type: application/grpc' -H 'te: trailers' -H 'grpc-timeout: 60S')
  [[ $1 != gateway ]] || OPTIONS+=(-H "authorization: Bearer $(<"$FOLDER/token")")
  for header in "${@:4}"; do OPTIONS+=(-H "$header"); done
  OPTIONS+=("/ikso.bench.v1.Bench/$3")
}

# load_timed SERVER TLS CONNECTIONS STREAMS COUNT: calls; sets SPENT, the ns that the server has
# computed, and TOOK, seconds.
load_timed() {
  local before
  before=$(server_time "$1")
  load "$@" "${OPTIONS[@]}"
  SPENT=$(($(server_time "$1") - before))
  TOOK=$(load_seconds)
}

# calls_prepare SERVER PAYLOAD TLS CONNECTIONS STREAMS: sets CONNECTING, what a measurement is to
# leave out (ns, seconds, calls), and COUNT, how many calls take SECONDS_EACH.
calls_prepare() {
  unary_options "$1" "$2"
  load "$1" "$3" "$4" "$5" "$CALIBRATION" "${OPTIONS[@]}"
  COUNT=$(awk -v seconds="$(load_seconds)" -v wish="$SECONDS_EACH" -v count="$CALIBRATION" 'BEGIN {
    count = int(count / seconds * wish)
    print count < 2000 ? 2000 : count }')
  load_timed "$1" "$3" "$4" "$5" "$4"
  CONNECTING="$SPENT $TOOK $4"
}

# calls_measure SERVER PAYLOAD TLS CONNECTIONS STREAMS COUNT CONNECTING: sets COST (processor µs a
# call) and RATE (calls a second), without the connecting.
calls_measure() {
  local size
  unary_options "$1" "$2"
  load_timed "$1" "$3" "$4" "$5" "$6"
  size=$2
  [[ $1 == nghttpd ]] || size=$(stat -c %s -- "$FOLDER/message-$2")
  load_received $((size * $6))
  read -r COST RATE < <(awk -v ns="$SPENT" -v seconds="$TOOK" -v count="$6" -v left="$7" 'BEGIN {
    split(left, out, " ")
    count -= out[3]
    printf "%.3f %.0f\n", (ns - out[1]) / count / 1e3, count / (seconds - out[2]) }')
}

# The median of numbers, one a line.
median() {
  sort -g | awk '{ value[NR] = $1 } END {
    print NR % 2 ? value[(NR + 1) / 2] : (value[NR / 2] + value[NR / 2 + 1]) / 2 }'
}

# quotient A B [DECIMALS]
quotient() {
  awk -v a="$1" -v b="$2" -v decimals="${3:-2}" 'BEGIN { printf "%.*f\n", decimals, a / b }'
}
