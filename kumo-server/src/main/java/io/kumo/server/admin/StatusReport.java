package io.kumo.server.admin;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.clock.HybridClock;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.admin.StatusField;
import io.kumo.core.protocol.wire.HashSpaceCodec;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.ring.HashSpaces;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.store.Store;
import io.kumo.server.view.ViewHolder;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * Answers GetStatus, the statistics that kumostat and kumotop show, as kumofs 0.4.13 does. Main
 * loop only.
 */
public final class StatusReport {
  private final ViewHolder spaces;
  private final Store store;
  private final HybridClock clock;
  private final TimeSource time;
  private final ServerMetrics metrics;
  private final IntSupplier phase;
  private final byte[] version;
  private final long startedNs;

  /**
   * @param phase {@link StatusField#COPYING} or {@link StatusField#DELETING} while that goes on,
   *     else 0
   */
  public StatusReport(
      ViewHolder spaces,
      Store store,
      HybridClock clock,
      TimeSource time,
      ServerMetrics metrics,
      IntSupplier phase,
      String version) {
    this.spaces = spaces;
    this.store = store;
    this.clock = clock;
    this.time = time;
    this.metrics = metrics;
    this.phase = phase;
    this.version = version.getBytes(StandardCharsets.UTF_8);
    this.startedNs = time.nanoTime();
  }

  /** Appends the value as one object; nil for a command that is not known. */
  public void write(int commandId, ByteBuf out) {
    StatusField command = StatusField.byId(commandId);
    if (command == null) {
      MsgPack.writeNil(out);
      return;
    }
    switch (command) {
      case PID -> MsgPack.writeUnsigned(out, ProcessHandle.current().pid());
      case UPTIME ->
          MsgPack.writeUnsigned(out, TimeUnit.NANOSECONDS.toSeconds(time.nanoTime() - startedNs));
      case TIME -> MsgPack.writeUnsigned(out, TimeUnit.MILLISECONDS.toSeconds(time.unixMillis()));
      case VERSION -> MsgPack.writeRaw(out, version);
      case COUNT_GET -> MsgPack.writeUnsigned(out, metrics.get(ServerMetric.GETS));
      case COUNT_SET -> MsgPack.writeUnsigned(out, metrics.get(ServerMetric.SETS));
      case COUNT_DELETE -> MsgPack.writeUnsigned(out, metrics.get(ServerMetric.DELETES));
      case ITEMS -> MsgPack.writeUnsigned(out, store.liveCount() + store.tombstoneCount());
      case CLOCK_TIME -> MsgPack.writeUnsigned(out, now());
      case READ_HASH_SPACE -> HashSpaceCodec.write(out, spaces.current().read());
      case WRITE_HASH_SPACE -> HashSpaceCodec.write(out, spaces.current().write());
      case REPLACE_STATE -> MsgPack.writeUnsigned(out, replaceState());
    }
  }

  /** The ClockTime that a write of this moment would get, but without issuing it. */
  private long now() {
    long seconds = TimeUnit.MILLISECONDS.toSeconds(time.unixMillis());
    return ClockTime.of(seconds, clock.counter());
  }

  private int replaceState() {
    HashSpaces current = spaces.current();
    int state = phase.getAsInt();
    if (!current.write().isActive(spaces.self())) {
      state |= StatusField.INACTIVE;
    }
    if (current.rebalancing()) {
      state |= StatusField.SPACES_DIFFER;
    }
    return state;
  }
}
