package io.kumo.core.security;

import io.kumo.core.guard.Guard;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * What signs and verifies in handshakes: a millisecond or so each, which an event loop must not be
 * kept for. What waits for it is bounded by the handshakes under way, each of which has one.
 */
final class TlsThreads {
  private static final int THREADS = 2;

  static final Executor TASKS = Guard.ofProcess().guarding("handshake", threads());

  private TlsThreads() {}

  private static ThreadPoolExecutor threads() {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> Guard.ofProcess().thread("kumo-handshake", task));
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }
}
