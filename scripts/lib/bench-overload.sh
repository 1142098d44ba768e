# Sourced by scripts/bench: what honest clients notice of crowds that behave badly.

overload() {
  local idle=900 only=none,uploads,deaf,pipeline,storm,idle name
  while [ $# -gt 0 ]; do
    case $1 in
      --write) write=yes; shift ;;
      --idle) [ $# -ge 2 ] || wrong "$1 needs a value"; idle=$2; shift 2 ;;
      --only) [ $# -ge 2 ] || wrong "$1 needs a value"; only=$2; shift 2 ;;
      *) wrong "unknown option: $1" ;;
    esac
  done
  [[ $idle =~ ^[1-9][0-9]{0,5}$ ]] || wrong "a number of connections, not '$idle'"
  for name in ${only//,/ }; do
    case $name in
      none | uploads | deaf | pipeline | storm | idle) ;;
      *) wrong "unknown crowd: $name" ;;
    esac
  done
  [ -n "$only" ] || wrong "--only needs the name of a crowd"
  prepare_alone
  ulimit -n "$(ulimit -H -n)"
  cluster_arguments=(--managers 2 --gateway-args "--max-connections $((idle + 1000))")
  start_beside memcached -t 1 -m 1024 -c $((idle + 1000)) -U 0 -l 127.0.0.1 -p $((base + 291)) -u "$(id -un)"
  wait_for $((base + 291))
  start_cluster 3
  local gateway; gateway=$(cut -d' ' -f1 "$work/cluster-3/gateway-1/process")
  mvn -f "$KUMO_ROOT/pom.xml" -B -ntp -q test-compile -pl kumo-it -am </dev/null
  {
    echo "\`$command_line\`, $(date -u +%F), JDK $(kumo_java_version), $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg)."
    echo "Eight clients that were there before make 1600 requests a second, 9 gets to a set, counted from when"
    echo "each was due; the crowd comes after the first eighth of the time and runs on the same cores:"
    echo
    # Its own collections would count as the servers': there are none while it measures.
    "$(kumo_java)" -XX:+UseSerialGC -Xms1g -Xmx1g -Xmn600m -cp "$KUMO_ROOT/kumo-it/target/test-classes:$(cat "$KUMO_ROOT/kumo-it/target/runtime-classpath.txt")" \
      io.kumo.it.overload.OverloadMain "$idle" "$only" "kumo=$((base + 290)):$gateway" \
      "memcached=$((base + 291)):${own_pids[-1]}"
    faults
  } | tee "$work/report"
  if [ "$write" = yes ]; then
    replace_section "$KUMO_ROOT/docs/performance.md" Overload "$work/report"
  fi
}

faults() { # says whether anybody was taken for dead, by what the managers logged and see now
  local lost
  lost=$(cat "$work"/cluster-3/manager-*/log | grep -c 'server lost\|partner lost') || true
  echo
  echo "Servers and managers that were taken for lost: $lost; active servers:" \
    "$("$scripts/kumoctl" "127.0.0.1:$base" status | grep -c '(active)'), at fault:" \
    "$("$scripts/kumoctl" "127.0.0.1:$base" status | grep -c '(fault)')."
} 
