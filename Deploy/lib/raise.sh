# shellcheck shell=bash disable=SC2034
# The steps from a built product to a healthy system; `up` and `test` both take them.

readonly RAISE_STEPS=5

migrations_run() {
  local name log
  for name in "${STORES[@]}"; do
    log=$HOUSE/log/$name-migrate.log
    "$BINARIES/ikso-$name" migrate --config "$(config_of "$name")" >"$log" 2>&1 </dev/null 9>&- ||
      fail_with_log "the migrations of $name failed" "$log" "mend that and run this again"
  done
}

operator_create() {
  local log=$HOUSE/log/operator.log
  operator_password | "$BINARIES/ikso-identity" operator --config "$(config_of identity)" \
    --email "$OPERATOR_EMAIL" >"$log" 2>&1 9>&- ||
    fail_with_log "the operator could not be created" "$log" "mend that and run this again"
}

house_raise() {
  local name
  rm -f -- "$HOUSE/run/stopped"
  setting_put binaries "$BINARIES"
  step "keys and certificates"
  master_key_ensure
  operator_ensure
  certificates_ensure "${SERVICES[@]}" tools
  step_done
  step "database"
  postgres_start
  database_ensure
  for name in "${SERVICES[@]}"; do config_write "$name"; done
  step_done
  step "migrations of ${STORES[*]}"
  migrations_run
  step_done
  step "starting ${SERVICES[*]}"
  services_start
  house_describe
  step_done
  step "operator"
  operator_create
  step_done
}

# Ends everything of this home, in the reverse order of its start.
house_stop() {
  : >"$HOUSE/run/stopped"
  services_stop "${SERVICES[@]}"
  postgres_stop
}

# Takes back what this run has started, after a failure or an interruption.
house_take_back() {
  services_stop "${STARTED[@]}"
  if [[ ${POSTGRES_STARTED:-} == yes ]]; then postgres_stop; fi
}

# Removes the home and what of it had to live elsewhere.
house_purge() {
  local folder
  for folder in "$(setting postgres.socket)" "$(setting postgres.folder)" "$HOUSE"; do
    if [[ -n $folder ]]; then rm -rf -- "$folder"; fi
  done
}
