# Sourced by bench: the cluster in one process. How soon it stores, in how much memory; and what a
# program gets from it through kumo-client beside what it gets through a gateway.

local_starts=10

first_set() { # port: true when a client's first set is stored
  local answer
  exec 7<>"/dev/tcp/127.0.0.1/$1" || return 1
  printf 'set first 0 0 1\r\nx\r\n' >&7
  IFS= read -r -t 20 answer <&7 || answer=''
  exec 7>&-
  [ "$answer" = $'STORED\r' ]
}

start_local() { # more options: its process is the last of own_pids
  rm -f "$work/pid"
  "$scripts/kumo-local" -d "$work/pid" -o "$work/local.log" -t "$base" -l "$((base + 1))" "$@" ||
    die "kumo-local does not start: $(tail -n 3 "$work/local.log")"
  own_pids+=("$(cat "$work/pid")")
  first_set "$base" || die "kumo-local stores nothing"
}

stop_local() {
  local pid=${own_pids[-1]} i
  unset 'own_pids[-1]'
  kill "$pid"
  for ((i = 0; i < 600; i++)); do kill -0 "$pid" 2>/dev/null || return 0; sleep 0.1; done
  die "kumo-local does not end"
}

local_cluster() { # from the command to the answer to a first set, and what is resident then
  local i start times=() sizes=() middle=$((local_starts / 2))
  [ $# = 0 ] || wrong "scripts/bench local takes no options"
  prepare_local
  for ((i = 0; i < local_starts; i++)); do
    start=$(date +%s%N)
    start_local
    times+=($((($(date +%s%N) - start) / 1000000)))
    sizes+=("$(awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/${own_pids[-1]}/status")")
    stop_local
  done
  mapfile -t times < <(printf '%s\n' "${times[@]}" | sort -n)
  mapfile -t sizes < <(printf '%s\n' "${sizes[@]}" | sort -n)
  echo "stores after: median $(((times[middle - 1] + times[middle]) / 2)) ms, least ${times[0]}, greatest ${times[-1]}"
  echo "resident then: median $(((sizes[middle - 1] + sizes[middle]) / 2)) MB, greatest ${sizes[-1]}"
}

client() { # gets through kumo-client and through a gateway of its own, in turn
  [ $# = 0 ] || wrong "scripts/bench client takes no options"
  prepare_local
  kumo_test_classes "$KUMO_ROOT" || exit 1
  start_local
  start_beside "$scripts/kumo-gateway" -m "127.0.0.1:$((base + 1))" -t "$((base + 2))"
  wait_for $((base + 2))
  "$(kumo_java)" -Dio.netty.leakDetection.level=disabled -cp "$KUMO_TEST_CLASSPATH" \
    io.kumo.it.bench.ClientBenchMain "$((base + 1))" "$((base + 2))" 2
}

prepare_local() {
  trap 'clean_up; rm -rf -- "${KUMO_TEST_FOLDER:-}"' EXIT
  work=$(mktemp -d)
  base=$(free_base)
}
