# Sourced by launch.sh: what programs run from. A build is a folder of jars, .kumo-build/NAME, named
# by what is in it and never changed, but that archives of classes (archive.sh) come to lie beside the
# jars; the link .kumo-build/current leads to the newest. Whatever runs holds a shared lock on its
# folder for as long as it lives. So neither a rebuild nor mvn clean takes a class away from under a
# daemon, and a folder is removed when nothing runs from it any more.

KUMO_MODULES=(kumo-core kumo-manager kumo-server kumo-gateway kumo-tools kumo-local)
KUMO_BUILDS="$KUMO_ROOT/.kumo-build"

kumo_newer_source() { # file: a source that is newer, if there is one
  local module sources=("$KUMO_ROOT/pom.xml")
  for module in "${KUMO_MODULES[@]}"; do sources+=("$KUMO_ROOT/$module"/{pom.xml,src/main}); done
  find "${sources[@]}" -newer "$1" -print -quit 2>/dev/null
}

kumo_outdated() { # true when there is no build, or one older than the sources
  [ -e "$KUMO_BUILDS/current/.lock" ] && [ -e "$KUMO_BUILDS/stamp" ] || return 0
  [ -n "$(kumo_newer_source "$KUMO_BUILDS/stamp")" ]
}

kumo_build() { # builds when that is needed; two launchers at once build once
  kumo_outdated || return 0
  { mkdir -p "$KUMO_BUILDS" && [ -w "$KUMO_BUILDS" ] && [ -w "$KUMO_ROOT" ]; } 2>/dev/null || kumo_refuse_build
  (
    flock 9
    kumo_outdated || exit 0
    touch "$KUMO_BUILDS/stamp.new" # what is saved from now on is not in this build
    kumo_compile
    kumo_assemble
    mv -f "$KUMO_BUILDS/stamp.new" "$KUMO_BUILDS/stamp"
    kumo_remove_unused
  ) 9>"$KUMO_BUILDS/.lock" || exit 1
}

kumo_refuse_build() { # says in one line why nothing can be built
  local state="is older than its sources"
  [ -e "$KUMO_BUILDS/stamp" ] || state="is missing"
  echo "kumo: the build in $KUMO_ROOT $state, and $(id -un) may not write there;" \
    "have $(stat -c %U "$KUMO_ROOT") run scripts/kumoctl --version once" >&2
  exit 1
}

kumo_compile() { # nothing, when Maven has been run since the sources changed
  local module mark list=()
  for module in "${KUMO_MODULES[@]:1}"; do
    mark="$KUMO_ROOT/$module/target/runtime-classpath.txt"
    if [ ! -f "$mark" ] || [ ! -d "$KUMO_ROOT/kumo-core/target/classes" ] ||
      [ ! -d "$KUMO_ROOT/$module/target/classes" ] || [ -n "$(kumo_newer_source "$mark")" ]; then
      list+=("$module")
    fi
  done
  [ ${#list[@]} -gt 0 ] || return 0
  command -v mvn >/dev/null || { echo "kumo: Maven (mvn) is needed to build, and is not installed" >&2; exit 1; }
  [ ! -t 2 ] || echo "kumo: building (once) ..." >&2
  local log="$KUMO_BUILDS/log" names; names=$(IFS=,; echo "${list[*]}")
  # Modules share test classes, which Maven looks for from this phase on, compiled or not.
  if ! mvn -f "$KUMO_ROOT/pom.xml" -B -ntp -q -pl "$names" -am -Dmaven.test.skip=true test-compile \
    >"$log" 2>&1 </dev/null; then
    echo "kumo: the build failed; the whole output is in $log" >&2
    grep -m 5 '^\[ERROR\]' "$log" >&2 || tail -n 5 "$log" >&2
    exit 1
  fi
  for module in "${list[@]}"; do touch "$KUMO_ROOT/$module/target/runtime-classpath.txt"; done
}

kumo_assemble() { # makes a folder of what is compiled, and leads the link to it
  local new="$KUMO_BUILDS/new" attempt name
  for attempt in 1 2 3; do
    rm -rf -- "$new"
    mkdir -p "$new"
    touch "$new/.lock"
    kumo_fill "$new" || { echo "kumo: cannot put a build together in $KUMO_BUILDS" >&2; exit 1; }
    # Somebody else's Maven may have compiled meanwhile: then the jars may not fit together.
    [ -n "$(find "${KUMO_MODULES[@]/#/$KUMO_ROOT/}" -path '*/target/classes/*' -newer "$new/.lock" -print -quit)" ] || break
    [ "$attempt" -lt 3 ] || { echo "kumo: the classes change while they are put together; try again" >&2; exit 1; }
  done
  chmod -R u+rwX,go+rX "$new"
  name=$(cd "$new" && cat -- * | sha256sum | cut -c1-16)
  if [ -e "$KUMO_BUILDS/$name/.lock" ]; then
    rm -rf -- "$new"
  else
    mv -T "$new" "$KUMO_BUILDS/$name"
  fi
  ln -sfn "$name" "$KUMO_BUILDS/current.new"
  mv -fT "$KUMO_BUILDS/current.new" "$KUMO_BUILDS/current"
}

kumo_fill() { # folder: the jars of all modules and their libraries
  local module jar making=()
  jar=$(kumo_jar) || return 1
  for module in "${KUMO_MODULES[@]}"; do
    "$jar" --create --no-compress --date=2026-11-20T00:00:00Z \
      --file "$1/$module.jar" -C "$KUMO_ROOT/$module/target/classes" . &
    making+=($!)
  done
  for jar in "${making[@]}"; do wait "$jar" || return 1; done
  kumo_take_libraries "$1"
}

kumo_jar() { # the command
  local jar; jar="$(dirname "$(readlink -f "$(kumo_java)")")/jar"
  [ -x "$jar" ] || jar=$(command -v jar) || { echo "kumo: a JDK is needed to build, not only a JRE" >&2; return 1; }
  echo "$jar"
}

kumo_take_libraries() { # folder: copies those of all modules, and writes all names to its file classpath
  # One class path, in one order, for all programs: so they can share one archive of classes.
  local module entry entries names=("${KUMO_MODULES[@]/%/.jar}") libraries=()
  local -A taken=()
  for module in "${KUMO_MODULES[@]:1}"; do
    IFS=: read -r -a entries <"$KUMO_ROOT/$module/target/runtime-classpath.txt" || true
    for entry in "${entries[@]}"; do
      [[ $entry != */kumo-*/target/* && -z ${taken[$entry]:-} ]] || continue
      taken[$entry]=yes
      names+=("${entry##*/}")
      libraries+=("$entry")
    done
  done
  cp -- "${libraries[@]}" "$1" || return 1
  (IFS=:; echo "${names[*]}") >"$1/classpath"
}

kumo_remove_unused() { # the folders of former builds that nothing runs from
  local folder current
  current=$(readlink "$KUMO_BUILDS/current")
  for folder in "$KUMO_BUILDS"/*/; do
    folder=${folder%/}
    if [ "${folder##*/}" != "$current" ] && [ ! -L "$folder" ]; then
      (flock -n -x 7 && rm -rf -- "$folder") 7<"$folder/.lock" || true
    fi
  done 2>/dev/null
}

kumo_hold_build() { # sets KUMO_FOLDER, which this process and what it becomes hold by descriptor 7
  while :; do
    KUMO_FOLDER="$KUMO_BUILDS/$(readlink "$KUMO_BUILDS/current")"
    if { exec 7<"$KUMO_FOLDER/.lock"; } 2>/dev/null; then
      flock -s 7
      [ ! -e "$KUMO_FOLDER/.lock" ] || return 0 # else it was removed a moment ago
    elif [ -e "$KUMO_FOLDER/.lock" ] || [ ! -e "$KUMO_BUILDS/current" ]; then
      echo "kumo: $(id -un) may not read the build in $KUMO_BUILDS" >&2
      exit 1
    fi
  done
}

kumo_archive_folders() { echo "$KUMO_FOLDER"; } # where archives of classes are, or may be made
kumo_makes_archives() { :; } # kind: any program does
