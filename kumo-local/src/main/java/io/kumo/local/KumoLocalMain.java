package io.kumo.local;

import io.kumo.core.cli.BinaryLog;
import io.kumo.core.cli.Cli;
import io.kumo.core.cli.Logging;
import io.kumo.core.cli.NodeEventLog;
import io.kumo.core.cli.Version;
import io.kumo.core.cli.option.DaemonOptions;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.security.link.LinkRole;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The program kumo-local. */
@Command(
    name = "kumo-local",
    customSynopsis = "kumo-local [options]",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description =
        "A whole cluster of kumo in one process, for development: a manager, servers and a gateway"
            + " that memcached clients can use. The records go with it, unless they are kept.")
public final class KumoLocalMain implements Callable<Integer> {
  @Mixin private LocalOptions local = new LocalOptions();

  @Mixin private DaemonOptions daemon = new DaemonOptions();

  public static void main(String[] args) {
    Cli.main(new KumoLocalMain(), args);
  }

  @Override
  public Integer call() throws Exception {
    LocalConfig config = local.toConfig(daemon.rpc().toEndpointOptions());
    return daemon.runUntilStopped(() -> serve(config));
  }

  private AutoCloseable serve(LocalConfig config) throws IOException {
    BinaryLog events = daemon.log().openBinaryLog();
    LocalCluster cluster =
        LocalCluster.start(config, daemon.security().open(LinkRole.MANAGER, daemon.reloads()));
    cluster.managerNode().addNodeListener(new NodeEventLog(events, TimeSource.system()));
    Logging.announce(
        "kumo-local serves memcached clients on "
            + NodeAddress.of(cluster.memcached())
            + "; its manager is "
            + NodeAddress.of(cluster.manager())
            + ", its records are in "
            + cluster.folder());
    return () -> {
      cluster.close();
      events.close();
    };
  }
}
