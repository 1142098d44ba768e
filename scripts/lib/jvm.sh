# Sourced by launch.sh, here and in packages: the JVM's options, by kind of program and by the
# memory that it is given. A daemon takes a quarter of that for its heap and half of it outside the
# heap; the rest is for code, threads and the system's cache of its files. KUMO_MEMORY is a size
# (4g, 1500m), or auto: the limit of the control group, and without one a share of the machine.

KUMO_CONTROL_GROUPS=/sys/fs/cgroup
KUMO_MOST_HEAP_MB=4096 # a full collection stops everything, for about a second for each 4 GB

kumo_least_mb() { # kind: what docs/internals/bounds.md adds up to
  case $1 in manager) echo 512 ;; server) echo 2048 ;; gateway) echo 1024 ;; esac
}

kumo_memory() { # kind: sets HEAP_MB and DIRECT_MB
  local least given
  least=$(kumo_least_mb "$1")
  given=$(kumo_given_mb "$1" "$least") || exit $?
  if [ "$given" -lt "$least" ]; then
    echo "kumo-$1: it is given ${given} MB of memory, and needs ${least}: give it more, or leave KUMO_MEMORY out" >&2
    exit 2
  fi
  HEAP_MB=$((given / 4 < KUMO_MOST_HEAP_MB ? given / 4 : KUMO_MOST_HEAP_MB))
  DIRECT_MB=$((given / 2))
}

kumo_given_mb() { # kind, least MB
  case ${KUMO_MEMORY:-} in
    '') echo "$2" ;;
    auto) kumo_limit_mb || kumo_share_mb "$1" "$2" ;;
    *[!0-9]*[!0-9]* | [!0-9]* | *[!0-9mMgG]) echo "kumo-$1: KUMO_MEMORY is auto or a size such as 4g, not '$KUMO_MEMORY'" >&2; exit 2 ;;
    *[gG]) echo $((${KUMO_MEMORY%[gG]} * 1024)) ;;
    *[mM]) echo "${KUMO_MEMORY%[mM]}" ;;
    *) echo $((KUMO_MEMORY >> 20)) ;;
  esac
}

kumo_share_mb() { # kind, least MB: of the whole machine, when nothing limits what it takes
  local machine share
  machine=$(($(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo) / 1024))
  case $1 in manager) share=$((machine / 16)) ;; server) share=$((machine / 2)) ;; *) share=$((machine / 4)) ;; esac
  echo $((share > $2 ? share : $2))
}

kumo_limit_mb() { # the least limit of the control groups that this process is in; false without one
  local folder file least='' limit
  # Of version 2, "0::/a/b"; of version 1, "4:memory:/a/b".
  while IFS= read -r folder; do
    while :; do
      for file in "$folder/memory.max" "$folder/memory.limit_in_bytes"; do
        { limit=$(<"$file"); } 2>/dev/null || continue
        # Without a limit it is "max", or nearly 2^63.
        [[ $limit =~ ^[0-9]{1,15}$ ]] || continue
        [ -n "$least" ] && [ "$limit" -ge "$least" ] || least=$limit
      done
      [ "$folder" != "$KUMO_CONTROL_GROUPS" ] && [ "$folder" != "$KUMO_CONTROL_GROUPS/memory" ] || break
      folder=${folder%/*}
    done
  done < <(kumo_control_group_folders)
  [ -n "$least" ] && echo $((least >> 20))
}

kumo_control_group_folders() {
  sed -n -e "s|^0::\(.*[^/]\)\?/\?$|$KUMO_CONTROL_GROUPS\1|p" \
    -e "s|^[0-9]*:memory:\(.*[^/]\)\?/\?$|$KUMO_CONTROL_GROUPS/memory\1|p" /proc/self/cgroup
}

kumo_jvm_options() { # kind: sets the array JVM
  # A daemon that is out of memory ends, and its replicas take over, instead of limping.
  # One busy thread and little garbage: SerialGC. Buffer leaks are looked for in tests, not here,
  # where the samples cost 5 % of a server; and indices are checked against bounds, not lifetimes.
  local HEAP_MB DIRECT_MB initial=128m daemon=(-XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError -XX:-UsePerfData)
  daemon+=(-Dio.netty.leakDetection.level=disabled -Dio.netty.buffer.checkAccessible=false)
  case $1 in
    manager | server | gateway)
      kumo_memory "$1"
      [ "$1" != manager ] || initial=32m
      JVM=("${daemon[@]}" -Xms$initial "-Xmx${HEAP_MB}m" "-XX:MaxDirectMemorySize=${DIRECT_MB}m")
      # Connections are all that stays: while thousands come, a young collection copies all of its part
      # of the heap, 2 to 3 ms a MB, and clients wait for it.
      case $1 in gateway) JVM+=(-Xmn12m) ;; server) JVM+=(-Xmn16m) ;; esac
      kumo_return_native_memory
      ;;
    # Small and soon there: it is for a developer's machine, and what it compiles it compiles once.
    local) JVM=("${daemon[@]}" -XX:TieredStopAtLevel=1 -Xshare:auto -Xms16m -Xmx96m -XX:MaxDirectMemorySize=256m) ;;
    bench) JVM=(-XX:+UseSerialGC -XX:-UsePerfData -Xms128m -Xmx512m) ;;
    files) JVM=(-XX:+UseSerialGC -XX:-UsePerfData -Xms32m -Xmx1g) ;; # one record is up to 128 MiB
    *) JVM=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Xshare:auto -Xmx128m) ;;
  esac
  JVM+=(-Dslf4j.provider=io.kumo.core.log.BareLogback -Dslf4j.internal.verbosity=WARN)
  kumo_jvm_access
  JVM+=("${KUMO_JVM_ACCESS[@]}")
  [ ! -t 1 ] || JVM+=(-Dkumo.terminal=true)
}

kumo_return_native_memory() { # adds to the array JVM; what the compilers have used and freed goes back
  # glibc keeps what is freed, for each of up to eight arenas a processor.
  export MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-2}
  local version update
  IFS=. read -r version _ update _ <<<"$(kumo_java_release)"
  if [ "$version" -ge 22 ] || { [ "$version" = 21 ] && [ "${update:-0}" -ge 1 ]; } ||
    { [ "$version" = 17 ] && [ "${update:-0}" -ge 9 ]; }; then
    JVM+=(-XX:+UnlockExperimentalVMOptions -XX:TrimNativeHeapInterval=60000)
  fi
}

kumo_jvm_access() { # sets KUMO_JVM_ACCESS
  KUMO_JVM_ACCESS=()
  # Since 24 the JVM warns about what Netty's and MapDB's off-heap memory needs.
  if [ "$(kumo_java_version)" -ge 24 ]; then
    KUMO_JVM_ACCESS=(--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)
  fi
}
