# Sourced by launch.sh, here and in packages: archives of classes (the JVM's class data sharing). One
# spares programs most of their start, and what is in it is in memory once for all of them. It is made
# by the first program that a JVM runs of a build, and named after both, so that a new build or a new
# JVM gets a new one; it appears whole or not at all. Nothing needs it: without one (KUMO_ARCHIVE=off,
# or no folder to write it to), or with one that the JVM refuses, programs start slower.

KUMO_ARCHIVES_KEPT=4 # in a folder: one is about 40 MB
KUMO_ARCHIVE_SECONDS=300 # that each half of making one may take

kumo_use_archive() { # kind: adds to the array JVM what uses the archive, made before if it may be
  case ${KUMO_ARCHIVE:-auto} in
    auto) ;;
    off) return 0 ;;
    *) echo "kumo: KUMO_ARCHIVE is auto or off, not '$KUMO_ARCHIVE'" >&2; exit 2 ;;
  esac
  local name archive
  name=$(kumo_archive_name) || return 0
  archive=$(kumo_find_archive "$name") ||
    { kumo_makes_archives "$1" && archive=$(kumo_new_archive "$name"); } || return 0
  # Where the archive was made for: elsewhere each process would have to copy it, to set its pointers.
  JVM+=(-XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0)
  JVM+=("-XX:SharedArchiveFile=$archive" -Xshare:auto -Xlog:cds=off -Xlog:cds+dynamic=off)
}

kumo_archive_name() { # by jars and JVM: their paths, sizes and times; false for a JVM without archives
  local home; home=$(dirname "$(dirname "$(readlink -f "$(kumo_java)")")")
  [ -e "$home/lib/server/libjvm.so" ] || return 1
  echo "classes-$(stat -c '%n %s %Y' "$home/lib/server/libjvm.so" "$home/release" "$KUMO_FOLDER"/*.jar 2>/dev/null |
    sha256sum | cut -c1-16).jsa"
}

kumo_find_archive() { # name: its path, where nobody else can have put it
  local folder owner
  while IFS= read -r folder; do
    [ -r "$folder/$1" ] || continue
    owner=$(stat -c %u "$folder/$1")
    { [ "$owner" = 0 ] || [ "$owner" = "$(id -u)" ] || [ "$folder" = "$KUMO_FOLDER" ]; } || continue
    echo "$folder/$1"
    return 0
  done < <(kumo_archive_folders)
  return 1
}

kumo_new_archive() { # name: its path, in the first folder that can be written; false if it was not made
  local folder
  while IFS= read -r folder; do
    [ ! -e "$folder/$1.failed" ] || return 1
    { mkdir -p -- "$folder" && [ -w "$folder" ]; } 2>/dev/null || continue
    kumo_make_archive "$folder" "$1" && echo "$folder/$1"
    return
  done < <(kumo_archive_folders)
  return 1
}

kumo_make_archive() ( # folder name: programs that start at once make one
  exec 8>"$1/.archive-lock"
  flock 8
  [ ! -e "$1/$2" ] || exit 0
  [ ! -e "$1/$2.failed" ] || exit 1
  [ ! -t 2 ] || echo "kumo: archiving the classes of this build (once) ..." >&2
  rm -rf -- "$1"/new-classes.* # of one that was killed
  work=$(mktemp -d "$1/new-classes.XXXXXX") || exit 1
  trap 'rm -rf -- "$work"' EXIT
  if kumo_rehearse "$work" >"$work/log" 2>&1 </dev/null; then
    chmod 444 "$work/archive"
    sync -- "$work/archive" # whole after a power failure, too
    mv -f -- "$work/archive" "$1/$2"
    kumo_remove_old_archives "$1"
  else
    mv -f -- "$work/log" "$1/$2.failed"
    echo "kumo: no archive of classes could be made, and programs start slower; $1/$2.failed says why" >&2
    exit 1
  fi
)

kumo_rehearse() { # folder: runs a little of everything in it, and makes the file archive of what was loaded
  local classpath run
  classpath=$(kumo_classpath)
  # With an environment of its own: a cluster's secrets and addresses are not for this one.
  run=(timeout -k 5 "$KUMO_ARCHIVE_SECONDS" env -i "PATH=$PATH" "HOME=$1" "TMPDIR=$1" "$(kumo_java)")
  run+=("${KUMO_JVM_ACCESS[@]}" "-Djava.io.tmpdir=$1" -Dio.netty.leakDetection.level=disabled)
  "${run[@]}" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx256m "-XX:DumpLoadedClassList=$1/list" \
    -cp "$classpath" io.kumo.local.Rehearsal \
    "io.kumo.tools.ctl.KumoctlMain MANAGER status" "io.kumo.tools.ctl.KumoctlMain MANAGER nodes -o table" "io.kumo.tools.KumostatMain -m MANAGER metrics" \
    "io.kumo.tools.KumohashMain -m MANAGER assign key" || return 1
  "${run[@]}" -XX:+UseG1GC -Xmx512m -Xshare:dump "-XX:SharedClassListFile=$1/list" \
    "-XX:SharedArchiveFile=$1/archive" -cp "$classpath" && [ -s "$1/archive" ]
}

kumo_remove_old_archives() { # folder: of builds and JVMs that others have come after
  local file
  while IFS= read -r file; do rm -f -- "$file"; done < <(
    find "$1" -maxdepth 1 -name 'classes-*' -printf '%T@ %p\n' | sort -rn | cut -d' ' -f2- |
      tail -n +$((KUMO_ARCHIVES_KEPT + 1)))
}
