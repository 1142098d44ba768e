package io.kumo.tools.top;

import io.kumo.core.cli.CliException;
import io.kumo.core.guard.Guard;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the cluster again and again on a thread of its own, so that a server that does not
 * answer holds up no key. Its poller is the thread's alone until {@link #close} has returned.
 */
final class TopFeed implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 3;

  private final TopPoller poller;
  private final Duration interval;
  private final Thread thread;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile Numbered last;
  private volatile @Nullable CliException failure;
  private volatile boolean closing;

  private record Numbered(long number, TopLook look) {}

  private TopFeed(TopPoller poller, Duration interval, TopLook first) {
    this.poller = poller;
    this.interval = interval;
    this.last = new Numbered(1, first);
    this.thread = Guard.ofProcess().thread("kumotop-feed", this::run);
  }

  /** Throws {@link CliException} when the first look does. */
  static TopFeed start(TopPoller poller, Duration interval) {
    TopFeed feed = new TopFeed(poller, interval, poller.look());
    feed.thread.start();
    return feed;
  }

  private void run() {
    try {
      LockSupport.parkNanos(this, interval.toNanos());
      while (!closing) {
        last = new Numbered(last.number() + 1, poller.look());
        LockSupport.parkNanos(this, interval.toNanos());
      }
    } catch (CliException e) {
      failure = e;
    } finally {
      ended.countDown();
    }
  }

  /** Which look {@link #last} is, from 1. */
  long number() {
    return last.number();
  }

  /** Throws {@link CliException} when there will be no more. */
  TopLook last() {
    CliException failed = failure;
    if (failed != null) {
      throw failed;
    }
    return last.look();
  }

  /** Waits for the end of a look that is under way, a few seconds at most. */
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    try {
      ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
