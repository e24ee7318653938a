# shellcheck shell=bash
# What pgbench runs beside the service: the statements that the service itself has sent for one
# call, read from PostgreSQL's log, with their parameters.

# statements_capture READER WRITER: tokens, a file each, and the ids of both callers in
# CALLER_IDS. Writes for each case CASE.sql and CASE.variables, arguments of pgbench. What is new in
# each call is made by the server: identifiers other than those of the caller, and times.
statements_capture() {
  local log=$HOUSE/log/postgres.log name token before
  printf "ALTER ROLE goals_runtime SET log_statement = 'all';\n" | sql postgres
  service_restart
  for name in read write; do
    token=$1
    [[ $name == read ]] || token=$2
    # The first call fetches keys as well.
    case_calls "$name" "$token" --connections 1 --calls 1 >/dev/null
    before=$(stat -c %s -- "$log")
    case_calls "$name" "$token" --connections 1 --calls 1 >/dev/null
    tail -c "+$((before + 1))" -- "$log" | statements_read "$FOLDER/$name"
    grep -q '^SELECT set_config' "$FOLDER/$name.sql" ||
      fail_with_log "PostgreSQL's log shows no statement of the $name" "$log" \
        "see how it writes them"
  done
  printf 'ALTER ROLE goals_runtime RESET log_statement;\n' | sql postgres
  service_restart
}

# statements_read FILE: from lines of PostgreSQL's log. A line that goes on begins with a tab.
statements_read() {
  awk -v script="$1.sql" -v variables="$1.variables" -v own="$CALLER_IDS" '
    # What the service does of itself meanwhile is in the log as well: of units of work, which begin
    # with set_config, only those of the callers count.
    function is_wanted(  id, ids, i) {
      if (text ~ /^SELECT set_config/) {
        if (process == wanted) wanted = ""
        split(own, ids, " ")
        for (i in ids) if (index(tolower(detail), ids[i])) wanted = process
      }
      return process == wanted
    }
    function flush_statement(  name, value, rest) {
      if (text == "") return
      if (!is_wanted()) { text = detail = ""; return }
      count++
      rest = detail
      # Highest number first, as $1 is the beginning of $10.
      while (match(rest, /\$[0-9]+ = ('"'([^']|'')*'"'|NULL)/)) {
        value = substr(rest, RSTART, RLENGTH)
        rest = substr(rest, RSTART + RLENGTH)
        number = value
        sub(/ = .*/, "", number); sub(/^\$/, "", number)
        sub(/^[^=]*= /, "", value)
        values[number + 0] = value
        if (number + 0 > highest) highest = number + 0
      }
      for (number = highest; number > 0; number--) replace(number, values[number])
      print text ";" > script
      text = detail = ""; highest = 0
    }
    function replace(number, value,  with, pieces, total, i) {
      with = ":p" count "_" number
      if (value == "NULL") with = "NULL"
      else {
        value = substr(value, 2, length(value) - 2)
        if (length(value) == 36 && value ~ /^[0-9a-f]+(-[0-9a-f]+)+$/ && index(own, value) == 0)
          with = "gen_random_uuid()"
        else if (value ~ /^[0-9]+-[0-9]+-[0-9]+ [0-9:.]+\+00$/) with = "now()"
        else printf "-D\np%d_%d=%s\n", count, number, value > variables
      }
      total = split(text, pieces, "\\$" number)
      text = pieces[1]
      for (i = 2; i <= total; i++) text = text with pieces[i]
    }
    BEGIN { printf "" > variables; print "\\startpipeline" > script }
    /^\t/ { sub(/^\t/, ""); if (in_text) text = text "\n" $0; next }
    { in_text = 0 }
    / LOG:  execute [^:]*: / {
      flush_statement()
      process = match($0, /\[[0-9]+\]/) ? substr($0, RSTART, RLENGTH) : "?"
      text = $0; sub(/^.* LOG:  execute [^:]*: /, "", text); in_text = 1
      next
    }
    / DETAIL:  parameters: / { detail = $0; sub(/^.*parameters: /, "", detail) }
    END { flush_statement(); print "\\endpipeline" > script }'
}
