# shellcheck shell=bash
# Starting, watching and stopping the services. A recorded pid counts only while the process of
# that number was started with our configuration file.

readonly HEALTHY_WITHIN_SECONDS=60
# What a service is started with. A reactor that ends hundreds of calls in one turn gives as many
# chunks of a size back at once; by default malloc keeps seven of them at hand.
readonly SERVICE_ENVIRONMENT=(GLIBC_TUNABLES=glibc.malloc.tcache_count=600)
# Services that this run has started, in order; an interrupted start takes these back.
STARTED=()

# 0 if process PID serves NAME from this home.
serves() {
  grep -qzxF -- "$(config_of "$1")" "/proc/$2/cmdline" 2>/dev/null &&
    grep -qzxF serve "/proc/$2/cmdline" 2>/dev/null
}

# The process that serves NAME: the recorded one, or one that was started by hand.
service_pid() {
  local name=$1 pid file
  pid=$(cat -- "$HOUSE/run/$name.pid" 2>/dev/null) || pid=
  if [[ -n $pid ]] && serves "$name" "$pid"; then
    printf '%s' "$pid"
    return 0
  fi
  # The path comes in by -f, else this grep would find itself.
  while IFS= read -r file; do
    pid=${file//[!0-9]/}
    if serves "$name" "$pid"; then
      printf '%s\n' "$pid" >"$HOUSE/run/$name.pid"
      printf '%s' "$pid"
      return 0
    fi
  done < <(grep -lzxF -f <(config_of "$name") /proc/[0-9]*/cmdline 2>/dev/null || true)
}

# What a service was started from: another program or configuration needs a new start.
service_fingerprint() { sha256sum -- "$BINARIES/ikso-$1" "$(config_of "$1")" | cut -c1-64; }

service_current() {
  [[ -n $(service_pid "$1") ]] &&
    [[ $(service_fingerprint "$1") == "$(cat -- "$HOUSE/run/$1.started" 2>/dev/null)" ]]
}

service_healthy() {
  local port arguments
  port=$(port_of "$1")
  arguments=(--address "127.0.0.1:$port" --ca "$HOUSE/tls/ca.pem")
  [[ $1 == gateway ]] ||
    arguments+=(--certificate "$HOUSE/tls/tools.pem" --key "$HOUSE/tls/tools.key")
  timeout 10 "$BINARIES/ikso" health "${arguments[@]}" >"$HOUSE/log/health.log" 2>&1 </dev/null
}

# ports_check: fails if a port that a service needs is held by something else.
ports_check() {
  local name port
  for name in "${SERVICES[@]}"; do
    [[ -z $(service_pid "$name") ]] || continue
    port=$(port_of "$name")
    port_free "$port" ||
      fail "port $port of $name is taken by $(port_holder "$port")" \
        "stop that, or choose others with --gateway-port and --service-port"
  done
}

# Closes what was inherited beyond standard input, output and error: who started this script may
# wait for the end of a pipe.
descriptors_close() {
  local path number
  for path in "/proc/$BASHPID/fd"/*; do
    number=${path##*/}
    # 255 is the shell's own, and closes by itself.
    if ((number > 2 && number != 255)); then eval "exec $number>&-"; fi
  done
}

service_start() {
  local name=$1 config
  config=$(config_of "$name")
  service_fingerprint "$name" >"$HOUSE/run/$name.started"
  STARTED+=("$name")
  # A session of its own: Ctrl-C on the terminal must not reach it before our orderly stop.
  (
    cd -- "$HOUSE" || exit
    descriptors_close
    exec setsid env "${SERVICE_ENVIRONMENT[@]}" "$BINARIES/ikso-$name" serve --config "$config"
  ) >>"$HOUSE/log/$name.log" 2>&1 </dev/null &
  printf '%s\n' "$!" >"$HOUSE/run/$name.pid"
}

service_wait_healthy() {
  local name=$1 began=$SECONDS pid
  pid=$(cat -- "$HOUSE/run/$name.pid")
  until service_healthy "$name"; do
    kill -0 "$pid" 2>/dev/null ||
      fail_with_log "$name ended while starting" "$HOUSE/log/$name.log" \
        "mend what its log says and run this again"
    ((SECONDS - began < HEALTHY_WITHIN_SECONDS)) ||
      fail_with_log "$name is not healthy after $HEALTHY_WITHIN_SECONDS s ($(
        tail -n 1 "$HOUSE/log/health.log"
      ))" "$HOUSE/log/$name.log" "mend what its log says and run this again"
    progress "waiting for $name"
    sleep 0.2
  done
  progress_end
}

# Leaves alone what runs and is healthy, starts or restarts the others, waits for all.
services_start() {
  local name pending=() kept=()
  for name in "${SERVICES[@]}"; do
    if service_current "$name" && service_healthy "$name"; then
      kept+=("$name")
    else
      service_stop "$name"
      service_start "$name"
      pending+=("$name")
    fi
  done
  for name in "${pending[@]}"; do service_wait_healthy "$name"; done
  if ((${#kept[@]})); then say "      left running: ${kept[*]}"; fi
}

# service_stop NAME: SIGTERM, the grace that the service itself grants, then SIGKILL.
service_stop() {
  local name=$1 pid began=$SECONDS
  pid=$(service_pid "$name")
  if [[ -n $pid ]]; then
    kill -TERM "$pid" 2>/dev/null || true
    while serves "$name" "$pid"; do
      if ((SECONDS - began > SHUTDOWN_GRACE_SECONDS + 5)); then
        say "      $name (process $pid) has not ended $((SECONDS - began)) s after SIGTERM: SIGKILL"
        kill -KILL "$pid" 2>/dev/null || true
        # Else the shell announces the end of a child in words of its own.
        wait "$pid" 2>/dev/null || true
        began=$SECONDS
      fi
      sleep 0.1
    done
  fi
  rm -f -- "$HOUSE/run/$name.pid" "$HOUSE/run/$name.started"
}

# services_stop NAME…: in the reverse order.
services_stop() {
  local index
  for ((index = $#; index > 0; index--)); do service_stop "${!index}"; done
}

# The first service that has ended, or "postgres"; nothing while all run.
first_ended() {
  local name
  for name in "${SERVICES[@]}"; do
    if [[ -z $(service_pid "$name") ]]; then
      printf '%s' "$name"
      return 0
    fi
  done
  [[ -n $(postgres_pid) ]] || printf 'postgres'
}
