package io.kumo.server.store.checkpoint;

import io.kumo.core.guard.Guard;
import io.kumo.server.store.log.SegmentSupply;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that looks whether there is something to do, ten times a second and when it is woken.
 */
final class WokenThread {
  private static final long PERIOD_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Runnable look;
  private final Thread thread;
  private final AtomicBoolean woken = new AtomicBoolean();
  private volatile boolean closing;

  /**
   * @param look catches what it throws itself
   */
  WokenThread(String name, Runnable look) {
    this.look = look;
    thread = Guard.ofProcess().thread(name, this::run);
  }

  void start() {
    thread.start();
  }

  /** Has it look now; any thread. */
  void wake() {
    if (!woken.get() && woken.compareAndSet(false, true)) {
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    while (!closing) {
      if (!woken.getAndSet(false)) {
        LockSupport.parkNanos(this, PERIOD_NS);
        woken.set(false);
      }
      look.run();
    }
  }

  /** Waits before it looks again; called by itself. */
  void pause() {
    LockSupport.parkNanos(this, PERIOD_NS);
  }

  /** Whether it is to end as soon as it can. */
  boolean isClosing() {
    return closing;
  }

  /** Waits for its end. */
  void close() {
    closing = true;
    LockSupport.unpark(thread);
    SegmentSupply.joinUninterruptibly(thread);
  }
}
