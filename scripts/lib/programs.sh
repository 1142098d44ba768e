# Sourced: the programs, each as name:module:main class.
KUMO_PROGRAMS="kumo-manager:kumo-manager:io.kumo.manager.ManagerMain
kumo-server:kumo-server:io.kumo.server.ServerMain
kumo-gateway:kumo-gateway:io.kumo.gateway.GatewayMain
kumoctl:kumo-tools:io.kumo.tools.KumoctlMain
kumostat:kumo-tools:io.kumo.tools.KumostatMain
kumotop:kumo-tools:io.kumo.tools.KumotopMain
kumohash:kumo-tools:io.kumo.tools.KumohashMain
kumobench:kumo-tools:io.kumo.tools.bench.KumobenchMain"

kumo_each_program() { # function: builds all, then calls it with name, main class and class path of each
  local name module main
  kumo_build kumo-manager kumo-server kumo-gateway kumo-tools
  while IFS=: read -r name module main; do
    "$1" "$name" "$main" \
      "$KUMO_ROOT/$module/target/classes:$(cat "$KUMO_ROOT/$module/target/runtime-classpath.txt")"
  done <<<"$KUMO_PROGRAMS"
}
