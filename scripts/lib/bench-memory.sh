# Sourced by bench: what processes hold of the machine's memory, idle and after a load, and what their
# start costs the processor. Neither is a matter of wall time, so a busy machine may measure them.

memory_records=1000000 memory_load_s=20 memory_settled_s=90 start_runs=5

memory_of() { # pid folder: MB resident, shared out (PSS), of that: files of its store, archive, heap
  # The heap lies below 4 GB, and nothing else without a name does.
  awk -v folder="$2" '
    /^[0-9a-f]+-[0-9a-f]+ / { name = $6; split($1, range, "-"); low = length(range[1]) <= 8 && name == "" }
    /^Rss:/ { rss += $2 }
    /^Pss:/ {
      pss += $2
      if (index(name, folder) == 1) store += $2
      else if (name ~ /\.jsa$/) archive += $2
      else if (low) heap += $2
    }
    END { printf "%.0f %.0f %.0f %.0f %.0f\n", rss / 1024, pss / 1024, store / 1024, archive / 1024, heap / 1024 }
  ' "/proc/$1/smaps"
}

memory_rows() { # what was done before: a row for each process, and their sum
  local name dir="$work/cluster-$cluster_servers" pid
  for name in "$dir"/*/process; do
    pid=$(cut -d' ' -f1 "$name")
    name=${name%/process}
    echo "${name##*/} $(memory_of "$pid" "$name")"
  done | awk -v when="$1" '
    { printf "| %s | %s | %d | %d | %d | %d | %d |\n", when, $1, $2, $3, $3 - $4, $5, $6
      rss += $2; pss += $3; beyond += $3 - $4; archive += $5; heap += $6 }
    END { printf "| %s | all | %d | %d | %d | %d | %d |\n", when, rss, pss, beyond, archive, heap }'
}

memory() {
  while [ $# -gt 0 ]; do
    case $1 in
      --write) write=yes; shift; continue ;;
      --records) [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || wrong "a number of records, not '${2:-}'"; memory_records=$2 ;;
      *) wrong "unknown option: $1" ;;
    esac
    shift 2
  done
  kumo_build
  work=$(mktemp -d)
  trap clean_up EXIT
  trap 'exit 130' INT TERM
  base=$(free_base)
  report_memory_head >"$work/report"
  memory_cluster 2 3
  memory_rows "idle" >>"$work/report"
  memory_load -m get=6,set=3,mget=1 -d "${memory_load_s}s"
  sleep "$memory_settled_s" # what is given back is given back by then
  memory_rows "100 000 records, after a load" >>"$work/report"
  memory_cluster 1 1
  memory_load -k "$memory_records" -c 16 -n 32 -m get=9,set=1 -d 5s
  sleep "$memory_settled_s"
  memory_rows "$memory_records records" >>"$work/report"
  cat "$work/report"
  [ "$write" != yes ] || replace_section "$KUMO_ROOT/docs/performance.md" Memory "$work/report"
}

memory_cluster() { # managers servers: the one there was is ended
  stop_cluster
  cluster_servers=$2
  "$scripts/cluster" up --dir "$work/cluster-$2" --managers "$1" --servers "$2" \
    --port $((base + 290)) --base-port "$base" >"$work/up.log" 2>&1 ||
    { cat "$work/up.log" >&2; die "the cluster did not start"; }
}

memory_load() { # options of kumobench
  "$scripts/kumobench" -s 100 "$@" "127.0.0.1:$((base + 290))" >"$work/load" 2>&1 ||
    { cat "$work/load" >&2; die "the load failed"; }
}

report_memory_head() {
  cat <<TXT
Command: \`$command_line\`, $(date -u +%Y-%m-%d), JDK $(kumo_java_release), load average at the start
$(cut -d' ' -f1 /proc/loadavg). Clusters of \`scripts/cluster up\`; the load is gets, sets and multi-gets of kumobench for
$memory_load_s s with 64 connections, and then $memory_settled_s s of rest. Of several processes that share a page each counts its part
(PSS); resident counts it whole. The rest is what is beyond the store's files, which are the system's cache and
come and go with its need; the archive of classes and the heap are parts of it. MB.

| | process | resident | PSS | without the store's files | archive | heap |
|---|---|---|---|---|---|---|
TXT
}

start_costs() {
  while [ $# -gt 0 ]; do
    case $1 in
      --write) write=yes; shift; continue ;;
      --runs) [[ ${2:-} =~ ^[1-9][0-9]?$ ]] || wrong "a number from 1 to 99, not '${2:-}'"; start_runs=$2 ;;
      *) wrong "unknown option: $1" ;;
    esac
    shift 2
  done
  kumo_build
  work=$(mktemp -d)
  trap clean_up EXIT
  trap 'exit 130' INT TERM
  base=$(free_base)
  report_start_head >"$work/report"
  local mode
  for mode in off auto; do
    export KUMO_ARCHIVE=$mode
    memory_cluster 1 1
    start_daemons >"$work/start-$mode"
    start_tools >>"$work/start-$mode"
  done
  join -t: -j 1 <(sort "$work/start-off") <(sort "$work/start-auto") |
    awk -F: '{ printf "| %s | %d | %d |\n", $1, $2, $3 }' >>"$work/report"
  cat "$work/report"
  [ "$write" != yes ] || replace_section "$KUMO_ROOT/docs/performance.md" Start "$work/report"
}

start_daemons() { # milliseconds of processor until a get is served, the launcher's own included
  local name ticks
  for name in manager-1 server-1 gateway-1; do
    ticks=$(sed 's/.*) //' "/proc/$(cut -d' ' -f1 "$work/cluster-1/$name/process")/stat" | cut -d' ' -f12,13)
    echo "kumo-${name%-1}:$(((${ticks% *} + ${ticks#* }) * 1000 / $(getconf CLK_TCK)))"
  done
}

start_tools() {
  local line
  for line in "kumoctl 127.0.0.1:$base status" "kumostat -m 127.0.0.1:$base metrics" "kumohash -m 127.0.0.1:$base assign key"; do
    # shellcheck disable=SC2086 # words
    echo "${line/127.0.0.1?$base/MANAGER}:$(processor_ms "$scripts"/$line)"
  done
}

processor_ms() { # command arguments...: the median of several runs
  local i TIMEFORMAT='%U %S' used=()
  for ((i = 0; i < start_runs; i++)); do
    used+=("$({ time "$@" >/dev/null 2>&1; } 2>&1 | awk '{ printf "%d", ($1 + $2) * 1000 }')")
  done
  printf '%s\n' "${used[@]}" | sort -n | sed -n "$(((start_runs + 1) / 2))p"
}

report_start_head() {
  cat <<TXT
Command: \`$command_line\`, $(date -u +%Y-%m-%d), JDK $(kumo_java_release), load average at the start
$(cut -d' ' -f1 /proc/loadavg). Milliseconds of processor time, the launcher's own included: of a daemon until a new cluster
of one manager, one server and one gateway has served a get; of a tool, the median of $start_runs runs.

| | without an archive of classes | with one |
|---|---|---|
TXT
}
