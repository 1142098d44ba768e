package io.kumo.server.rebalance;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.clock.HybridClock;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.admin.StatusCommand;
import io.kumo.core.protocol.extended.ConfirmRecords;
import io.kumo.core.protocol.extended.GetMoveFigures;
import io.kumo.core.protocol.extended.MoveFigures;
import io.kumo.core.protocol.original.ReplaceCopyStart;
import io.kumo.core.protocol.original.ReplaceDeleteStart;
import io.kumo.core.protocol.original.ReplaceEnd;
import io.kumo.core.protocol.original.ReplaceOffer;
import io.kumo.core.ring.CopyPlan;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.Caller;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcException;
import io.kumo.core.transport.Transport;
import io.kumo.server.lifecycle.Right;
import io.kumo.server.lifecycle.Watermarks;
import io.kumo.server.metrics.ServerMetric;
import io.kumo.server.rejoin.Rejoin;
import io.kumo.server.store.Store;
import io.kumo.server.transfer.BackgroundThrottle;
import io.kumo.server.transfer.CopyRunner;
import io.kumo.server.transfer.OfferStreams;
import io.kumo.server.transfer.RebalanceSettings;
import io.kumo.server.transfer.TargetQuestions;
import io.kumo.server.view.ViewHolder;
import io.kumo.server.write.KeyGate;
import io.kumo.server.write.WriteContext;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server's part in a replace: copies when a manager says so, fetches what others offer, and
 * removes what has moved away.
 *
 * <p>A replace is named by the ClockTime of its write hash space. Being told to start the one that
 * runs, or that has ended, changes nothing and is answered as it stands, so that an extended
 * manager may repeat itself; kumofs 0.4.13 managers never repeat a request, and theirs start anew.
 *
 * <p>Confined to the main loop; the records flow on the stream loop.
 */
public final class Rebalancer {
  private static final Logger log = LoggerFactory.getLogger(Rebalancer.class);

  private static final long CALL_TIMEOUT_NS = Duration.ofSeconds(10).toNanos();
  private static final long END_AGAIN_NS = Duration.ofSeconds(1).toNanos();
  private static final int MAX_ENDS = 600;

  /**
   * The records of this server, and what is known about them.
   *
   * @param books what is kept about writes beside the records
   * @param gate holds keys back of which a newer record has come from elsewhere
   */
  public record Records(
      Store store, Watermarks watermarks, WriteContext.Bookkeeping books, KeyGate gate) {}

  /** A phase under way, or the one that ended last. */
  private static final class Task {
    final long replaceTime;
    final boolean full;
    Peer director;
    boolean ended;
    @Nullable CopyRunner copy;
    @Nullable Cleaner clean;

    Task(long replaceTime, boolean full, Peer director) {
      this.replaceTime = replaceTime;
      this.full = full;
      this.director = director;
    }

    MoveFigures figures() {
      if (copy != null) {
        return copy.figures();
      }
      return clean == null ? MoveFigures.NONE : clean.figures();
    }

    boolean isSame(long time, boolean fullReplace) {
      return replaceTime == time && full == fullReplace;
    }
  }

  private final RpcEndpoint endpoint;
  private final Transport main;
  private final Transport streamLoop;
  private final Store store;
  private final ViewHolder spaces;
  private final HybridClock clock;
  private final RebalanceSettings settings;
  private final Records records;
  private final Rejoin rejoin;
  private final OfferStreams streams;
  private final Fetches fetches;
  private final TargetQuestions questions;
  private HashSpace formerRead = HashSpace.EMPTY;
  private @Nullable Task copying;
  private @Nullable Task deleting;

  /**
   * @param streamLoop carries the records; may be the endpoint's own in tests
   */
  public Rebalancer(
      RpcEndpoint endpoint,
      Transport streamLoop,
      ViewHolder spaces,
      HybridClock clock,
      RebalanceSettings settings,
      Records records,
      Rejoin rejoin) {
    this.endpoint = endpoint;
    this.main = endpoint.transport();
    this.streamLoop = streamLoop;
    this.store = records.store();
    this.spaces = spaces;
    this.clock = clock;
    this.settings = settings;
    this.records = records;
    this.streams = new OfferStreams(streamLoop);
    this.rejoin = rejoin;
    this.fetches = new Fetches(streamLoop, spaces, clock, records, rejoin);
    this.questions = new TargetQuestions(endpoint, streamLoop);
  }

  /** Sets the handlers; before the endpoint listens. */
  public void register() {
    endpoint.handle(Method.REPLACE_COPY_START, ReplaceCopyStart.class, this::copyStart);
    endpoint.handle(Method.REPLACE_DELETE_START, ReplaceDeleteStart.class, this::deleteStart);
    endpoint.handle(Method.REPLACE_OFFER, ReplaceOffer.class, fetches::offered);
    endpoint.handle(
        Method.GET_MOVE_FIGURES,
        GetMoveFigures.class,
        (message, caller, reply) -> figures().write(reply.begin()));
    new OwnerHandlers(main, spaces, clock, records).register(endpoint);
  }

  /**
   * Opens the stream port. Any thread.
   *
   * @throws IOException if it cannot be bound; the message says which and why
   */
  public void listen() throws IOException {
    streams.listen(settings.streamAddress());
  }

  /** Stops what is under way and closes the stream port. */
  public void close() {
    cancelAll();
    streamLoop.execute(
        () -> {
          fetches.stop();
          streams.close();
        });
  }

  /** What GetStatus says of the phase: see {@link StatusCommand}. */
  public int statusFlags() {
    int flags = 0;
    if (isRunning(copying)) {
      flags |= StatusCommand.COPYING;
    }
    if (isRunning(deleting)) {
      flags |= StatusCommand.DELETING;
    }
    return flags;
  }

  private static boolean isRunning(@Nullable Task task) {
    return task != null && !task.ended;
  }

  /** How far the running phase is, or the last one was. */
  public MoveFigures figures() {
    Task last = isRunning(copying) || deleting == null ? copying : deleting;
    return last == null ? MoveFigures.NONE : last.figures();
  }

  private static Peer director(Caller caller) throws RpcException {
    Peer node = caller.node();
    if (node == null) {
      throw new RpcException(ErrorCode.PROTOCOL, "the caller has not introduced itself");
    }
    return node;
  }

  /** The connection by which a manager's hash spaces come in order; see {@link ViewHolder}. */
  private static @Nullable Object managerOf(Caller caller) {
    Peer node = caller.node();
    return node != null && node.role() == Role.MANAGER ? caller : null;
  }

  // ---- copy phase ----

  private void copyStart(ReplaceCopyStart message, Caller caller, Replier reply)
      throws RpcException {
    Peer director = director(caller);
    clock.observeMessageClock(message.clock());
    clock.observe(message.hashSpace().clockTime());
    long time = message.hashSpace().clockTime();
    boolean repeats = Capabilities.isExtended(director.capabilities());
    if (copying != null && copying.isSame(time, message.full()) && repeats) {
      reply.bool(true);
      copying.director = director;
      if (copying.ended) {
        tellCopyEnd(copying, 0);
      }
      return;
    }
    if (ClockTime.isNewer(spaces.latest().write().clockTime(), time)) {
      reply.bool(true);
      log.info("told to copy by an older hash space than this server's; not done");
      return;
    }
    HashSpaces before = spaces.latest();
    if (!message.full()) {
      spaces.offerWrite(message.hashSpace(), managerOf(caller));
    }
    spaces.afterInstall(
        () -> {
          reply.bool(true);
          copy(new Task(time, message.full(), director), before, message);
          fetches.told(time);
        });
  }

  private void copy(Task task, HashSpaces before, ReplaceCopyStart message) {
    cancelAll();
    copying = task;
    HashSpaces layout = new HashSpaces(message.hashSpace(), before.read());
    rejoin.copyStarted(layout);
    CopyPlan plan = new CopyPlan(layout, task.full, spaces.self());
    Set<NodeAddress> originals =
        plan.isEmpty()
            ? Set.of()
            : plan.allTargets().stream().filter(this::isOriginal).collect(Collectors.toSet());
    log.info("start copying for replace time({})", Long.toUnsignedString(task.replaceTime));
    if (plan.isEmpty()) {
      run(task, plan, originals);
    } else {
      // What may have been deleted meanwhile is not to be given to others.
      rejoin.whenMay(Right.OFFER, () -> run(task, plan, originals));
    }
  }

  private void run(Task task, CopyPlan plan, Set<NodeAddress> originals) {
    streamLoop.execute(
        () -> {
          CopyRunner runner =
              new CopyRunner(
                  streamLoop,
                  store,
                  streams,
                  plan,
                  settings.copyThrottle(streamLoop.time().nanoTime()),
                  new Around(task, originals));
          main.execute(() -> begin(task, runner));
        });
  }

  private void begin(Task task, CopyRunner runner) {
    if (copying == task && !task.ended) {
      task.copy = runner;
      streamLoop.execute(runner::start);
    }
  }

  /** What the runner asks for, from the stream loop. */
  private final class Around implements CopyRunner.Surroundings {
    private final Task task;
    private final Set<NodeAddress> originals;

    Around(Task task, Set<NodeAddress> originals) {
      this.task = task;
      this.originals = originals;
    }

    @Override
    public void offer(NodeAddress target) {
      ReplaceOffer offer = new ReplaceOffer(settings.streamAddress(), task.replaceTime);
      main.execute(() -> endpoint.peer(target).call(offer, CALL_TIMEOUT_NS, new Unanswered()));
    }

    @Override
    public void copied(long sent, long spared) {
      main.execute(() -> endCopy(task, sent, spared));
    }

    @Override
    public void counted(long sent, long spared) {
      records.books().metrics().add(ServerMetric.COPIED, sent);
      records.books().metrics().add(ServerMetric.COPY_SPARED, spared);
    }

    @Override
    public void ask(
        NodeAddress target, List<ConfirmRecords.Entry> entries, Consumer<byte[]> answered) {
      questions.ask(target, entries, answered);
    }

    @Override
    public boolean isOriginal(NodeAddress target) {
      return originals.contains(target);
    }
  }

  private boolean isOriginal(NodeAddress server) {
    boolean announced =
        spaces
            .view()
            .extras()
            .find(server)
            .filter(n -> Capabilities.isExtended(n.capabilities()))
            .isPresent();
    return !announced && !Capabilities.isExtended(endpoint.peer(server).capabilities());
  }

  private void endCopy(Task task, long sent, long spared) {
    if (copying == task && !task.ended) {
      task.ended = true;
      log.info(
          "copied for replace time({}): {} records sent, {} were there already",
          Long.toUnsignedString(task.replaceTime),
          sent,
          spared);
      tellCopyEnd(task, 0);
    }
  }

  private void tellCopyEnd(Task task, int attempt) {
    tell(
        task,
        attempt,
        () ->
            new ReplaceEnd(
                Method.REPLACE_COPY_END,
                task.replaceTime,
                clockFor(task.director),
                task.figures()));
  }

  // ---- delete phase ----

  private void deleteStart(ReplaceDeleteStart message, Caller caller, Replier reply)
      throws RpcException {
    Peer director = director(caller);
    clock.observeMessageClock(message.clock());
    long time = message.hashSpace().clockTime();
    boolean repeats = Capabilities.isExtended(director.capabilities());
    if (deleting != null && deleting.isSame(time, false) && repeats) {
      reply.bool(true);
      deleting.director = director;
      if (deleting.ended) {
        tellDeleteEnd(deleting, 0);
      }
      return;
    }
    if (ClockTime.isNewer(spaces.latest().write().clockTime(), time) && repeats) {
      reply.bool(true);
      log.info("told to delete by an older hash space than this server's; not done");
      return;
    }
    if (repeats) {
      spaces.offerWrite(message.hashSpace(), managerOf(caller));
    }
    HashSpace former = formerRead(spaces.latest());
    spaces.readFollowsWrite();
    spaces.afterInstall(
        () -> {
          reply.bool(true);
          delete(new Task(time, false, director), former);
        });
  }

  private void delete(Task task, HashSpace former) {
    cancelAll();
    deleting = task;
    BackgroundThrottle throttle = settings.backgroundThrottle(streamLoop.time().nanoTime());
    task.clean =
        new Cleaner(endpoint, streamLoop, store, spaces, former, throttle, () -> endDelete(task));
    task.clean.start();
  }

  /** The layout before the present one, as far as this process has seen it. */
  private HashSpace formerRead(HashSpaces now) {
    if (now.rebalancing()) {
      formerRead = now.read();
    }
    return formerRead;
  }

  private void endDelete(Task task) {
    task.ended = true;
    log.info("cleaned for replace time({})", Long.toUnsignedString(task.replaceTime));
    tellDeleteEnd(task, 0);
  }

  private void tellDeleteEnd(Task task, int attempt) {
    tell(
        task,
        attempt,
        () ->
            new ReplaceEnd(
                Method.REPLACE_DELETE_END,
                spaces.current().write().clockTime(),
                clockFor(task.director),
                task.figures()));
  }

  // ---- both ----

  private void tell(Task task, int attempt, Supplier<Message> message) {
    task.director.call(
        message.get(),
        CALL_TIMEOUT_NS,
        new ReplyHandler() {
          @Override
          public void reply(ByteBuf result) {}

          @Override
          public void error(ErrorCode code, String detail) {
            boolean current = task == copying || task == deleting;
            if (current && attempt < MAX_ENDS) {
              main.schedule(END_AGAIN_NS, () -> tell(task, attempt + 1, message));
            }
          }
        });
  }

  private long clockFor(Peer peer) {
    long now = clock.next();
    return Capabilities.isExtended(peer.capabilities()) ? now : Integer.toUnsignedLong((int) now);
  }

  private void cancelAll() {
    cancel(copying);
    cancel(deleting);
    copying = null;
    deleting = null;
  }

  private void cancel(@Nullable Task task) {
    if (task == null) {
      return;
    }
    task.ended = true;
    if (task.clean != null) {
      task.clean.cancel();
    }
    CopyRunner runner = task.copy;
    if (runner != null) {
      streamLoop.execute(runner::cancel);
    }
  }

  /** For requests whose answer says nothing. */
  private static final class Unanswered implements ReplyHandler {
    @Override
    public void reply(ByteBuf result) {}

    @Override
    public void error(ErrorCode code, String detail) {}
  }
}
