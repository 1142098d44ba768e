package io.kumo.gateway;

import io.kumo.core.cli.BinaryLog;
import io.kumo.core.cli.Cli;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.Logging;
import io.kumo.core.cli.Version;
import io.kumo.core.cli.option.DaemonOptions;
import io.kumo.core.cli.option.HttpOption;
import io.kumo.core.cli.option.KeepaliveOptions;
import io.kumo.core.cli.option.ManagerPairOptions;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.route.cluster.ManagerOptions;
import io.kumo.core.security.link.ClusterSecurity;
import io.kumo.core.security.link.LinkRole;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The program kumo-gateway. */
@Command(
    name = "kumo-gateway",
    customSynopsis = "kumo-gateway [options] -m MANAGER[:PORT=19700] [-p MANAGER[:PORT]]",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = "Serves memcached clients from a cluster of kumo.")
public final class GatewayMain implements Callable<Integer> {
  private static final int MAX_PREFIX_BYTES = 1024;

  @Mixin private ManagerPairOptions pair = new ManagerPairOptions();

  @Mixin private ListenOptions listen = new ListenOptions();

  @Mixin private HttpOption http = new HttpOption();

  @Option(
      names = {"-k", "--key-prefix"},
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Put this in front of every key.")
  private String keyPrefix = "";

  @Option(
      names = {"-rn", "--renew-threshold"},
      paramLabel = "N",
      defaultValue = "4",
      description =
          "Ask the managers after more than this many errors (default: ${DEFAULT-VALUE}).")
  private int renewThreshold = 4;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Event loops (default: ${DEFAULT-VALUE}).")
  private int threads = 1;

  @Mixin private RoutingOptions routing = new RoutingOptions();

  @Mixin private ClientOptions clients = new ClientOptions();

  @Mixin private ClientSecurityOptions security = new ClientSecurityOptions();

  @Mixin private KeepaliveOptions.LongOnly keepalive = new KeepaliveOptions.LongOnly();

  @Mixin private DaemonOptions daemon = new DaemonOptions();

  public static void main(String[] args) {
    Cli.main(new GatewayMain(), args);
  }

  @Override
  public Integer call() throws Exception {
    GatewayConfig config = config();
    return daemon.runUntilStopped(() -> serve(config));
  }

  private AutoCloseable serve(GatewayConfig config) throws IOException {
    HttpOption.Prepared prepared = http.prepare(daemon);
    ClusterSecurity links = daemon.security().open(LinkRole.GATEWAY, daemon.reloads());
    security.tellOpenPorts(config.ports(), daemon.security());
    BinaryLog events = daemon.log().openBinaryLog();
    FailureLog failures = new FailureLog(events, TimeSource.system());
    Gateway gateway = Gateway.start(config, failures, links);
    gateway.followManagers(pair.names());
    failures.started(config.managers().managers());
    try {
      HttpOption.Open shown = prepared.show(() -> new GatewayPages(gateway));
      Logging.announce("kumo-gateway listens on " + String.join(", ", config.ports().names()));
      return () -> {
        shown.close();
        gateway.close();
        events.close();
      };
    } catch (IOException e) {
      gateway.close();
      throw e;
    }
  }

  GatewayConfig config() throws IOException {
    if (threads < 1 || threads > 64) {
      throw CliException.usage("--threads must be from 1 to 64");
    }
    if (renewThreshold < 0) {
      throw CliException.usage("-rn must not be negative");
    }
    if (keyPrefix.getBytes(StandardCharsets.UTF_8).length > MAX_PREFIX_BYTES) {
      throw CliException.usage("-k must be at most " + MAX_PREFIX_BYTES + " bytes");
    }
    int maxItemBytes = clients.maxItemBytes();
    ClientPorts ports = listen.toPorts();
    return new GatewayConfig(
        new ManagerOptions(pair.addresses(), renewThreshold, keepalive.interval().toNanos()),
        ports,
        threads,
        keyPrefix,
        routing.nearCacheBytes(),
        daemon.rpc().toEndpointOptions(),
        routing.toRouterOptions(maxItemBytes),
        clients.toSettings(),
        clients.toLimits(threads),
        routing.maxClockSkew(),
        security.open(ports.all(), daemon.reloads()));
  }
}
