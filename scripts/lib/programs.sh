# Sourced: the programs, each as name:module:main class.
KUMO_PROGRAMS="kumo-manager:kumo-manager:io.kumo.manager.ManagerMain
kumo-server:kumo-server:io.kumo.server.ServerMain
kumo-gateway:kumo-gateway:io.kumo.gateway.GatewayMain
kumo-local:kumo-local:io.kumo.local.KumoLocalMain
kumoctl:kumo-tools:io.kumo.tools.ctl.KumoctlMain
kumostat:kumo-tools:io.kumo.tools.KumostatMain
kumotop:kumo-tools:io.kumo.tools.top.KumotopMain
kumohash:kumo-tools:io.kumo.tools.KumohashMain
kumobench:kumo-tools:io.kumo.tools.bench.KumobenchMain
kumo-import:kumo-tools:io.kumo.tools.importing.KumoImportMain
kumomergedb:kumo-server:io.kumo.server.merge.KumomergedbMain
kumolog:kumo-tools:io.kumo.tools.binlog.KumologMain"

kumo_describe() { # class arguments...: runs it with the main classes of all programs behind these
  local name module main mains=() classpath=''
  kumo_build
  kumo_hold_build
  while IFS=: read -r name module main; do
    mains+=("$main")
    classpath+=":$(kumo_classpath "$module")"
  done <<<"$KUMO_PROGRAMS"
  "$(kumo_java)" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "${classpath#:}" "$@" "${mains[@]}" </dev/null
}
