package io.kumo.tools.backup;

import io.kumo.core.cli.CliException;
import io.kumo.core.clock.ClockTime;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.snapshot.SnapshotState;
import io.kumo.core.protocol.snapshot.SnapshotStep;
import io.kumo.core.ring.NodeAddress;
import io.kumo.tools.Layout;
import io.kumo.tools.ToolOptions;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The clocks of all servers. */
final class ClusterClocks {
  private static final long PATIENCE_NS = Duration.ofSeconds(20).toNanos();
  private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private ClusterClocks() {}

  /**
   * A ClockTime that is greater than all that the cluster has given until now, and in a second that
   * is over at all servers when this returns: whatever is in that second is taken, and what is
   * written from now on is newer.
   */
  static long past(ToolOptions options, InetSocketAddress manager) {
    List<NodeAddress> active = Layout.of(options, manager).active();
    if (active.isEmpty()) {
      throw CliException.failed("no server is active");
    }
    long id = new SecureRandom().nextLong(1, Long.MAX_VALUE);
    try (SnapshotServers servers = SnapshotServers.connect(options, active, id)) {
      long greatest = 0;
      for (SnapshotState state : servers.all(SnapshotStep.Step.LOOK, 0).values()) {
        greatest = ClockTime.max(greatest, state.clock());
      }
      awaitAfter(servers, ClockTime.seconds(greatest));
      return greatest;
    }
  }

  private static void awaitAfter(SnapshotServers servers, long second) {
    TimeSource time = TimeSource.system();
    long startNs = time.nanoTime();
    while (servers.all(SnapshotStep.Step.LOOK, 0).values().stream()
        .anyMatch(state -> ClockTime.seconds(state.clock()) <= second)) {
      if (time.nanoTime() - startNs > PATIENCE_NS) {
        throw CliException.failed("the clocks of the servers are too far apart: see status");
      }
      LockSupport.parkNanos(POLL_NS);
    }
  }
}
