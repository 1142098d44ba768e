package io.kumo.tools.backup;

import io.kumo.core.cli.CliException;
import io.kumo.core.clock.ClockTime;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.snapshot.SnapshotState;
import io.kumo.core.protocol.snapshot.SnapshotStep;
import io.kumo.core.protocol.status.CurrentView;
import io.kumo.core.protocol.status.GetView;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import io.kumo.tools.Layout;
import io.kumo.tools.RpcClient;
import io.kumo.tools.ToolOptions;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collection;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * All servers of a cluster, each with the records as of one ClockTime: see {@link SnapshotStep} for
 * how they come to it.
 */
final class ClusterSnapshot implements AutoCloseable {
  private static final long PATIENCE_NS = Duration.ofSeconds(30).toNanos();
  private static final long PAUSE_BETWEEN_NS = TimeUnit.MILLISECONDS.toNanos(500);

  /** Writes go on by themselves after it. */
  private static final long HOLD_MS = 1500;

  private final SnapshotServers servers;
  private final HashSpace ring;
  private final long id;
  private final long clockTime;
  private final long heldNs;
  private final SortedMap<NodeAddress, SnapshotState> states;

  private ClusterSnapshot(
      SnapshotServers servers,
      HashSpace ring,
      long id,
      long clockTime,
      long heldNs,
      SortedMap<NodeAddress, SnapshotState> states) {
    this.servers = servers;
    this.ring = ring;
    this.id = id;
    this.clockTime = clockTime;
    this.heldNs = heldNs;
    this.states = states;
  }

  /** Tries again for a while what is over in a moment. Throws when there is none then. */
  static ClusterSnapshot open(ToolOptions options, InetSocketAddress manager) {
    TimeSource time = TimeSource.system();
    long startNs = time.nanoTime();
    while (true) {
      Layout layout = Layout.of(options, manager);
      long id = new SecureRandom().nextLong(1, Long.MAX_VALUE);
      SnapshotServers servers = SnapshotServers.connect(options, layout.active(), id);
      @Nullable ClusterSnapshot opened = null;
      String why;
      try {
        Attempt attempt = new Attempt(servers, layout.spaces().write(), time);
        opened = attempt.open(id);
        why = attempt.failure;
      } finally {
        if (opened == null) {
          servers.release();
          servers.close();
        }
      }
      if (opened != null) {
        return opened;
      }
      if (time.nanoTime() - startNs > PATIENCE_NS) {
        throw CliException.failed("no moment was found at which all servers agree: " + why);
      }
      LockSupport.parkNanos(PAUSE_BETWEEN_NS);
    }
  }

  /** One try to find a ClockTime. */
  private static final class Attempt {
    private final SnapshotServers servers;
    private final HashSpace ring;
    private final TimeSource time;
    private String failure = "";

    Attempt(SnapshotServers servers, HashSpace ring, TimeSource time) {
      this.servers = servers;
      this.ring = ring;
      this.time = time;
    }

    /** Returns nothing when it is to be tried again. */
    @Nullable ClusterSnapshot open(long id) {
      if (servers.addresses().isEmpty()) {
        throw CliException.failed("no server is active");
      }
      long startNs = time.nanoTime();
      SortedMap<NodeAddress, SnapshotState> paused = servers.all(SnapshotStep.Step.PAUSE, HOLD_MS);
      if (!areHeld(paused)) {
        return null;
      }
      long clockTime = 0;
      for (SnapshotState state : paused.values()) {
        clockTime = ClockTime.max(clockTime, state.clock());
      }
      boolean open = areHeld(servers.all(SnapshotStep.Step.OPEN, clockTime));
      SortedMap<NodeAddress, SnapshotState> resumed = servers.all(SnapshotStep.Step.RESUME, 0);
      long heldNs = time.nanoTime() - startNs;
      return open && areHeld(resumed)
          ? new ClusterSnapshot(servers, ring, id, clockTime, heldNs, resumed)
          : null;
    }

    private boolean areHeld(SortedMap<NodeAddress, SnapshotState> states) {
      states.forEach(this::look);
      return failure.isEmpty();
    }

    private void look(NodeAddress server, SnapshotState state) {
      if (!state.paused()) {
        String why = state.failure();
        failure = server + ": " + (why.isEmpty() ? "writes went on too early" : why);
      } else if (state.whsClockTime() != ring.clockTime()) {
        failure = server + " goes by another hash space than the manager";
      }
    }
  }

  /** The id of the cluster; 0 when it has none. */
  static long cluster(ToolOptions options, InetSocketAddress manager) {
    try (RpcClient client = options.connect(manager)) {
      return client.callIfKnown(
          new GetView(), in -> CurrentView.read(in).view().cluster().id(), () -> 0L);
    }
  }

  SnapshotServers servers() {
    return servers;
  }

  HashSpace ring() {
    return ring;
  }

  long id() {
    return id;
  }

  long clockTime() {
    return clockTime;
  }

  /** For how long writes were held, at most. */
  long heldNs() {
    return heldNs;
  }

  /** As they were when it was opened. */
  Collection<SnapshotState> states() {
    return states.values();
  }

  /** Has the servers let go of it. */
  @Override
  public void close() {
    servers.release();
    servers.close();
  }
}
