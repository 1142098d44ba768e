# Sourced: the programs, each as name:main class.
KUMO_PROGRAMS="kumo-manager:io.kumo.manager.ManagerMain
kumo-server:io.kumo.server.ServerMain
kumo-gateway:io.kumo.gateway.GatewayMain
kumo-local:io.kumo.local.KumoLocalMain
kumoctl:io.kumo.tools.ctl.KumoctlMain
kumostat:io.kumo.tools.KumostatMain
kumotop:io.kumo.tools.top.KumotopMain
kumohash:io.kumo.tools.KumohashMain
kumobench:io.kumo.tools.bench.KumobenchMain
kumo-import:io.kumo.tools.importing.KumoImportMain
kumomergedb:io.kumo.server.merge.KumomergedbMain
kumolog:io.kumo.tools.binlog.KumologMain"

kumo_describe() { # class arguments...: runs it with the main classes of all programs behind these
  local name main mains=()
  kumo_build
  kumo_hold_build
  while IFS=: read -r name main; do mains+=("$main"); done <<<"$KUMO_PROGRAMS"
  "$(kumo_java)" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$(kumo_classpath)" "$@" "${mains[@]}" </dev/null
}
