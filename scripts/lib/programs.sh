# Sourced: the programs, each as name:module:main class.
KUMO_PROGRAMS="kumo-manager:kumo-manager:io.kumo.manager.ManagerMain
kumo-server:kumo-server:io.kumo.server.ServerMain
kumo-gateway:kumo-gateway:io.kumo.gateway.GatewayMain
kumoctl:kumo-tools:io.kumo.tools.KumoctlMain
kumostat:kumo-tools:io.kumo.tools.KumostatMain
kumotop:kumo-tools:io.kumo.tools.top.KumotopMain
kumohash:kumo-tools:io.kumo.tools.KumohashMain
kumobench:kumo-tools:io.kumo.tools.bench.KumobenchMain
kumo-import:kumo-tools:io.kumo.tools.importing.KumoImportMain
kumomergedb:kumo-server:io.kumo.server.merge.KumomergedbMain
kumolog:kumo-tools:io.kumo.tools.binlog.KumologMain"

kumo_each_program() { # function: builds all, then calls it with name, main class and class path of each
  local name module main
  kumo_build
  kumo_hold_build
  while IFS=: read -r name module main; do
    "$1" "$name" "$main" "$(kumo_classpath "$module")"
  done <<<"$KUMO_PROGRAMS"
}
