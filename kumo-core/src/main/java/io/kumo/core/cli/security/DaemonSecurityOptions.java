package io.kumo.core.cli.security;

import io.kumo.core.cli.CliException;
import io.kumo.core.log.LogId;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.security.Reloads;
import io.kumo.core.security.ServerTls;
import io.kumo.core.security.link.ClusterSecurity;
import io.kumo.core.security.link.LinkRole;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** By what a daemon protects its ports, and whether it may do without. */
public final class DaemonSecurityOptions {
  private static final Logger log = LoggerFactory.getLogger(DaemonSecurityOptions.class);

  @Mixin private LinkOptions links = new LinkOptions();

  @Option(
      names = "--require-security",
      description =
          "Do not start when a port that other machines reach would be open to everybody.")
  private boolean required;

  /** Reads the files. Throws {@link CliException} when they cannot be used. */
  public ClusterSecurity open(LinkRole role, Reloads reloads) {
    return links.open(role, reloads);
  }

  /**
   * TLS by the cluster's certificate for those who need none of their own.
   *
   * @param use for log lines and the metric
   * @throws IOException when the files cannot be used
   */
  public ServerTls tlsForAnybody(String use, Reloads reloads) throws IOException {
    return links.tlsForAnybody(use, reloads);
  }

  /**
   * Says loudly which ports are open to strangers, or throws {@link CliException} when none may be.
   *
   * @param ports those that nothing protects
   * @param what a stranger can do there, as the end of a sentence
   * @param remedy how to protect them
   */
  public void openPorts(Collection<InetSocketAddress> ports, String what, String remedy) {
    for (InetSocketAddress port : ports) {
      if (port.getAddress().isLoopbackAddress()) {
        continue;
      }
      String where = NodeAddress.of(port).toString();
      if (required) {
        throw CliException.usage(
            where + " would be open to everybody who reaches it (--require-security): " + remedy);
      }
      log.warn(
          LogId.OPEN_TO_STRANGERS,
          "{} is open: whoever reaches that port can {}. {}",
          where,
          what,
          remedy);
    }
  }

  /** The same of ports between nodes and tools, unless something protects them. */
  public void clusterPorts(ClusterSecurity security, Collection<InetSocketAddress> ports) {
    if (security.isOpen()) {
      openPorts(
          ports,
          "read, change and erase every record, and take the cluster over",
          "Give every node and tool the same --secret-file (docs/security.md)");
    }
  }
}
