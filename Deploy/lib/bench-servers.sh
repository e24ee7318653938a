# shellcheck shell=bash disable=SC2034
# The servers that Deploy/bench measures: each in a process of its own, on a core of its own.

readonly SERVER_CORE=0
readonly LOAD_CORE=1
# How long a server may take to listen, in seconds.
readonly LISTEN_LIMIT=30

declare -A SERVER_PID=()
declare -A SERVER_PORT=()

# material_make: certificates, messages and files.
material_make() {
  local bytes length
  HOUSE=$FOLDER/house
  mkdir -p -- "$HOUSE/log" "$FOLDER/files"
  certificates_ensure gateway identity
  CERTIFICATE=$HOUSE/tls/identity.pem
  PRIVATE_KEY=$HOUSE/tls/identity.key
  AUTHORITY=$HOUSE/tls/ca.pem
  for bytes in 32 1024; do
    letters "$bytes" >"$FOLDER/files/$bytes"
    # A google.protobuf.BytesValue: its field takes two bytes before up to 127, three before more.
    length=2
    ((bytes < 128)) || length=3
    framed "$bytes" "$length" >"$FOLDER/message-$bytes"
  done
  framed 0 0 >"$FOLDER/message-0"
  framed 100 2 >"$FOLDER/message-100"
}

letters() { head -c "$1" /dev/zero | tr '\0' a; }

# framed BYTES HEAD: a gRPC message that is a BytesValue, whose field has a head of HEAD bytes.
framed() {
  local escapes
  printf -v escapes '\\x00\\x00\\x00\\x%02x\\x%02x' $((($1 + $2) / 256)) $((($1 + $2) % 256))
  case $2 in
    2) printf -v escapes '%s\\x0a\\x%02x' "$escapes" "$1" ;;
    3) printf -v escapes '%s\\x0a\\x%02x\\x%02x' "$escapes" $(($1 % 128 + 128)) $(($1 / 128)) ;;
  esac
  printf '%b' "$escapes"
  letters "$1"
}

# server_start NAME TLS [CORE]: TLS is true or false.
server_start() {
  local name=$1 tls=$2 core=${3:-$SERVER_CORE} command=() pair=()
  [[ $tls == false ]] || pair=("$CERTIFICATE" "$PRIVATE_KEY")
  case $name in
    ikso)
      command=("$BINARIES/BenchServer" --log-level "$LOG_LEVEL")
      [[ $tls == false ]] || command+=(--cert "$CERTIFICATE" --key "$PRIVATE_KEY")
      ;;
    identity)
      command=("$BINARIES/BenchServer" --log-level "$LOG_LEVEL" --cert "$CERTIFICATE"
        --key "$PRIVATE_KEY" --client-trust "$AUTHORITY" --token "$FOLDER/token")
      ;;
    grpc-swift-2) command=("$GRPC_SWIFT_SERVER" "${pair[@]}") ;;
    grpcio) command=("$PYTHON" "$ROOT/Tests/Benchmark/Python/grpcio_server.py" "${pair[@]}") ;;
    nghttpd)
      nghttpd_start "$tls"
      return 0
      ;;
  esac
  server_run "$name" "$core" "${command[@]}"
  server_await "$name"
  SERVER_PORT[$name]=$(sed -n 's/.* listens on 127\.0\.0\.1:\([0-9]*\).*/\1/p' "$FOLDER/$name.out")
}

nghttpd_start() {
  local port command
  port=$(port_choose)
  command=(nghttpd -d "$FOLDER/files" -a 127.0.0.1)
  if [[ $1 == true ]]; then
    command+=("$port" "$PRIVATE_KEY" "$CERTIFICATE")
  else
    command+=(--no-tls "$port")
  fi
  server_run nghttpd "$SERVER_CORE" "${command[@]}"
  SERVER_PORT["nghttpd"]=$port
  server_await nghttpd
}

# server_run NAME CORE COMMAND…: what it logs is written and thrown away: a line a call would fill
# the disk. Our own are started as Deploy/up starts services.
server_run() {
  local environment=()
  [[ $3 != "$BINARIES"/* ]] || environment=(env "${SERVICE_ENVIRONMENT[@]}")
  : >"$FOLDER/$1.out"
  taskset -c "$2" "${environment[@]}" "${@:3}" >"$FOLDER/$1.out" 2>/dev/null </dev/null &
  SERVER_PID[$1]=$!
}

# server_listens NAME: on the port that we have chosen for it, or it has written which it is.
server_listens() {
  if [[ -n ${SERVER_PORT[$1]-} ]]; then ! port_free "${SERVER_PORT[$1]}"; else
    grep -q 'listens on' "$FOLDER/$1.out"
  fi
}

server_await() {
  local began=$SECONDS
  until server_listens "$1"; do
    kill -0 "${SERVER_PID[$1]}" 2>/dev/null ||
      fail "the server $1 ended while starting" "run it by hand to see why"
    ((SECONDS - began < LISTEN_LIMIT)) ||
      fail "the server $1 does not listen" "run it by hand to see why"
    sleep 0.05
  done
}

server_stop() {
  [[ -n ${SERVER_PID[$1]-} ]] || return 0
  kill -TERM "${SERVER_PID[$1]}" 2>/dev/null || true
  # One of them waits for its clients, which are gone.
  sleep 0.1
  kill -KILL "${SERVER_PID[$1]}" 2>/dev/null || true
  wait "${SERVER_PID[$1]}" 2>/dev/null || true
  unset "SERVER_PID[$1]" "SERVER_PORT[$1]"
}

servers_stop() {
  local name
  for name in "${!SERVER_PID[@]}"; do server_stop "$name"; done
}

# server_available NAME: whether it can be measured here.
server_available() {
  [[ $1 == grpcio ]] || return 0
  PYTHON=${IKSO_TEST_PYTHON:-$ROOT/.ikso-test/python/bin/python}
  "$PYTHON" -c 'import grpc' 2>/dev/null
}

# server_check NAME TLS: one real call with our client; an HTTP status tells nothing of gRPC's.
server_check() {
  local options=(--address "127.0.0.1:${SERVER_PORT[$1]}")
  [[ $1 != nghttpd ]] || return 0
  [[ $2 == false ]] || options+=(--ca "$AUTHORITY")
  [[ $1 != gateway ]] || options+=(--token "$FOLDER/token")
  taskset -c "$LOAD_CORE" timeout 20 "$CLIENT" check "${options[@]}" >"$FOLDER/check.log" 2>&1 ||
    fail_with_log "the server $1 does not echo" "$FOLDER/check.log" "mend that and run this again"
}

# KiB that a server has in memory.
server_memory() { awk '/^VmRSS:/ { print $2 }' "/proc/${SERVER_PID[$1]}/status"; }

# Nanoseconds that a server has computed.
server_time() { "$CLIENT" processor-time "${SERVER_PID[$1]}"; }
