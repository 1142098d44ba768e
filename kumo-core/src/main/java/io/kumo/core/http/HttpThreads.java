package io.kumo.core.http;

import io.kumo.core.guard.Guard;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * What the requests of {@link HttpEndpoint} are read, answered and sent by. The JDK's server gives
 * a request a thread from its first byte on, so who sends half a head holds one.
 *
 * <p>Thread-safe. Invariant: while a request waits for a thread and there is one that reads from or
 * writes to a client, the one that has done so for longest is interrupted, which closes its
 * connection: an honest one is through in milliseconds, however many strangers keep theirs open. A
 * thread that works out an answer never is.
 */
final class HttpThreads implements Executor {
  static final int THREADS = 16;
  static final int MAX_WAITING = 32;

  private static final int IDLE_SECONDS = 10;

  private final ArrayBlockingQueue<Runnable> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final Set<Thread> talking = new LinkedHashSet<>();

  /** A request too many is dropped; its connection is closed when its time is over. */
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          waiting,
          task -> Guard.ofProcess().thread("kumo-http", task),
          new ThreadPoolExecutor.DiscardPolicy());

  HttpThreads() {
    threads.allowCoreThreadTimeOut(true);
  }

  @Override
  public void execute(Runnable exchange) {
    threads.execute(() -> run(exchange));
    makeRoom();
  }

  private void run(Runnable exchange) {
    talks();
    makeRoom();
    try {
      exchange.run();
    } finally {
      works();
      Thread.interrupted(); // the thread is free for another, whatever became of this one
    }
  }

  /** The calling thread waits for its client from now on, and may be interrupted. */
  synchronized void talks() {
    talking.add(Thread.currentThread());
  }

  /** The calling thread waits for nobody: it is not interrupted until it talks again. */
  synchronized void works() {
    talking.remove(Thread.currentThread());
  }

  /** For a request that waits the one goes that has talked for longest. */
  private synchronized void makeRoom() {
    Iterator<Thread> oldest = talking.iterator();
    if (!waiting.isEmpty() && oldest.hasNext()) {
      Thread thread = oldest.next();
      oldest.remove();
      thread.interrupt();
    }
  }

  void stop() {
    threads.shutdownNow();
  }
}
