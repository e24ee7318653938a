# shellcheck shell=bash disable=SC2034
# Loads all of Deploy/lib; a script sources this file alone.

set -Eeuo pipefail
umask 077

ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
BINARIES=

# shellcheck source=output.sh
source "$ROOT/Deploy/lib/output.sh"
trap 'unexpected "$?" "$LINENO" "${BASH_SOURCE[0]}"' ERR
# shellcheck source=machine.sh
source "$ROOT/Deploy/lib/machine.sh"
# shellcheck source=build.sh
source "$ROOT/Deploy/lib/build.sh"
# shellcheck source=house.sh
source "$ROOT/Deploy/lib/house.sh"
# shellcheck source=tls.sh
source "$ROOT/Deploy/lib/tls.sh"
# shellcheck source=postgres.sh
source "$ROOT/Deploy/lib/postgres.sh"
# shellcheck source=processes.sh
source "$ROOT/Deploy/lib/processes.sh"
# shellcheck source=python.sh
source "$ROOT/Deploy/lib/python.sh"
# shellcheck source=raise.sh
source "$ROOT/Deploy/lib/raise.sh"
