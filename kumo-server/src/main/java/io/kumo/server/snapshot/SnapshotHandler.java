package io.kumo.server.snapshot;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.Limits;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.snapshot.ScanSnapshot;
import io.kumo.core.protocol.snapshot.SnapshotPage;
import io.kumo.core.protocol.snapshot.SnapshotState;
import io.kumo.core.protocol.snapshot.SnapshotStep;
import io.kumo.core.rpc.Caller;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.transport.Cancellable;
import io.kumo.core.transport.Transport;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.kumo.server.store.StoreSnapshot;
import io.kumo.server.write.Coordinator;
import io.kumo.server.write.round.WriteContext;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has this server take part in an image of the cluster, see {@link SnapshotStep}. One at a time;
 * one whose tool does not ask any more ends by itself. Main loop only, but for the pages, which the
 * worker reads one after the other.
 */
public final class SnapshotHandler {
  private static final Logger log = LoggerFactory.getLogger(SnapshotHandler.class);

  private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LEASE_CHECK_NS = TimeUnit.SECONDS.toNanos(10);
  private static final int MAX_DAMAGED = 1 << 16;

  private final RpcEndpoint endpoint;
  private final Transport main;
  private final Transport worker;
  private final WriteContext context;
  private final Coordinator coordinator;
  private final BooleanSupplier verified;
  private long id;
  private long whsClockTime;
  private long usedNs;
  private boolean paused;
  private boolean reading;
  private @Nullable Cancellable pauseEnd;
  private @Nullable Cancellable lease;
  private volatile @Nullable SnapshotPart part;

  /**
   * @param worker where records are read
   * @param verified whether the newest record of each key that is coordinated here is surely here
   */
  public SnapshotHandler(
      RpcEndpoint endpoint,
      Transport worker,
      WriteContext context,
      Coordinator coordinator,
      BooleanSupplier verified) {
    this.endpoint = endpoint;
    this.main = endpoint.transport();
    this.worker = worker;
    this.context = context;
    this.coordinator = coordinator;
    this.verified = verified;
  }

  /** Before the endpoint listens. */
  public void register() {
    endpoint.handle(Method.SNAPSHOT_STEP, SnapshotStep.class, this::step);
    endpoint.handle(Method.SCAN_SNAPSHOT, ScanSnapshot.class, (m, caller, reply) -> scan(m, reply));
  }

  /** Bytes of overwritten records that are kept for a backup. Any thread. */
  public long keptBytes() {
    SnapshotPart open = part;
    return open == null ? 0 : open.records().keptBytes();
  }

  private void step(SnapshotStep message, Caller caller, Replier reply) {
    boolean own = message.id() == id;
    if (id != 0 && !own && message.step() != SnapshotStep.Step.LOOK) {
      reply.errorText("another backup of the cluster is being made, or has ended a moment ago");
      return;
    }
    usedNs = own ? context.nowNs() : usedNs;
    switch (message.step()) {
      case PAUSE -> pause(message, caller, reply);
      case OPEN -> open(message, reply);
      case RESUME -> resume(reply);
      case LOOK -> state(paused).write(reply.begin());
      case CLOSE -> {
        close();
        state(false).write(reply.begin());
      }
    }
  }

  // ---- the ClockTime

  private void pause(SnapshotStep message, Caller caller, Replier reply) {
    String objection = objection();
    if (objection != null) {
      reply.errorText(objection);
      return;
    }
    close();
    String notYet = notYet();
    if (notYet != null) {
      state(false, notYet).write(reply.begin());
      return;
    }
    id = message.id();
    usedNs = context.nowNs();
    whsClockTime = context.spaces().current().write().clockTime();
    paused = true;
    coordinator.barrier().raise();
    context.metrics().add(ServerMetric.WRITE_PAUSES);
    long forNs = TimeUnit.MILLISECONDS.toNanos(Math.max(0, Math.min(message.number(), 60_000)));
    pauseEnd = main.schedule(Math.min(forNs, Limits.MAX_WRITE_PAUSE_NS), this::pauseIsOver);
    lease = main.repeat(LEASE_CHECK_NS, "lease of a snapshot", this::checkLease);
    log.info("{} makes a backup of the cluster", caller.remote());
    awaitQuiet(message.id(), reply);
  }

  private @Nullable String objection() {
    if (context.spaces().current().rebalancing()) {
      return "records are being moved: make a backup when the rebalance has ended";
    }
    return context.spaces().isActive() ? null : "this server does not belong to the cluster now";
  }

  /** What is over in a moment. */
  private @Nullable String notYet() {
    boolean serves = context.spaces().lifecycle().isServing() && verified.getAsBoolean();
    return serves ? null : "this server does not know yet that it has all its records";
  }

  /** Writes that have begun have a ClockTime already, and end before the snapshot is opened. */
  private void awaitQuiet(long asked, Replier reply) {
    if (!paused || asked != id) {
      state(false, "writes under way did not end while others were held").write(reply.begin());
    } else if (coordinator.isQuiet()) {
      // What was stored by another coordinator may be ahead of what this one has given.
      context.clock().observe(context.store().largestClockTime());
      state(true).write(reply.begin());
    } else {
      main.schedule(LOOK_NS, () -> awaitQuiet(asked, reply));
    }
  }

  private void open(SnapshotStep message, Replier reply) {
    if (!isPaused()) {
      reply.errorText("writes are not held any more");
      return;
    }
    context.clock().observe(message.number());
    if (ClockTime.isNewer(message.number(), context.clock().last())) {
      reply.errorText("the ClockTime is too far ahead of this server's clock");
      return;
    }
    Store store = context.store();
    try {
      StoreSnapshot records = store.openSnapshot(message.number());
      part =
          new SnapshotPart(
              records,
              context.spaces().current().write(),
              context.spaces().self(),
              context.spaces().flushClockTime());
      state(true).write(reply.begin());
    } catch (StoreException e) {
      reply.errorText(String.valueOf(e.getMessage()));
    }
  }

  private boolean isPaused() {
    return paused && whsClockTime == context.spaces().current().write().clockTime();
  }

  private void resume(Replier reply) {
    boolean intact = isPaused() && part != null;
    endPause();
    state(intact).write(reply.begin());
  }

  /** The tool is late; before anything is kept there is nothing to wait for. */
  private void pauseIsOver() {
    context.metrics().add(ServerMetric.WRITE_PAUSES_CUT);
    if (part == null) {
      close();
    } else {
      endPause();
    }
  }

  private void endPause() {
    if (pauseEnd != null) {
      pauseEnd.cancel();
      pauseEnd = null;
    }
    if (paused) {
      paused = false;
      coordinator.barrier().lower();
    }
  }

  // ---- the records

  private void scan(ScanSnapshot message, Replier reply) {
    SnapshotPart open = part;
    if (open == null || message.id() != id) {
      reply.errorText("there is no such snapshot here");
    } else if (reading) {
      reply.errorText("a page of the snapshot is being read");
    } else {
      usedNs = context.nowNs();
      reading = true;
      ScanSnapshot own =
          new ScanSnapshot(
              message.id(),
              message.lost(),
              message.after() == null ? null : Unpooled.copiedBuffer(message.after()),
              message.since());
      worker.execute(() -> read(open, own, reply));
    }
  }

  /** On the worker. */
  private void read(SnapshotPart open, ScanSnapshot message, Replier reply) {
    SnapshotPage page = null;
    String failure = "a bug; the server's log has it";
    try {
      page = open.page(message);
    } catch (StoreException e) {
      failure = String.valueOf(e.getMessage());
    } finally {
      SnapshotPage found = page;
      String why = failure;
      main.execute(() -> answer(found, why, reply));
    }
  }

  private void answer(@Nullable SnapshotPage page, String failure, Replier reply) {
    reading = false;
    if (page == null) {
      reply.errorText(failure);
      return;
    }
    context.metrics().add(ServerMetric.BACKUP_RECORDS, page.records().size());
    reply.whenTaken(() -> page.write(reply.begin()));
  }

  private SnapshotState state(boolean intact) {
    SnapshotPart open = part;
    String failure = open == null ? null : open.records().failure();
    return state(intact, failure == null ? "" : failure);
  }

  private SnapshotState state(boolean intact, String failure) {
    return new SnapshotState(
        intact,
        context.spaces().current().write().clockTime(),
        context.clock().next(),
        context.spaces().flushClockTime(),
        context.books().tombstoneWatermark().getAsLong(),
        context.store().liveCount(),
        context.store().damagedKeys(MAX_DAMAGED).size(),
        keptBytes(),
        failure);
  }

  // ---- the end

  private void checkLease() {
    if (context.nowNs() - usedNs > Limits.SNAPSHOT_LEASE_NS) {
      log.warn("nobody asks any more for the backup that was begun: nothing is kept for it");
      context.metrics().add(ServerMetric.BACKUPS_FORGOTTEN);
      close();
    }
  }

  private void close() {
    endPause();
    id = 0;
    if (lease != null) {
      lease.cancel();
      lease = null;
    }
    SnapshotPart open = part;
    part = null;
    if (open != null) {
      open.records().close();
    }
  }
}
