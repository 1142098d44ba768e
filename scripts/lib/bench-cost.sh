# Sourced by bench: what a request costs, as CostMain of kumo-it finds it. Processor time and garbage
# are no matter of wall time, so a busy machine may measure them.

cost() { # rounds of gets and sets, one after the other, in a cluster of one process
  [ $# = 0 ] || wrong "scripts/bench cost takes no options"
  trap 'rm -rf -- "${work:-}" "${KUMO_TEST_FOLDER:-}"' EXIT
  work=$(mktemp -d)
  kumo_test_classes "$KUMO_ROOT" || exit 1
  local kind load
  for load in get/1 get/64 set/1 set/64; do
    kind=${load%/*}
    mkdir "$work/$kind-${load#*/}"
    "$(kumo_java)" -XX:+UseSerialGC -Xms600m -Xmx600m -Dio.netty.leakDetection.level=disabled \
      -Dio.netty.buffer.checkAccessible=false -cp "$KUMO_TEST_CLASSPATH" \
      io.kumo.it.cost.CostMain "$work/$kind-${load#*/}" "$kind" "${load#*/}" 3 2>/dev/null | grep "^$kind"
  done
}
