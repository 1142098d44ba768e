package io.kumo.server.rejoin;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.log.LogId;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.transport.Transport;
import io.kumo.server.lifecycle.LifecycleRules;
import io.kumo.server.lifecycle.ReplicaAction;
import io.kumo.server.lifecycle.ReplicaEvent;
import io.kumo.server.lifecycle.ReplicaLifecycle;
import io.kumo.server.lifecycle.ReplicaState;
import io.kumo.server.lifecycle.Right;
import io.kumo.server.lifecycle.Watermarks;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.kumo.server.view.ViewHolder;
import io.kumo.server.write.round.WriteContext;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what {@link ReplicaLifecycle} asks for, and tells it what came of that. A server that was
 * away for longer than others kept their tombstones holds records that were deleted meanwhile, and
 * nothing that it could be given would tell: it is wiped of everything from before first, of which
 * a copy is kept aside.
 *
 * <p>Until that is decided, records offered by others wait. Confined to the main loop.
 */
public final class Rejoin {
  private static final Logger log = LoggerFactory.getLogger(Rejoin.class);

  private static final int MAX_WAITING = 4096;

  /**
   * What is here from before, and what is known about it.
   *
   * @param books what is kept about writes beside the records
   * @param removed told when records are gone, of which some were recovered, perhaps
   * @param old what becomes of records that are too old
   */
  public record Before(
      Store store,
      Watermarks watermarks,
      WriteContext.Bookkeeping books,
      Runnable removed,
      OldRecords old,
      LifecycleRules rules) {}

  /** What waits until this server may do that. */
  private record Waiter(Right right, Runnable task) {}

  private final RpcEndpoint endpoint;
  private final Transport worker;
  private final Store store;
  private final NodeAddress self;
  private final ReplicaLifecycle lifecycle;
  private final Watermarks watermarks;
  private final LifecycleRules rules;
  private final RecordWiper wiper;
  private final Queue<Waiter> waiting = new ArrayDeque<>();
  private HashSpaces layout;
  private @Nullable OwnerQuestion question;
  private long newestFromBefore;
  private long beganSeconds;

  /**
   * @param worker where records are removed
   */
  public Rejoin(RpcEndpoint endpoint, Transport worker, ViewHolder spaces, Before before) {
    this.endpoint = endpoint;
    this.worker = worker;
    this.store = before.store();
    this.self = spaces.self();
    this.lifecycle = spaces.lifecycle();
    this.watermarks = before.watermarks();
    this.rules = before.rules();
    this.layout = spaces.current();
    this.newestFromBefore = store.largestClockTime();
    this.wiper =
        new RecordWiper(
            endpoint.transport(),
            worker,
            before,
            () -> lifecycle.state() == ReplicaState.WIPING,
            () -> on(ReplicaEvent.WIPED));
  }

  /** Another view is installed: the replica's state follows it. */
  public void viewInstalled(HashSpaces now) {
    layout = now;
    on(lifecycle.viewEvent());
    // By this view it may do more, perhaps, though its state is what it was.
    releaseWaiting();
  }

  /** By {@code copied}, which is not installed necessarily, others give this server its keys. */
  public void copyStarted(HashSpaces copied) {
    if (copied.write().isActive(self) && !copied.read().isActive(self)) {
      layout = copied;
      on(ReplicaEvent.COPY_STARTED);
    }
  }

  /**
   * Runs the task once this server may do that: at once, or when its old records are verified or a
   * view names it.
   */
  public void whenMay(Right right, Runnable task) {
    if (lifecycle.may(right)) {
      run(task);
    } else if (waiting.size() < MAX_WAITING) {
      waiting.add(new Waiter(right, task));
    }
  }

  private void run(Runnable task) {
    endpoint.transport().guard().run("who waits for old records", task, task);
  }

  private void on(ReplicaEvent event) {
    lifecycle.on(event).forEach(this::perform);
  }

  private void perform(ReplicaAction action) {
    switch (action) {
      case NOTE_NEWEST_RECORD -> newestFromBefore = store.largestClockTime();
      case ASK_OWNERS -> ask();
      case ASK_OWNERS_AGAIN -> {
        if (!wiper.isBusy()) {
          ask();
        }
      }
      case WIPE -> wiper.wipe(newestFromBefore, beganSeconds);
      case RELEASE_WAITING -> releaseWaiting();
    }
  }

  private void releaseWaiting() {
    for (int left = waiting.size(); left > 0 && !waiting.isEmpty(); left--) {
      Waiter first = waiting.remove();
      whenMay(first.right(), first.task());
    }
  }

  private void ask() {
    question = null;
    beganSeconds = beganSeconds();
    Set<NodeAddress> owners = owners();
    if (newestFromBefore == 0) {
      long began = beganSeconds;
      worker.execute(() -> noteNothingFromBefore(began));
    }
    if (rules.recordsMayStay(owners.isEmpty(), newestFromBefore == 0)) {
      on(ReplicaEvent.RECORDS_MAY_STAY);
      return;
    }
    question = new OwnerQuestion(endpoint, owners, this::isOpen, this::judge);
    question.ask();
  }

  private boolean isOpen(OwnerQuestion asked) {
    return asked == question && lifecycle.state() == ReplicaState.UNVERIFIED;
  }

  /**
   * From when on it is given what there is: by the manager's clock, or by its own if that is
   * behind.
   */
  private long beganSeconds() {
    long nowSeconds = endpoint.transport().time().unixMillis() / 1000;
    return Math.min(nowSeconds, ClockTime.seconds(layout.write().clockTime()));
  }

  /**
   * A server that has nothing from before will hold nothing that was deleted before it began, also
   * when it crashes before every write reaches it. On the worker.
   */
  private void noteNothingFromBefore(long began) {
    try {
      watermarks.beginApplied(began, () -> {});
    } catch (StoreException e) {
      log.warn("cannot note that nothing is here from before: {}", e.getMessage());
    }
  }

  /** The owners that are there, or when none is, those that will be. */
  private Set<NodeAddress> owners() {
    Set<NodeAddress> owners = new HashSet<>();
    layout.read().nodes().stream()
        .filter(node -> node.active() && !node.address().equals(self))
        .forEach(node -> owners.add(node.address()));
    Set<NodeAddress> present = new HashSet<>(owners);
    present.removeIf(owner -> !layout.write().isActive(owner));
    return present.isEmpty() ? owners : present;
  }

  /**
   * All owners have answered.
   *
   * @param droppedUntil the greatest of their tombstone GC watermarks
   */
  private void judge(long droppedUntil) {
    if (ClockTime.isNewer(droppedUntil, watermarks.applied())) {
      log.error(
          LogId.AWAY_TOO_LONG,
          "this server was away for longer than the others kept tombstones (applied everything"
              + " until {}, they dropped until {}): removing what it holds from before",
          ClockTime.format(watermarks.applied()),
          ClockTime.format(droppedUntil));
      on(ReplicaEvent.RECORDS_TOO_OLD);
    } else {
      log.info(
          "what is here stays: applied everything until {}, the others dropped tombstones until {}",
          ClockTime.format(watermarks.applied()),
          ClockTime.format(droppedUntil));
      on(ReplicaEvent.RECORDS_MAY_STAY);
    }
  }
}
