# Sourced by sim and bench: what test machinery runs from. It has no build of its own in .kumo-build,
# which is of what ships. It runs from a copy of what Maven compiled, which goes when it ends: so a
# rebuild, or mvn clean, does not take its classes away either, however long it runs.

kumo_test_classes() { # root: sets KUMO_TEST_CLASSPATH and KUMO_TEST_FOLDER, which the caller removes
  local root=$1 list="$1/kumo-it/target/runtime-classpath.txt" log="$1/target/tests-build.log"
  if [ ! -f "$list" ] || [ ! -d "$root/kumo-it/target/test-classes" ] ||
    [ -n "$(find "$root"/{pom.xml,kumo-*/pom.xml,kumo-*/src} -newer "$list" -print -quit)" ]; then
    { mkdir -p "$root/target" && [ -w "$root/target" ]; } 2>/dev/null ||
      { echo "kumo: there is no build for these sources, and $(id -un) may not write in $root" >&2; return 1; }
    echo "kumo: building (once) ..." >&2
    mvn -f "$root/pom.xml" -B -ntp -q test-compile -pl kumo-it -am </dev/null >"$log" 2>&1 ||
      { echo "kumo: the build failed; see $log" >&2; return 1; }
    touch "$list"
  fi
  KUMO_TEST_FOLDER=$(mktemp -d) || return 1
  KUMO_TEST_CLASSPATH=''
  local entry entries copy
  IFS=: read -r -a entries <"$list" || true
  for entry in "$root/kumo-it/target/test-classes" "${entries[@]}"; do
    case $entry in
      "$root"/*)
        copy="$KUMO_TEST_FOLDER/${entry#"$root"/}"
        mkdir -p "$(dirname "$copy")" && cp -r -- "$entry" "$copy" || return 1
        entry=$copy ;;
    esac
    KUMO_TEST_CLASSPATH+="${KUMO_TEST_CLASSPATH:+:}$entry"
  done
}
