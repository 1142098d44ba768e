# Sourced by the launchers, here and in packages: builds what a program needs, once, and runs it.
# KUMO_JAVA_OPTS is appended to the JVM's options; JAVA_HOME chooses the JDK.

KUMO_LIB=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
KUMO_ROOT=$(cd "$KUMO_LIB/../.." && pwd)

kumo_java() { # the java command
  if [ -n "${JAVA_HOME:-}" ]; then printf '%s/bin/java' "$JAVA_HOME"; else command -v java; fi
}

kumo_java_release() { # such as 17.0.15, from the release file: asking java costs a JVM start
  local release
  release="$(dirname "$(dirname "$(readlink -f "$(kumo_java)")")")/release"
  if [ -r "$release" ]; then
    sed -n 's/^JAVA_VERSION="\([0-9.]*\).*/\1/p' "$release"
  else
    "$(kumo_java)" -version 2>&1 | sed -n '1s/.*version "\([0-9.]*\).*/\1/p'
  fi
}

kumo_java_version() { # major version
  local release; release=$(kumo_java_release)
  echo "${release%%.*}"
}

. "$KUMO_LIB/jvm.sh"
. "$KUMO_LIB/archive.sh"
# A package has installed.sh in its place: nothing to build.
if [ -e "$KUMO_LIB/build.sh" ]; then . "$KUMO_LIB/build.sh"; else . "$KUMO_LIB/installed.sh"; fi

kumo_require_java() {
  local version=none
  [ -z "$(kumo_java)" ] || version=$(kumo_java_version)
  [[ $version =~ ^[0-9]+$ ]] && [ "$version" -ge 17 ] && return 0
  echo "kumo: a JDK of version 17 or newer is needed, and ${JAVA_HOME:-the PATH} has ${version:-one that cannot be run}" >&2
  exit 1
}

kumo_launch() { # kind main-class arguments...
  local kind=$1 main=$2; shift 2
  kumo_require_java
  kumo_clean_path
  kumo_build
  kumo_hold_build
  local JVM; kumo_jvm_options "$kind"
  kumo_use_archive "$kind"
  [ ! -d "$KUMO_FOLDER/native" ] || JVM+=("-Djava.library.path=$KUMO_FOLDER/native")
  # shellcheck disable=SC2206 # options are words
  local command=("$(kumo_java)" "${JVM[@]}" ${KUMO_JAVA_OPTS:-} -cp "$(kumo_classpath)" "$main" "$@")
  case $kind in
    manager | server | gateway | local)
      kumo_hear_hang_ups
      kumo_detach_if_asked "$@"
      ;;
  esac
  exec "${command[@]}"
}

kumo_hear_hang_ups() { # nohup has a JVM ignore SIGHUP for good; uses the caller's array command
  [ -n "$(trap -p HUP)" ] && env --default-signal=HUP true 2>/dev/null || return 0
  command=(env --default-signal=HUP "${command[@]}")
}

kumo_classpath() { # of the folder of jars that is held
  local names; names=$(<"$KUMO_FOLDER/classpath")
  echo "$KUMO_FOLDER/${names//:/:$KUMO_FOLDER/}"
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
