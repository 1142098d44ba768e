package io.kumo.tools.bench;

import io.kumo.core.clock.TimeSource;
import io.kumo.tools.bench.codec.BenchRequest;
import io.kumo.tools.bench.codec.Codec;
import io.kumo.tools.bench.wire.BenchTarget;
import io.kumo.tools.bench.workload.BenchRequests;
import io.kumo.tools.bench.workload.LoadSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * One thread's share of a load: its connections, sent to and read from by one selector.
 *
 * <p><b>Closed loop.</b> An answer makes room for the next request on the same connection. All
 * requests that one read made room for leave in one write.
 *
 * <p><b>Fixed rate.</b> Requests have times at which they are due, evenly spread over the
 * connections. A latency counts from then, not from when the request could be sent: a server that
 * stalls is charged for every request that it kept waiting (no coordinated omission).
 */
final class LoadLoop implements Runnable {

  private static final long DRAIN_NS = 5_000_000_000L;
  private static final long LONGEST_PARK_NS = 50_000;
  private static final long SELECT_ABOVE_NS = 1_500_000;

  private final BenchRequests source;
  private final TimeSource time;
  private final Codec codec;
  private final Selector selector;
  private final List<Connection> connections = new ArrayList<>();
  private final Stats stats = new Stats();
  private final AtomicLong answered = new AtomicLong();
  private final double intervalNs;
  private Window window = new Window(0, 0, 0);
  private long scheduled;
  private int underWay;
  private boolean dry;
  private long cpuNs;

  /**
   * Connects.
   *
   * @param connectionCount of this thread
   * @param rateShare of the load's rate that is this thread's, 0 to 1
   */
  LoadLoop(
      LoadSpec spec,
      BenchTarget target,
      BenchRequests source,
      int connectionCount,
      double rateShare,
      TimeSource time)
      throws IOException {
    this.source = source;
    this.time = time;
    this.codec = spec.protocol().codec(spec);
    this.selector = Selector.open();
    this.intervalNs = spec.ratePerSecond() > 0 ? 1e9 / (spec.ratePerSecond() * rateShare) : 0;
    for (int i = 0; i < connectionCount; i++) {
      connections.add(
          new Connection(target, spec.inFlight(), Math.max(1, spec.multiGetKeys()), selector));
    }
  }

  /** Says when to send, which nothing is before; to be called before the thread is started. */
  void begin(Window times) {
    window = times;
    for (int i = 0; i < connections.size(); i++) {
      connections.get(i).nextDueNs = times.startNs() + (long) (i * intervalNs);
    }
  }

  /** After the end of the thread. */
  Stats stats() {
    return stats;
  }

  /** After the end of the thread: the processor time that it took. */
  long cpuNs() {
    return cpuNs;
  }

  /** Answers so far, from any thread. */
  long answered() {
    return answered.get();
  }

  @Override
  public void run() {
    try {
      long now = time.nanoTime();
      if (!isRated()) {
        for (Connection connection : connections) {
          fill(connection, now);
        }
      }
      while (!isOver(now)) {
        if (isRated() && isSending(now)) {
          sendDue(now);
        }
        select(now);
        now = time.nanoTime();
      }
      stats.lost += underWay;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      cpuNs = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      connections.forEach(Connection::close);
    }
  }

  private boolean isRated() {
    return intervalNs > 0;
  }

  private boolean isSending(long now) {
    return !dry && now - window.endNs() < 0;
  }

  private boolean isOver(long now) {
    if (isSending(now)) {
      return connections.stream().noneMatch(Connection::isOpen);
    }
    return underWay == 0 || now - window.endNs() > DRAIN_NS;
  }

  private void select(long now) throws IOException {
    if (!isRated()) {
      selector.select(this::ready, 100);
      return;
    }
    long untilDueNs = window.startNs() + (long) (scheduled * intervalNs) - now;
    if (untilDueNs > SELECT_ABOVE_NS) {
      selector.select(this::ready, Math.min(100, untilDueNs / 1_000_000));
    } else if (selector.selectNow(this::ready) == 0 && untilDueNs > 0) {
      LockSupport.parkNanos(Math.min(untilDueNs, LONGEST_PARK_NS));
    }
  }

  private void ready(SelectionKey key) {
    Connection connection = (Connection) key.attachment();
    try {
      if (key.isReadable()) {
        ByteBuffer in = connection.read();
        long now = time.nanoTime();
        if (!readReplies(connection, in, now)) {
          drop(connection);
          return;
        }
        connection.doneReading();
        fill(connection, now);
      } else {
        connection.flush();
      }
    } catch (IOException e) {
      drop(connection);
    }
  }

  /** False when a reply was wrong, behind which the stream has no meaning. */
  private boolean readReplies(Connection connection, ByteBuffer in, long now) {
    int count = 0;
    while (connection.underWay() > 0) {
      BenchRequest request = connection.oldest();
      Codec.Reply reply = codec.read(in, request);
      if (reply == Codec.Reply.INCOMPLETE) {
        break;
      }
      if (reply == Codec.Reply.WRONG || window.measures(now)) {
        stats.record(request, reply, now - request.startNs);
      }
      if (reply == Codec.Reply.WRONG) {
        return false;
      }
      connection.removeOldest();
      count++;
    }
    underWay -= count;
    answered.lazySet(answered.get() + count);
    return true;
  }

  private void drop(Connection connection) {
    underWay -= connection.underWay();
    stats.lost += Math.max(1, connection.underWay());
    connection.close();
  }

  private void fill(Connection connection, long now) throws IOException {
    while (connection.hasRoom() && isSending(now) && (!isRated() || connection.overdue > 0)) {
      send(connection, now);
    }
    connection.flush();
  }

  private void send(Connection connection, long now) {
    BenchRequest request = connection.free();
    if (!source.next(request)) {
      dry = true;
      return;
    }
    request.startNs = now;
    if (isRated()) {
      request.startNs = connection.nextDueNs;
      stats.latestSendNs = Math.max(stats.latestSendNs, now - connection.nextDueNs);
      connection.nextDueNs += (long) (intervalNs * connections.size());
      connection.overdue--;
    }
    connection.add(codec);
    underWay++;
  }

  /** Gives what has become due to the connections in turn. */
  private void sendDue(long now) throws IOException {
    while (window.startNs() + (long) (scheduled * intervalNs) - now <= 0) {
      Connection connection = connections.get((int) (scheduled % connections.size()));
      scheduled++;
      if (connection.isOpen()) {
        connection.overdue++;
        fill(connection, now);
      }
    }
  }
}
