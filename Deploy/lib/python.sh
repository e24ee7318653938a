# shellcheck shell=bash
# A Python of our own with a gRPC library that nobody here wrote, for tests that call from outside.

# python_ensure FOLDER LOG: makes the environment, or renews it when the pinned versions change.
python_ensure() {
  local folder=$1 log=$2 pinned=$ROOT/Deploy/lib/python-packages.txt
  cmp -s -- "$pinned" "$folder/python-packages.txt" && return 0
  rm -rf -- "$folder"
  {
    python3 -m venv "$folder" &&
      "$folder/bin/python" -m pip install --quiet --requirement "$pinned" &&
      cp -- "$pinned" "$folder/python-packages.txt"
  } >"$log" 2>&1 </dev/null 9>&- ||
    fail_with_log "Python's gRPC library could not be installed" "$log" \
      "see that PyPI can be reached and run this again"
}
