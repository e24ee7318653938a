# shellcheck shell=bash disable=SC2034
# The home of a running system: its folder, its settings, its secrets, its configuration files.
# HOUSE is that folder, absolute. Everything in it is readable to its owner only.

# In the order in which they start; they stop in the reverse.
readonly SERVICES=(identity privacy feedback goals gateway)
# Those that have a schema, an owner role, a runtime role and a key store.
readonly STORES=(identity feedback goals privacy)
readonly DATABASE=ikso
readonly OPERATOR_EMAIL=operator@example.org
readonly SHUTDOWN_GRACE_SECONDS=10

declare -A DEFAULT_PORT=(
  [gateway]=8443 [identity]=9101 [feedback]=9102 [goals]=9103 [privacy]=9104)
# Whose certificate a service accepts; the gateway asks its clients for none.
declare -A ALLOWED_PEERS=(
  [identity]='gateway feedback goals privacy tools'
  [feedback]='gateway goals privacy tools'
  [goals]='gateway privacy tools'
  [privacy]='gateway identity feedback goals tools'
  [gateway]='')
# Services of the schemas that the gateway routes, and to whom.
readonly ROUTES=(
  ikso.identity.v1.IdentityService=identity
  ikso.identity.v1.OrganisationService=identity
  ikso.identity.v1.SessionService=identity
  ikso.identity.v1.PeopleService=identity
  ikso.identity.v1.MinorService=identity
  ikso.identity.v1.ProgrammeService=identity
  ikso.identity.v1.ReportService=identity
  ikso.identity.v1.FactorService=identity
  ikso.identity.v1.PasswordService=identity
  ikso.identity.v1.SecurityLogService=identity
  ikso.identity.v1.ServiceAccountService=identity
  ikso.identity.v1.ServiceTokenService=identity
  ikso.identity.v1.SupportService=identity
  ikso.identity.v1.DeviceService=identity
  ikso.identity.v1.SignInService=identity
  ikso.keys.v1.KeysService=identity
  ikso.feedback.v1.FeedbackService=feedback
  ikso.goals.v1.GoalsService=goals
  ikso.privacy.v1.PrivacyService=privacy
  ikso.privacy.v1.ConsentService=privacy
  ikso.privacy.v1.StatementService=privacy
  ikso.privacy.v1.ActivityService=privacy
  ikso.privacy.v1.RegisterService=privacy
  ikso.privacy.v1.BreachService=privacy
  ikso.privacy.v1.ComplaintService=privacy
  ikso.privacy.v1.IntakeService=privacy
  ikso.privacy.v1.RetentionService=privacy
  ikso.privacy.v1.OrganisationErasureService=privacy
  ikso.privacy.v1.NewsletterService=privacy
  ikso.privacy.v1.AccessLogService=privacy
  ikso.privacy.v1.RequestService=privacy
  ikso.privacy.v1.OwnRequestService=privacy
  ikso.privacy.v1.LegalHoldService=privacy
  ikso.privacy.v1.DownloadService=privacy
  ikso.privacy.v1.ProofService=privacy
  ikso.mail.v1.IdentityMailService=identity
  ikso.mail.v1.FeedbackMailService=feedback
  ikso.mail.v1.PrivacyMailService=privacy
  ikso.isolation.v1.IdentitySelfTestService=identity
  ikso.isolation.v1.FeedbackSelfTestService=feedback
  ikso.isolation.v1.GoalsSelfTestService=goals
  ikso.isolation.v1.PrivacySelfTestService=privacy)

# house_locate FOLDER: names the home without touching it.
house_locate() { HOUSE=$(realpath -m -- "$1"); }

house_exists() { [[ -f $HOUSE/settings ]]; }

house_demand() {
  house_exists || fail "there is no IKSO home in $HOUSE" "type Deploy/up first, or give --home"
}

# Makes the home, or opens the one that is there.
house_open() {
  if ! house_exists; then
    if [[ -d $HOUSE && -n $(ls -A -- "$HOUSE") ]]; then
      fail "$HOUSE is not empty and no IKSO home" "give an empty or a new folder with --home"
    fi
    # PostgreSQL, which runs as another user when we are root, has to pass through the parents.
    (umask 022 && mkdir -p -- "$(dirname -- "$HOUSE")" 2>/dev/null) || true
    if ! mkdir -p -- "$HOUSE" 2>/dev/null || ! : 2>/dev/null >"$HOUSE/settings"; then
      fail "$HOUSE cannot be written" "give a folder of your own with --home"
    fi
  fi
  [[ -w $HOUSE && -w $HOUSE/settings ]] ||
    fail "$HOUSE belongs to $(stat -c %U -- "$HOUSE")" "work as that user, or give another --home"
  if ((EUID == 0)); then chmod 711 -- "$HOUSE"; fi
  mkdir -p -- "$HOUSE"/{config,log,run,mail,tls,erasures}
  exec 9>"$HOUSE/run/lock"
  flock -w 20 9 || fail "another Deploy script is at work in $HOUSE" "wait until it is done"
}

house_unlock() { exec 9>&-; }

setting() {
  local line
  while IFS= read -r line; do
    if [[ ${line%%=*} == "$1" ]]; then
      printf '%s' "${line#*=}"
      return 0
    fi
  done <"$HOUSE/settings"
}

setting_put() {
  local new=$HOUSE/settings.new
  { grep -v "^$1=" "$HOUSE/settings" || true; } >"$new"
  printf '%s=%s\n' "$1" "$2" >>"$new"
  mv -- "$new" "$HOUSE/settings"
}

# setting_secret NAME: a random password that is made once.
setting_secret() {
  local value
  value=$(setting "$1")
  if [[ -z $value ]]; then
    value=$(openssl rand -hex 24)
    setting_put "$1" "$value"
  fi
  printf '%s' "$value"
}

port_of() { setting "port.$1"; }

# What the command line asks for; "free" stands for any free port.
declare -A PORT_WISHES=()
port_wish() { PORT_WISHES["$1"]=$2; }

ports_wish_free() {
  local name
  for name in "${SERVICES[@]}"; do port_wish "$name" free; done
}

# Settles all ports: by the command line, else by an earlier run, else the usual ones.
ports_assign() {
  local name port
  for name in "${SERVICES[@]}"; do
    port=${PORT_WISHES[$name]:-}
    if [[ $port == free ]]; then port=$(setting "port.$name"); port=${port:-$(port_choose)}; fi
    [[ -n $port ]] || port=$(setting "port.$name")
    setting_put "port.$name" "${port:-${DEFAULT_PORT[$name]}}"
  done
}

# json TEXT: as a JSON string. Control characters have no place in our paths and names.
json() {
  local text=${1//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}"
}

json_list() {
  local item separator=''
  printf '['
  for item in "$@"; do
    printf '%s%s' "$separator" "$(json "$item")"
    separator=', '
  done
  printf ']'
}

# write_file FILE: standard input, in place at once, for its owner only.
write_file() {
  (umask 077 && cat >"$1.new")
  mv -- "$1.new" "$1"
}

master_key_ensure() {
  [[ -s $HOUSE/master.key ]] && return 0
  [[ -z $(setting database.ready) ]] ||
    fail "$HOUSE/master.key is gone, and the database is sealed with it" \
      "put it back, or begin anew with Deploy/down --purge"
  openssl rand -hex 32 | write_file "$HOUSE/master.key"
}

operator_ensure() {
  [[ -s $HOUSE/operator.json ]] && return 0
  printf '{"email": %s, "password": %s}\n' \
    "$(json "$OPERATOR_EMAIL")" "$(json "$(openssl rand -base64 24)")" |
    write_file "$HOUSE/operator.json"
}

operator_password() {
  sed -n 's/.*"password": "\([^"]*\)".*/\1/p' "$HOUSE/operator.json"
}

config_of() { printf '%s/config/%s.json' "$HOUSE" "$1"; }

config_database() {
  local name=$1
  printf '  "database": {"dsn": %s, "ownerDsn": %s},\n' \
    "$(json "$(dsn "${name}_runtime")")" "$(json "$(dsn "${name}_owner")")"
  printf '  "keys": {"ownerDsn": %s, "masterKeyFile": %s, "erasureJournal": %s},\n' \
    "$(json "$(dsn "${name}_owner")")" "$(json "$HOUSE/master.key")" \
    "$(json "$HOUSE/erasures/$name.jsonl")"
}

config_peers() {
  local name allowed
  read -ra allowed <<<"${ALLOWED_PEERS[$1]}"
  printf '  "peers": {"allowed": %s' "$(json_list "${allowed[@]}")"
  for name in "${STORES[@]}"; do
    printf ', "%s": "127.0.0.1:%s"' "$name" "$(port_of "$name")"
  done
  printf '},\n'
}

# Of a house that is tried out: whoever runs one writes their own.
config_contacts() {
  printf '  "contacts": {"officer": "officer@example.org", "authority": "Authority",\n'
  printf '    "authorityLink": "https://authority.example.org/complain",\n'
  printf '    "dataLeak": "leak@example.org"},\n'
}

config_write() {
  local name=$1
  {
    printf '{\n  "listen": {"host": "127.0.0.1", "port": %s},\n' "$(port_of "$name")"
    printf '  "tls": {"certificate": %s, "key": %s, "trust": %s},\n' \
      "$(json "$HOUSE/tls/$name.pem")" "$(json "$HOUSE/tls/$name.key")" \
      "$(json "$HOUSE/tls/ca.pem")"
    config_peers "$name"
    if [[ $name == gateway ]]; then
      printf '  "routes": %s,\n' "$(json_list "${ROUTES[@]}")"
    else
      config_database "$name"
    fi
    if [[ $name == privacy ]]; then config_contacts; fi
    printf '  "mail": {"folder": %s},\n' "$(json "$HOUSE/mail")"
    printf '  "links": {"base": "https://localhost:%s"},\n' "$(port_of gateway)"
    printf '  "tokens": {"issuer": "https://identity.ikso.example"},\n'
    printf '  "log": {"level": "info"},\n'
    printf '  "shutdown": {"graceSeconds": %s}\n}\n' "$SHUTDOWN_GRACE_SECONDS"
  } | write_file "$(config_of "$name")"
}

# What a program that finds the system needs to know, in one file without secrets.
house_describe() {
  local name separator=''
  {
    printf '{\n  "gateway": "127.0.0.1:%s",\n' "$(port_of gateway)"
    printf '  "ca": %s,\n  "operator": %s,\n  "mail": %s,\n  "binaries": %s,\n' \
      "$(json "$HOUSE/tls/ca.pem")" "$(json "$HOUSE/operator.json")" "$(json "$HOUSE/mail")" \
      "$(json "$BINARIES")"
    printf '  "toolsCertificate": %s,\n  "toolsKey": %s,\n  "services": {' \
      "$(json "$HOUSE/tls/tools.pem")" "$(json "$HOUSE/tls/tools.key")"
    for name in "${SERVICES[@]}"; do
      printf '%s\n    "%s": {"port": %s, "pid": %s, "config": %s,\n' \
        "$separator" "$name" "$(port_of "$name")" "$(service_pid "$name")" \
        "$(json "$(config_of "$name")")"
      printf '      "certificate": %s, "key": %s, "log": %s}' "$(json "$HOUSE/tls/$name.pem")" \
        "$(json "$HOUSE/tls/$name.key")" "$(json "$HOUSE/log/$name.log")"
      separator=','
    done
    printf '\n  }\n}\n'
  } | write_file "$HOUSE/house.json"
}
