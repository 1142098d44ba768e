package io.kumo.core.route.cluster;

import io.kumo.core.ring.NodeAddress;
import java.time.Duration;
import java.util.List;

/**
 * Whom to ask for hash spaces, and when.
 *
 * @param managers one or two
 * @param renewThreshold so many errors of servers are borne before managers are asked ({@code -rn})
 * @param intervalNs managers are asked this often anyway; after three intervals without an answer
 *     one counts as not answering ({@code --keepalive-interval})
 */
public record ManagerOptions(List<NodeAddress> managers, int renewThreshold, long intervalNs) {
  private static final int DEFAULT_RENEW_THRESHOLD = 4;
  private static final long DEFAULT_INTERVAL_NS = Duration.ofSeconds(2).toNanos();

  public ManagerOptions {
    managers = List.copyOf(managers);
  }

  /** With the defaults of the command line. */
  public ManagerOptions(List<NodeAddress> managers) {
    this(managers, DEFAULT_RENEW_THRESHOLD, DEFAULT_INTERVAL_NS);
  }
}
