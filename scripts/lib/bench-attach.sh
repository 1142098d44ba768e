# Sourced by scripts/bench: what attaching a fourth server costs, with its records and its clients.

attach_records=1000000 attach_rate=4000 attach_throttle=''

parse_attach() {
  while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || wrong "$1 needs a value, or is unknown"
    case $1 in
      --records) attach_records=$2 ;;
      --rate) attach_rate=$2 ;;
      --throttle) attach_throttle=$2 ;;
      *) wrong "unknown option: $1" ;;
    esac
    shift 2
  done
  [[ $attach_records =~ ^[1-9][0-9]{0,8}$ ]] || wrong "a number of records, not '$attach_records'"
  [[ $attach_rate =~ ^[1-9][0-9]{0,6}$ ]] || wrong "requests a second, not '$attach_rate'"
}

processes=() # name=pid of the daemons

cpu_ms() { # pid: processor time so far
  local stat
  stat=$(<"/proc/$1/stat")
  # shellcheck disable=SC2086 # words
  set -- ${stat##*) }
  echo $(((${12} + ${13}) * 1000 / $(getconf CLK_TCK)))
}

note_cpu() { # sets cpu_before by name
  local entry
  for entry in "${processes[@]}"; do cpu_before[${entry%%=*}]=$(cpu_ms "${entry#*=}"); done
}

report_cpu() { # records
  local entry spent
  for entry in "${processes[@]}"; do
    spent=$(($(cpu_ms "${entry#*=}") - ${cpu_before[${entry%%=*}]:-0}))
    awk -v name="${entry%%=*}" -v ms="$spent" -v n="$1" \
      'BEGIN { printf "  %-10s %6d ms, %.2f us a record copied\n", name, ms, ms * 1000 / n }'
  done
}

field() { # name: of the last object that kumoctl printed
  sed -n '$s/.*"'"$1"'":\([0-9.E-]*\).*/\1/p'
}

ctl() { timeout 600 "$scripts/kumoctl" "127.0.0.1:$base" "$@"; }

start_fourth() { # starts an empty server and waits until the manager knows it
  local address=127.0.0.1:$((base + 103))
  rm -rf "$work/fourth"
  # shellcheck disable=SC2086 # words
  start_beside "$scripts/kumo-server" -v -l "$address" -L $((base + 203)) -m "127.0.0.1:$base" \
    -s "$work/fourth" ${attach_throttle:+--throttle $attach_throttle}
  fourth_pid=${own_pids[-1]}
  local i
  for i in {1..100}; do
    ! ctl status | sed '1,/not attached/d' | grep -q "$address" || return 0
    sleep 0.2
  done
  die "the fourth server did not come"
}

end_fourth() { # detaches it, so that the next attach starts anew
  kill -9 "$fourth_pid"
  wait "$fourth_pid" 2>/dev/null || true
  local i
  for i in {1..100}; do
    ! ctl status | grep -q '(fault)' || break
    sleep 0.2
  done
  ctl detach --wait -o json >"$work/detach" || die "detach failed"
}

client_load() { # seconds: the clients' latencies; the key space is the one that was stored
  timeout $(($1 + 60)) "$scripts/kumobench" -m get=9,set=1 -c 32 -r "$attach_rate" \
    -k "$attach_records" --populate=no -w 3s -d "${1}s" "127.0.0.1:$((base + 290))"
}

heaps() { # greatest heap of each daemon, before and after its collections, in megabytes
  local entry log
  for entry in "${processes[@]}"; do
    log="$work/gc-${entry#*=}.log"
    awk -v name="${entry%%=*}" '
      match($0, /[0-9]+M->[0-9]+M/) {
        split(substr($0, RSTART, RLENGTH), size, "M->")
        sub("M", "", size[2])
        if (size[1] + 0 > before) before = size[1] + 0
        if (size[2] + 0 > after) after = size[2] + 0
        count++
      }
      END { printf "  %-10s at most %d MB, %d MB after a collection (%d collections)\n", name, before, after, count }' "$log"
  done
}

attach() {
  parse_attach "$@"
  kumo_build
  work=$(mktemp -d)
  trap clean_up EXIT
  trap 'exit 130' INT TERM
  base=$(free_base)
  declare -gA cpu_before=()
  warm_up_jvms() { :; } # storing the records does that, and there is no memcached beside
  export KUMO_JAVA_OPTS="-Xlog:gc:file=$work/gc-%p.log ${KUMO_JAVA_OPTS:-}"
  cluster_arguments=(${attach_throttle:+--server-args "--throttle $attach_throttle"})
  start_cluster 3
  local name
  for name in manager-1 gateway-1 server-1 server-2 server-3; do
    processes+=("$name=$(cut -d' ' -f1 "$work/cluster-3/$name/process")")
  done
  echo "scripts/bench: storing $attach_records records of 100 bytes ..." >&2
  timeout 900 "$scripts/kumobench" -m get -k "$attach_records" -n 16 -w 1s -d 1s \
    "127.0.0.1:$((base + 290))" >/dev/null
  echo "attach of a 4th server, $attach_records records of 100 bytes, load average $(cut -d' ' -f1-3 /proc/loadavg)"

  start_fourth
  processes+=("server-4=$fourth_pid")
  note_cpu
  ctl attach --wait -o json >"$work/idle" || { cat "$work/idle" >&2; die "attach failed"; }
  local records seconds
  records=$(field records <"$work/idle")
  seconds=$(field seconds <"$work/idle")
  move_line "without clients" <"$work/idle"
  report_cpu "$records"
  end_fourth
  move_line "detach" <"$work/detach"

  echo "clients: $attach_rate requests/s (9 gets, 1 set), milliseconds, before:"
  client_load 10 | grep ' p50 '
  start_fourth
  processes[-1]="server-4=$fourth_pid"
  local span
  span=$(awk -v s="$seconds" 'BEGIN { t = int(3 * s) + 3; t = t < 8 ? 8 : t > 90 ? 90 : t; print t }')
  client_load "$span" >"$work/clients" &
  local clients=$!
  sleep 3.5
  ctl attach --wait -o json >"$work/busy" || { cat "$work/busy" >&2; die "attach failed"; }
  wait "$clients" || die "the clients failed"
  echo "during (measured for $span s, the attach within it):"
  grep ' p50 ' "$work/clients"
  move_line "with clients" <"$work/busy"
  echo "heap:"
  heaps
  echo "scripts/bench: took $SECONDS s" >&2
}

move_line() { # name: one line for what kumoctl printed
  local json
  json=$(tail -n 1)
  awk -v name="$1" -v seconds="$(field seconds <<<"$json")" -v copy="$(field copySeconds <<<"$json")" \
    -v records="$(field records <<<"$json")" -v removed="$(field removed <<<"$json")" 'BEGIN {
      printf "%s: %d records copied in %.1f s, %d/s; with the removal of %d it took %.1f s\n",
        name, records, copy, records / copy, removed, seconds }'
}
