# Sourced by the launchers: builds what a program needs, once, and runs it.
# KUMO_JAVA_OPTS is appended to the JVM's options; JAVA_HOME chooses the JDK.

KUMO_ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)

kumo_java() { # the java command
  if [ -n "${JAVA_HOME:-}" ]; then printf '%s/bin/java' "$JAVA_HOME"; else command -v java; fi
}

kumo_java_version() { # major version, from the release file: asking java costs a JVM start
  local release
  release="$(dirname "$(dirname "$(readlink -f "$(kumo_java)")")")/release"
  if [ -r "$release" ]; then
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$release"
  else
    "$(kumo_java)" -version 2>&1 | sed -n '1s/.*version "\([0-9]*\).*/\1/p'
  fi
}

. "$KUMO_ROOT/scripts/lib/build.sh"

kumo_jvm_options() { # kind: sets the array JVM
  # A daemon that is out of memory ends, and its replicas take over, instead of limping.
  # One busy thread and little garbage: SerialGC. Buffer leaks are looked for in tests, not here,
  # where the samples cost 5 % of a server; and indices are checked against bounds, not lifetimes.
  local daemon=(-XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError -XX:-UsePerfData)
  daemon+=(-Dio.netty.leakDetection.level=disabled -Dio.netty.buffer.checkAccessible=false)
  case $1 in
    manager) JVM=("${daemon[@]}" -Xms32m -Xmx128m -XX:MaxDirectMemorySize=128m) ;;
    server) JVM=("${daemon[@]}" -Xms128m -Xmx512m -XX:MaxDirectMemorySize=1g) ;;
    gateway) JVM=("${daemon[@]}" -Xms128m -Xmx256m -XX:MaxDirectMemorySize=512m) ;;
    bench) JVM=(-XX:+UseSerialGC -XX:-UsePerfData -Xms128m -Xmx512m) ;;
    files) JVM=(-XX:+UseSerialGC -XX:-UsePerfData -Xms32m -Xmx1g) ;; # one record is up to 128 MiB
    *) JVM=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Xshare:auto -Xmx128m) ;;
  esac
  # Since 24 the JVM warns about what Netty's and MapDB's off-heap memory needs.
  if [ "$(kumo_java_version)" -ge 24 ]; then
    JVM+=(--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)
  fi
  [ ! -t 1 ] || JVM+=(-Dkumo.terminal=true)
}

kumo_launch() { # kind module main-class arguments...
  local kind=$1 module=$2 main=$3; shift 3
  [ -n "$(kumo_java)" ] || { echo "kumo: a JDK of version 17 or newer is needed" >&2; exit 1; }
  kumo_clean_path
  kumo_build
  kumo_hold_build
  local JVM; kumo_jvm_options "$kind"
  # shellcheck disable=SC2206 # options are words
  local command=("$(kumo_java)" "${JVM[@]}" ${KUMO_JAVA_OPTS:-} -cp "$(kumo_classpath "$module")" "$main" "$@")
  case $kind in
    manager | server | gateway) kumo_detach_if_asked "$@" ;;
  esac
  exec "${command[@]}"
}

kumo_clean_path() { # without scripts/: a program that looks for the system's test must not find ours
  local entry entries kept=''
  IFS=: read -r -a entries <<<"$PATH"
  for entry in "${entries[@]}"; do
    [ "${entry:-.}" -ef "$KUMO_ROOT/scripts" ] || kept+=":${entry:-.}"
  done
  export PATH=${kept#:}
}

kumo_detach_if_asked() { # the program's arguments; uses the caller's array command
  local pid_file='' log='' arguments=("$@") i
  for ((i = 0; i < $#; i++)); do
    case ${arguments[i]} in
      -d | --daemon) pid_file=${arguments[i + 1]:-} ;;
      -o | --log) log=${arguments[i + 1]:-} ;;
      --daemon=*) pid_file=${arguments[i]#*=} ;;
      --log=*) log=${arguments[i]#*=} ;;
    esac
  done
  [ -n "$pid_file" ] || return 0
  local errors; errors=$(mktemp)
  if [ -n "$log" ] && [ "$log" != - ]; then
    setsid "${command[@]}" </dev/null >/dev/null 2>"$errors" &
  else # as the original: without a log file the output stays where it was
    setsid "${command[@]}" </dev/null 2>"$errors" &
  fi
  local pid=$!
  # The program writes its pid when it serves: then, and only then, the start has succeeded.
  while kill -0 "$pid" 2>/dev/null; do
    if [ "$(cat "$pid_file" 2>/dev/null)" = "$pid" ]; then
      cat "$errors" >&2; rm -f "$errors"
      exit 0
    fi
    sleep 0.05
  done
  local status=0; wait "$pid" || status=$?
  cat "$errors" >&2; rm -f "$errors"
  exit "$status"
}
