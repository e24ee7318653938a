# shellcheck shell=bash
# What the scripts say: numbered steps, one-line failures with a remedy, tails of logs.

# Exit status of a failure that has been explained; `unexpected` adds nothing to it.
readonly EXPLAINED=3

COMMAND=Deploy/${0##*/}
STEP=0
STEPS=0
STEP_BEGAN=0

say() { printf '%s\n' "$*" >&2; }

# fail WHAT REMEDY: says both in one line and ends the script.
fail() {
  printf '%s: %s; %s\n' "$COMMAND" "$1" "$2" >&2
  exit "$EXPLAINED"
}

# misuse WHAT: for a wrong command line.
misuse() {
  printf '%s: %s; see %s --help\n' "$COMMAND" "$1" "$COMMAND" >&2
  exit 2
}

# fail_with_log WHAT LOGFILE REMEDY: the end of the log, then the failure.
fail_with_log() {
  local what=$1 log=$2 remedy=$3
  if grep -qsi 'no space left on device' "$log"; then
    remedy="the disk is full: free some space and run this again"
  fi
  say "--- the end of $log"
  tail -n 25 "$log" >&2 2>/dev/null || true
  say "---"
  fail "$what" "$remedy"
}

step() {
  STEP=$((STEP + 1))
  STEP_BEGAN=$SECONDS
  say "[$STEP/$STEPS] $* …"
}

# How long the step took, if long enough to be worth a line.
step_done() {
  local took=$((SECONDS - STEP_BEGAN))
  if ((took >= 3)); then say "      done in $took s"; fi
}

# progress TEXT: overwrites the current line on a terminal, says nothing elsewhere.
progress() {
  [[ -t 2 ]] || return 0
  local width=${COLUMNS:-80}
  printf '\r\033[K      %s' "${1:0:width-8}" >&2
}

progress_end() {
  if [[ -t 2 ]]; then printf '\r\033[K' >&2; fi
}

# For `trap … ERR`: no failure goes by without a word, not even one that we didn't foresee.
unexpected() {
  local status=$1 line=$2 source=$3
  ((status == EXPLAINED)) || say "$COMMAND: failed at $source:$line with status $status"
  exit "$status"
}
