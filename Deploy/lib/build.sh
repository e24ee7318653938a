# shellcheck shell=bash disable=SC2034
# Runs the Swift package manager, with its progress in one line and its output in a log.

BUILD_PID=
# With Swift's libraries inside: a call costs a tenth less, as none of its many small calls into the
# runtime goes through a table; a process at rest touches 5 MiB less; the machine that runs it needs
# no Swift.
readonly RELEASE_OPTIONS=(-c release --static-swift-stdlib)

# swift_build LOG ARGUMENT…: `swift build ARGUMENT…` in the repository.
swift_build() {
  local log=$1 status=0 said=$SECONDS line
  shift
  # A session of its own, so that an interruption reaches the compilers as well.
  (cd -- "$ROOT" && exec setsid swift build "$@") >"$log" 2>&1 </dev/null 9>&- &
  BUILD_PID=$!
  while kill -0 "$BUILD_PID" 2>/dev/null; do
    sleep 0.3
    line=$(grep -aE '^(\[[0-9]+/[0-9]+\]|Fetching|Computing|Creating)' "$log" | tail -n 1) || true
    progress "$((SECONDS - STEP_BEGAN)) s  $line"
    if [[ ! -t 2 ]] && ((SECONDS - said >= 60)); then
      said=$SECONDS
      say "      $((SECONDS - STEP_BEGAN)) s  $line"
    fi
  done
  progress_end
  wait "$BUILD_PID" || status=$?
  BUILD_PID=
  ((status == 0)) ||
    fail_with_log "the build failed" "$log" "mend what the log says and run this again"
}

# Where the package manager puts its products.
binaries_folder() {
  (cd -- "$ROOT" && swift build --show-bin-path "$@" 2>/dev/null </dev/null) ||
    fail "Swift cannot read this package" "run 'swift package describe' to see why"
}

build_interrupt() {
  [[ -z $BUILD_PID ]] || kill -TERM -- "-$BUILD_PID" 2>/dev/null || true
}

binaries_check() {
  local name
  for name in ikso "${SERVICES[@]/#/ikso-}"; do
    [[ -x $BINARIES/$name ]] ||
      fail "$BINARIES/$name does not exist" "run $COMMAND without --no-build and --binaries"
  done
}
