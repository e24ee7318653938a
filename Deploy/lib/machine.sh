# shellcheck shell=bash disable=SC2034
# What the machine must offer: Debian packages, Swift, room on the disk, free ports.

readonly SWIFT_NEEDED=6.3
readonly BUILD_PACKAGES=(
  libnghttp2-dev libssl-dev libpq-dev libargon2-dev zlib1g-dev libcurl4-openssl-dev pkg-config
)
readonly RUN_PACKAGES=(postgresql openssl)
readonly TEST_PACKAGES=(protobuf-compiler libprotobuf-dev python3-venv curl chromium pgbouncer)
readonly BUILD_MEBIBYTES=4096
readonly RUN_MEBIBYTES=512

package_installed() {
  [[ $(dpkg-query -W -f='${Status}' "$1" 2>/dev/null) == 'install ok installed' ]]
}

# packages_install LOG PACKAGE…: installs those that are missing.
packages_install() {
  local log=$1 package missing=() as_root=()
  shift
  command -v dpkg-query >/dev/null ||
    fail "this is not a Debian system" "install the counterparts of: $*; or use Debian 12"
  for package in "$@"; do
    package_installed "$package" || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
      fail "Debian packages are missing and this user may not install them" \
        "type: sudo apt-get install -y ${missing[*]}"
    fi
    as_root=(sudo -n)
  fi
  say "      installing ${missing[*]}"
  {
    "${as_root[@]}" apt-get update &&
      "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends "${missing[@]}"
  } >"$log" 2>&1 </dev/null ||
    fail_with_log "apt-get could not install ${missing[*]}" "$log" "mend that and run this again"
}

# The version of Swift on the PATH, such as 6.3.1; empty if there is none.
swift_version() {
  local text=''
  text=$(swift --version 2>/dev/null) || true
  [[ $text =~ Swift\ version\ ([0-9]+(\.[0-9]+)+) ]] && printf '%s' "${BASH_REMATCH[1]}"
  return 0
}

swift_check() {
  local found
  found=$(swift_version)
  [[ -n $found ]] ||
    fail "Swift is not on the PATH" \
      "install Swift $SWIFT_NEEDED or newer from https://www.swift.org/install/linux/ and add it"
  [[ $(printf '%s\n' "$SWIFT_NEEDED" "$found" | sort -V | head -n 1) == "$SWIFT_NEEDED" ]] ||
    fail "Swift $found is too old" \
      "install Swift $SWIFT_NEEDED or newer from https://www.swift.org/install/linux/"
}

# disk_check FOLDER MEBIBYTES: FOLDER need not exist yet.
disk_check() {
  local folder=$1 needed=$2 free
  while [[ ! -d $folder ]]; do folder=$(dirname -- "$folder"); done
  free=$(df --output=avail -BM -- "$folder" | tail -n 1 | tr -dc '0-9')
  ((free >= needed)) ||
    fail "the disk of $folder has $free MiB left, $needed MiB are needed" \
      "free some space, or choose another disk with --home and --build-dir"
}

# Inodes of the sockets that listen on a TCP port, one a line.
port_listeners() {
  local tables=(/proc/net/tcp) hex
  hex=$(printf ':%04X' "$1")
  [[ -r /proc/net/tcp6 ]] && tables+=(/proc/net/tcp6)
  awk -v port="$hex" '$4 == "0A" && substr($2, length($2) - 4) == port { print $10 }' \
    "${tables[@]}"
}

port_free() { [[ -z $(port_listeners "$1") ]]; }

# "postgres (process 812)" for the holder of a port, if this user may know it.
port_holder() {
  local inode descriptor pid
  inode=$(port_listeners "$1" | head -n 1)
  descriptor=$(find /proc/[0-9]*/fd -lname "socket:\[$inode\]" -print -quit 2>/dev/null) || true
  if [[ -n $descriptor ]]; then
    pid=${descriptor#/proc/}
    pid=${pid%%/*}
    printf '%s (process %s)' "$(cat "/proc/$pid/comm" 2>/dev/null)" "$pid"
    return 0
  fi
  printf 'a process of another user'
}

# A port that nobody listens on, below the range that the kernel hands to clients.
port_choose() {
  local port tries=0
  while ((tries++ < 1000)); do
    port=$((20000 + RANDOM % 12000))
    if port_free "$port"; then
      printf '%s' "$port"
      return 0
    fi
  done
  fail "no free TCP port between 20000 and 32000" "name ports with --gateway-port, --service-port"
}
