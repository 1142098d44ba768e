package io.kumo.tools;

import io.kumo.core.cli.security.LinkOptions;
import io.kumo.core.metrics.SecurityMetrics;
import io.kumo.core.security.Reloads;
import io.kumo.core.security.link.ClusterSecurity;
import io.kumo.core.security.link.LinkRole;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/** How a tool connects to managers and servers. Thread-safe once the command line is read. */
public final class NodeOptions {
  @Mixin private LinkOptions links = new LinkOptions();

  private @Nullable ClusterSecurity opened;

  /** Throws {@link io.kumo.core.cli.CliException} when there is no connection in time. */
  public RpcClient connect(InetSocketAddress address, Duration timeout) {
    return RpcClient.connect(address, timeout, security());
  }

  /** What protects the links; its files are read once. */
  public synchronized ClusterSecurity security() {
    ClusterSecurity known = opened;
    if (known == null) {
      known = links.open(LinkRole.TOOL, new Reloads(SecurityMetrics.ofProcess()));
      opened = known;
    }
    return known;
  }
}
