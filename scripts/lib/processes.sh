# Sourced by scripts/cluster: processes by name, in the folders of $dir. A process is known by its
# pid and its start time together, so that a pid that has come round again is never touched.

process_start_time() { # pid: field 22 of /proc/PID/stat, behind the name that may hold blanks
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  stat=${stat##*) }
  # shellcheck disable=SC2086
  set -- $stat
  [ "$1" != Z ] || return 1
  echo "${20}"
}

process_start() { # name command arguments...
  local name=$1; shift
  mkdir -p "$dir/$name"
  setsid "$@" </dev/null >>"$dir/$name/log" 2>&1 8>&- &
  local pid=$!
  printf '%s %s\n' "$pid" "$(process_start_time "$pid" || echo gone)" >"$dir/$name/process"
}

process_pid() { cut -d' ' -f1 "$dir/$1/process" 2>/dev/null || echo -; }

process_alive() { # name
  local pid started
  read -r pid started <"$dir/$1/process" 2>/dev/null || return 1
  [ "$(process_start_time "$pid")" = "$started" ]
} 2>/dev/null

process_signal() { # name signal; false when it is not running
  process_alive "$1" || return 1
  kill -s "$2" "$(process_pid "$1")"
}

process_await_end() { # name seconds: then SIGKILL
  local deadline=$((SECONDS + $2))
  while process_alive "$1"; do
    if [ $SECONDS -ge $deadline ]; then
      echo "$1 does not end; killing it" >&2
      process_signal "$1" KILL || true
      deadline=$((SECONDS + 5))
    fi
    sleep 0.05
  done
}
