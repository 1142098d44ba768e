package io.kumo.server.rebalance;

import io.kumo.core.bug.KnownBug;
import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.extended.GetDropMark;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.transport.Transport;
import io.kumo.server.lifecycle.Marks;
import io.kumo.server.lifecycle.OldRecords;
import io.kumo.server.store.Cursor;
import io.kumo.server.store.ScanLimits;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.kumo.server.write.WriteContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether what this server holds from before may stay when it is given the rest. A server that was
 * away for longer than others kept their tombstones holds records that were deleted meanwhile, and
 * nothing that it could be given would tell. It is emptied of everything from before first, of
 * which a copy is kept aside.
 *
 * <p>Until that is decided, records offered by others wait. Confined to the main loop; records are
 * removed on the worker.
 */
final class ReturnCheck {
  private static final Logger log = LoggerFactory.getLogger(ReturnCheck.class);

  private static final long TIMEOUT_NS = Duration.ofSeconds(3).toNanos();
  private static final long AGAIN_NS = Duration.ofSeconds(1).toNanos();
  private static final long BUSY_NS = Duration.ofMillis(1).toNanos();
  private static final ScanLimits LIMITS = ScanLimits.headers(512, Store.TOMBSTONE_BYTES);
  private static final int MAX_WAITING = 4096;

  private enum State {
    /** What is here may be out of date. */
    DOUBTED,
    /** Others are being asked, or records removed. */
    CHECKING,
    /** What is here is as it should be, or older than what will come. */
    TRUSTED
  }

  private record Old(ByteBuf key, long clockTime) {}

  /** What is left to remove. */
  private record Emptying(Cursor from, long removed, long upTo, long beganSeconds, long round) {
    Emptying after(Cursor next, int more) {
      return new Emptying(next, removed + more, upTo, beganSeconds, round);
    }
  }

  private final RpcEndpoint endpoint;
  private final Transport worker;
  private final Store store;
  private final NodeAddress self;
  private final Marks marks;
  private final OldRecords oldRecords;
  private final WriteContext.Bookkeeping books;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private State state = State.DOUBTED;
  private boolean inStep;
  private boolean emptying;
  private @Nullable Emptying next;
  private long newestFromBefore;
  private long round;
  private long dropMark;
  private long beganSeconds;

  ReturnCheck(
      RpcEndpoint endpoint, Transport worker, NodeAddress self, Rebalancer.Records records) {
    this.endpoint = endpoint;
    this.worker = worker;
    this.store = records.store();
    this.self = self;
    this.marks = records.marks();
    this.oldRecords = records.old();
    this.books = records.books();
    this.newestFromBefore = store.largestClockTime();
  }

  /** Follows this server's state, and begins to check when it is given its keys back. */
  void spacesChanged(HashSpaces now) {
    boolean written = now.write().isActive(self);
    boolean read = now.read().isActive(self);
    if (written && read) {
      trust();
    } else if (!written || inStep) {
      doubt();
    }
    inStep = written && read;
    if (written && !read) {
      check(now);
    }
  }

  /**
   * No write of the cluster reaches a server that knows itself to be fault, so what it holds when
   * it learns that is what it held before: also what it took over after a restart, while it still
   * believed itself to be active.
   */
  private void doubt() {
    newestFromBefore = store.largestClockTime();
    if (state != State.DOUBTED) {
      state = State.DOUBTED;
      round++;
    }
  }

  /** Whether what is here may be shown to others and added to. */
  boolean isReady(HashSpaces now) {
    return switch (state) {
      case TRUSTED -> true;
      case CHECKING -> false;
      case DOUBTED -> now.read().isActive(self) || !now.write().isActive(self);
    };
  }

  /** Whether what is here may be added to, and counts as being here. */
  boolean letsStay(HashSpaces now) {
    return state == State.TRUSTED || (state == State.DOUBTED && now.read().isActive(self));
  }

  /** Runs the task once what is here can be added to; at once for a server in step. */
  void whenTrusted(HashSpaces now, Runnable task) {
    if (letsStay(now)) {
      endpoint.transport().guard().run("who waits for trust", task, task);
    } else if (waiting.size() < MAX_WAITING) {
      waiting.add(task);
    }
  }

  /** This server is to be given records by the others that have them. */
  void check(HashSpaces layout) {
    boolean asks = state == State.CHECKING && !emptying;
    if (layout.read().isActive(self) || !(state == State.DOUBTED || asks)) {
      return;
    }
    if (KnownBug.RETURNING_SERVER_TRUSTED.isPlanted()) {
      trust();
      return;
    }
    state = State.CHECKING;
    dropMark = 0;
    beganSeconds = beganSeconds(layout);
    Set<NodeAddress> others = others(layout);
    if (newestFromBefore == 0) {
      long began = beganSeconds;
      worker.execute(() -> noteNothingFromBefore(began));
    }
    if (others.isEmpty() || newestFromBefore == 0) {
      trust();
      return;
    }
    long thisRound = ++round;
    Set<NodeAddress> unanswered = new HashSet<>(others);
    others.forEach(other -> ask(other, unanswered, thisRound));
  }

  /**
   * From when on it is given what there is: by the manager's clock, or by its own if that is
   * behind.
   */
  private long beganSeconds(HashSpaces layout) {
    long nowSeconds = endpoint.transport().time().unixMillis() / 1000;
    return Math.min(nowSeconds, ClockTime.seconds(layout.write().clockTime()));
  }

  /**
   * A server that has nothing from before will hold nothing that was deleted before it began, also
   * when it crashes before it has been in step. On the worker.
   */
  private void noteNothingFromBefore(long began) {
    try {
      marks.comeInStep(began, () -> {});
    } catch (StoreException e) {
      log.warn("cannot note that nothing is here from before: {}", e.getMessage());
    }
  }

  /** The owners that are there, or when none is, those that will be. */
  private Set<NodeAddress> others(HashSpaces layout) {
    Set<NodeAddress> owners = new HashSet<>();
    layout.read().nodes().stream()
        .filter(node -> node.active() && !node.address().equals(self))
        .forEach(node -> owners.add(node.address()));
    Set<NodeAddress> present = new HashSet<>(owners);
    present.removeIf(owner -> !layout.write().isActive(owner));
    return present.isEmpty() ? owners : present;
  }

  private void ask(NodeAddress other, Set<NodeAddress> unanswered, long askedRound) {
    Peer peer = endpoint.peer(other);
    if (peer.role() != null && !Capabilities.isExtended(peer.capabilities())) {
      answered(other, 0, unanswered, askedRound);
      return;
    }
    peer.call(
        new GetDropMark(),
        TIMEOUT_NS,
        new ReplyHandler() {
          @Override
          public void reply(ByteBuf result) throws MalformedMessageException {
            answered(other, MsgPack.readUnsigned(result), unanswered, askedRound);
          }

          @Override
          public void error(ErrorCode code, String detail) {
            endpoint.transport().schedule(AGAIN_NS, () -> again(other, unanswered, askedRound));
          }
        });
  }

  private void again(NodeAddress other, Set<NodeAddress> unanswered, long askedRound) {
    if (state == State.CHECKING && round == askedRound) {
      ask(other, unanswered, askedRound);
    }
  }

  private void answered(
      NodeAddress other, long theirMark, Set<NodeAddress> unanswered, long askedRound) {
    if (state != State.CHECKING || round != askedRound || !unanswered.remove(other)) {
      return;
    }
    dropMark = ClockTime.max(dropMark, theirMark);
    if (!unanswered.isEmpty()) {
      return;
    }
    if (ClockTime.isNewer(dropMark, marks.inStep())) {
      log.error(
          "this server was away for longer than the others kept tombstones (in step until {}, they"
              + " dropped until {}): removing what it holds from before",
          ClockTime.format(marks.inStep()),
          ClockTime.format(dropMark));
      begin(new Emptying(Cursor.all(), 0, newestFromBefore, beganSeconds, askedRound));
    } else {
      log.info(
          "what is here stays: in step until {}, the others dropped tombstones until {}",
          ClockTime.format(marks.inStep()),
          ClockTime.format(dropMark));
      trust();
    }
  }

  /** One at a time: a copy that is under way is not to miss what another one removes. */
  private void begin(Emptying all) {
    if (emptying) {
      next = all;
      return;
    }
    emptying = true;
    oldRecords.keep(() -> endpoint.transport().execute(() -> emptyIfStillDue(all)));
  }

  /** The copy may have taken minutes, in which other hash spaces came. */
  private void emptyIfStillDue(Emptying all) {
    if (round == all.round() && state == State.CHECKING) {
      worker.execute(() -> empty(all));
    } else {
      ended(all.round());
    }
  }

  /** On the worker, in steps; nothing is added to the store meanwhile. */
  private void empty(Emptying at) {
    if (!worker.guard().run("emptying", this, () -> emptyStep(at))) {
      worker.schedule(AGAIN_NS, () -> empty(at));
    }
  }

  private void emptyStep(Emptying at) {
    assert worker.inLoop();
    List<Old> found = new ArrayList<>();
    try {
      Cursor next =
          store.scan(
              at.from(),
              LIMITS,
              (rawKey, rawValue, length) -> {
                long clockTime = rawValue.getLong(rawValue.readerIndex());
                if (!ClockTime.isNewer(clockTime, at.upTo())) {
                  found.add(new Old(Unpooled.copiedBuffer(rawKey), clockTime));
                }
                return true;
              });
      found.forEach(old -> store.removeIf(old.key(), old.clockTime()));
      Emptying rest = at.after(next, found.size());
      if (next.isDone()) {
        Runnable emptied = () -> emptied(rest.removed(), rest.round());
        marks.comeInStep(at.beganSeconds(), () -> endpoint.transport().execute(emptied));
      } else {
        worker.execute(() -> empty(rest));
      }
    } catch (StoreException e) {
      boolean busy = e.code() == StoreException.Code.BUSY;
      if (!busy) {
        log.error("cannot remove what is here from before: {}", e.getMessage());
      }
      worker.schedule(busy ? BUSY_NS : AGAIN_NS, () -> empty(at));
    }
  }

  /** A request whose record is gone must not count as applied. */
  private void emptied(long removed, long askedRound) {
    log.error("{} records from before removed", removed);
    books.forgetRequests(endpoint.transport().time().nanoTime());
    ended(askedRound);
  }

  private void ended(long askedRound) {
    emptying = false;
    Emptying waits = next;
    next = null;
    if (waits != null && waits.round() == round && state == State.CHECKING) {
      begin(waits);
    } else if (round == askedRound && state == State.CHECKING) {
      trust();
    }
  }

  private void trust() {
    state = State.TRUSTED;
    round++;
    for (Runnable task = waiting.poll(); task != null; task = waiting.poll()) {
      endpoint.transport().guard().run("who waits for trust", task, task);
    }
  }
}
