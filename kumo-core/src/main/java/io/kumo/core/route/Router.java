package io.kumo.core.route;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.route.request.KeyCommand;
import io.kumo.core.route.request.KeyOperation;
import io.kumo.core.route.request.ReadLevel;
import io.kumo.core.transport.Transport;
import java.util.ArrayDeque;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes commands to the servers that hold their keys: reads to the coordinator and, when it fails,
 * to the next replica; writes to the coordinator, with one request id through all attempts.
 *
 * <p>Decides and counts; sockets, threads and clocks are behind the {@link Transport}. Confined to
 * its event loop.
 */
public final class Router {
  private static final Logger LOG = LoggerFactory.getLogger(Router.class);
  private static final int KEPT_CALLS = 8192;
  private static final long LAST_ANSWERS_NS = 200_000_000;

  private final Transport transport;
  private final RingHolder ring;
  private RouterOptions options;
  private final RoutingListener listener;
  private final ItemReader itemReader;
  private final RetryQueue retries;
  private final ReadBatches reads;
  private final LoneReads loneReads;
  private final ReadRepair repair;
  private final RouteCounter counter;
  private final @Nullable ReadCache cache;
  private final long incarnation;
  private final RequestSequence requests;
  private final ArrayDeque<ReadCall> freeReads = new ArrayDeque<>();
  private final ArrayDeque<WriteCall> freeWrites = new ArrayDeque<>();
  private boolean closed;

  /**
   * @param random source of the incarnation that request ids carry, and of jitter
   * @param listener hears of errors
   * @param clock by which is told what has expired, where servers do not
   * @param cache shared with other loops
   */
  public Router(
      Transport transport,
      RingHolder ring,
      RouterOptions options,
      RandomGenerator random,
      RoutingListener listener,
      TimeSource clock,
      RouteCounter counter,
      @Nullable ReadCache cache) {
    this(transport, ring, options, random, listener, clock, counter, cache, new RequestSequence());
  }

  /** As above, with a sequence of its own for what the request ids count. */
  public Router(
      Transport transport,
      RingHolder ring,
      RouterOptions options,
      RandomGenerator random,
      RoutingListener listener,
      TimeSource clock,
      RouteCounter counter,
      @Nullable ReadCache cache,
      RequestSequence requests) {
    this.requests = requests;
    this.counter = counter;
    this.cache = cache;
    this.transport = transport;
    this.ring = ring;
    this.options = options;
    this.listener = listener;
    this.itemReader = new ItemReader(options.layout(), clock, ring);
    this.retries = new RetryQueue(transport, random);
    this.reads = new ReadBatches(transport);
    this.loneReads = new LoneReads(options.maxValueBytes());
    this.repair = new ReadRepair(transport, ring, counter);
    this.incarnation = random.nextLong() | 1;
    ring.addListener(this::viewChanged);
  }

  /**
   * Takes a command with at least one key, and calls {@link KeyCommand#complete} on it exactly
   * once: within this call, or later on the same loop.
   */
  public void execute(KeyCommand command) {
    assert transport.inLoop();
    if (ring.isEmpty()) {
      countFailure(command, 0, 0);
      command.complete(MutateOutcome.failure(command.request().operation()));
      return;
    }
    long deadlineNs = nanoTime() + options.deadlineNs();
    if (command.request().keys().size() == 1) {
      startKey(command, 0, null, deadlineNs);
    } else {
      new KeyBatch(this, command, deadlineNs).start();
    }
  }

  /**
   * Asks no server again: what waits for another attempt fails now, what is under way when its
   * server has answered or the endpoint is closed. On the loop.
   */
  public void close() {
    assert transport.inLoop();
    closed = true;
    retries.failAll();
  }

  boolean isClosed() {
    return closed;
  }

  private void viewChanged() {
    ring.takenOut().stream().filter(Target::extended).forEach(this::stopWaitingFor);
    retries.wakeAll();
  }

  /**
   * What a server was asked that is active no more goes to the next coordinator soon, and not when
   * it has been waited for in vain: but one that stops in order has answers on their way.
   */
  private void stopWaitingFor(Target target) {
    transport.schedule(
        LAST_ANSWERS_NS,
        () -> {
          boolean active = ring.view().spaces().write().isActive(target.address());
          if (!active && target.peer().pendingCalls() > 0) {
            target.peer().drop("it is not active any more");
          }
        });
  }

  void startKey(KeyCommand command, int index, @Nullable KeyBatch batch, long deadlineNs) {
    if (command.request().operation() == KeyOperation.GET) {
      ReadCall read = freeReads.pollLast();
      (read == null ? new ReadCall(this) : read).start(command, index, batch, deadlineNs);
    } else {
      startWrite(command, index, batch, deadlineNs);
    }
  }

  void startWrite(KeyCommand command, int index, @Nullable KeyBatch batch, long deadlineNs) {
    WriteCall write = freeWrites.pollLast();
    (write == null ? new WriteCall(this) : write).start(command, index, batch, deadlineNs);
  }

  void reuse(ReadCall call) {
    if (freeReads.size() < KEPT_CALLS) {
      freeReads.addLast(call);
    }
  }

  void reuse(WriteCall call) {
    if (freeWrites.size() < KEPT_CALLS) {
      freeWrites.addLast(call);
    }
  }

  RingHolder ring() {
    return ring;
  }

  /** What counts now; on the loop. */
  public RouterOptions options() {
    return options;
  }

  /** Changes the greatest value and whose records readers are shown; on the loop. */
  public void adjust(int maxValueBytes, ReadLevel reads) {
    assert transport.inLoop();
    options = options.withReads(reads).withMaxValueBytes(maxValueBytes);
    loneReads.bound(maxValueBytes);
  }

  ItemReader itemReader() {
    return itemReader;
  }

  RetryQueue retries() {
    return retries;
  }

  ReadBatches reads() {
    return reads;
  }

  LoneReads loneReads() {
    return loneReads;
  }

  ReadRepair repair() {
    return repair;
  }

  /** Whether a first attempt may take as long as the message that it shares. */
  boolean gathersReads() {
    return options.deadlineNs() >= ReadCall.ATTEMPT_NS;
  }

  long nanoTime() {
    return transport.time().nanoTime();
  }

  long incarnation() {
    return incarnation;
  }

  RequestSequence requests() {
    return requests;
  }

  RouteCounter counter() {
    return counter;
  }

  @Nullable ReadCache cache() {
    return cache;
  }

  void countError(ErrorCode code, @Nullable Target target, String detail) {
    counter.count(RouteEvent.SERVER_ERROR);
    LOG.debug("{} from {}: {}", code, target == null ? "?" : target.address(), detail);
    listener.serverError();
  }

  void countRefusal() {
    counter.count(RouteEvent.REFUSAL);
  }

  void countFallThrough() {
    counter.count(RouteEvent.FALL_THROUGH_READ);
  }

  void countFailure(KeyCommand command, int index, int errorId) {
    counter.count(RouteEvent.FAILURE);
    listener.failed(command, index, errorId);
  }
}
