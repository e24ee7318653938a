# shellcheck shell=bash
# What Deploy/bench prints, and its JSON.

report_print() {
  if [[ -s $FOLDER/rows.tsv ]]; then "rows_print_$SUBJECT"; fi
  if [[ -s $FOLDER/noted.tsv ]]; then
    printf '\n'
    awk -F'\t' '{ printf "%-9s %-52s %10s %s\n", $1, $2, $3, $4 }' "$FOLDER/noted.tsv"
  fi
  if [[ -s $FOLDER/asked.tsv ]]; then
    printf '\n%-58s %9s %-15s %s\n' asked measured limit ''
    asked_judged | awk -F'\t' '
      { printf "%-58s %9s %-15s %s\n", $1, $2, $3 " " $4, $5 == "true" ? "met" : "missed" }'
  fi
}

# The lines of asked.tsv, each with whether it was met.
asked_judged() {
  [[ -s $FOLDER/asked.tsv ]] || return 0
  awk -F'\t' -v OFS='\t' '{
    met = $3 == "at most" ? $2 + 0 <= $4 + 0 : $2 + 0 >= $4 + 0
    print $0, met ? "true" : "false" }' "$FOLDER/asked.tsv"
}

rows_print_rpc() {
  printf '\n%-14s %7s %-10s %8s %12s %12s %10s\n' \
    server payload encryption shape 'µs a call' 'calls/s' 'x nghttpd'
  awk -F'\t' '
    $1 == "nghttpd" { floor[$2, $3, $4, $5] = $6 }
    { line[NR] = $0 }
    END {
      for (row = 1; row <= NR; row++) {
        split(line[row], cell, "\t")
        base = floor[cell[2], cell[3], cell[4], cell[5]]
        printf "%-14s %7d %-10s %8s %11.2f %12d %10s\n", cell[1], cell[2],
          cell[3] == "true" ? "TLS" : "plaintext", cell[4] " x " cell[5], cell[6], cell[7],
          base ? sprintf("%.2f", cell[6] / base) : "-"
      }
    }' "$FOLDER/rows.tsv"
}

rows_print_storage() {
  printf '\n%-10s %7s %10s %10s %6s %9s %9s\n' \
    case clients ours/s pgbench/s ratio 'p50 ms' 'p99 ms'
  awk -F'\t' '
    { printf "%-10s %7d %10d %10d %6.2f %9.2f %9.2f\n", $1, $2, $3, $4, $5, $6, $7 }' \
    "$FOLDER/rows.tsv"
}

rows_print_scale() {
  printf '\n%-6s %8s %10s %11s %11s %8s %10s %6s %9s %9s\n' case tenants rows 'service µs' \
    'postgres µs' ours/s pgbench/s ratio 'p50 ms' 'p99 ms'
  awk -F'\t' '{ printf "%-6s %8d %10d %10.1f %11.1f %8d %10d %6.2f %9.2f %9.2f\n",
    $1, $8, $9, $10, $11, $3, $4, $5, $6, $7 }' "$FOLDER/rows.tsv"
}

# The fields of rows.tsv in their order; the first is a text.
rows_fields() {
  case $SUBJECT in
    rpc) printf 'server payload tls connections streams cpu_us_per_call calls_per_second' ;;
    signin) printf 'case p50_ms p99_ms signins_per_second refused_per_second' ;;
    storage | scale)
      printf 'case clients ours_per_second pgbench_per_second ratio p50_ms p99_ms' ;;&
    scale) printf ' tenants rows service_us_per_call postgres_us_per_call' ;;
  esac
}

report_json() {
  touch -- "$FOLDER/rows.tsv" "$FOLDER/noted.tsv"
  printf '{\n  "rows": ['
  awk -F'\t' -v fields="$(rows_fields)" '
    BEGIN { count = split(fields, name, " ") }
    {
      printf "%s\n    {\"%s\": \"%s\"", (NR > 1 ? "," : ""), name[1], $1
      for (i = 2; i <= count; i++) printf ", \"%s\": %s", name[i], $i
      printf "}"
    }' "$FOLDER/rows.tsv"
  printf '\n  ],\n  "asked": ['
  asked_judged | awk -F'\t' '
    { printf "%s\n    {\"what\": \"%s\", \"measured\": %s, \"%s\": %s, \"met\": %s}",
      (NR > 1 ? "," : ""), $1, $2, ($3 == "at most" ? "at_most" : "at_least"), $4, $5 }'
  printf '\n  ],\n  "noted": ['
  awk -F'\t' '
    { printf "%s\n    {\"section\": \"%s\", \"what\": \"%s\", \"value\": %s, \"unit\": \"%s\"}",
      (NR > 1 ? "," : ""), $1, $2, $3, $4 }' "$FOLDER/noted.tsv"
  printf '\n  ],\n  "log_level": "%s",\n  "load_average": [%s]\n}\n' "$LOG_LEVEL" \
    "$(cut -d' ' -f1-3 /proc/loadavg | tr ' ' ',')"
}
