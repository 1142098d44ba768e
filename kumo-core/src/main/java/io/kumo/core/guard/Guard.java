package io.kumo.core.guard;

import io.kumo.core.clock.TimeSource;
import io.kumo.core.log.LogId;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs everything that a loop or a thread of one process runs: what it throws is a bug, which is
 * logged with its context, counted ({@code kumo_bugs_total}) and goes no further. The caller is
 * told, so that it can give up what the bug may have damaged: a connection, a task.
 *
 * <p>What a client, a peer or a disk does wrong is no bug; whoever expects that catches it by its
 * type. This is the only class that catches whatever comes, errors of the JVM and failed assertions
 * included.
 *
 * <p>Thread-safe. Invariant: each bug is counted, even when it cannot be logged; at most {@link
 * #LOGGED_A_SECOND} a second are logged, and the next one tells how many were not.
 */
public final class Guard {
  private static final Logger log = LoggerFactory.getLogger(Guard.class);
  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  /** A bug that comes with each request must not fill the disk. */
  static final int LOGGED_A_SECOND = 20;

  /** What takes two arguments; a constant, so that running it allocates nothing. */
  @FunctionalInterface
  public interface Action<A, B> {
    void run(A first, B second);
  }

  private static final Guard PROCESS = new Guard(TimeSource.system());

  private final TimeSource time;
  private long bugs;
  private long unlogged;
  private long secondBeganNs;
  private int loggedInSecond;
  private @Nullable String last;

  /** The one of this process, which counts {@code kumo_bugs_total}. */
  public static Guard ofProcess() {
    return PROCESS;
  }

  /** One that counts by itself: that of a simulated process. */
  public Guard(TimeSource time) {
    this.time = time;
    this.secondBeganNs = time.nanoTime();
  }

  /**
   * Runs the task; false when it threw.
   *
   * @param kind what kind of work it is, such as "timer"
   * @param owner whom it is for, as its text tells, or the task itself
   */
  public boolean run(String kind, Object owner, Runnable task) {
    try {
      task.run();
      return true;
    } catch (Throwable e) {
      bug(kind, owner, e);
      return false;
    }
  }

  /** Runs the action with its arguments; false when it threw. */
  public <A extends @Nullable Object, B extends @Nullable Object> boolean run(
      String kind, Object owner, Action<? super A, ? super B> action, A first, B second) {
    try {
      action.run(first, second);
      return true;
    } catch (Throwable e) {
      bug(kind, owner, e);
      return false;
    }
  }

  /** Has threads that nobody guards end with a logged, counted bug; for the whole process. */
  public void watchThreads() {
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> bug("thread", thread.getName(), e));
  }

  /** A daemon thread, not yet started, that runs the body guarded. */
  public Thread thread(String name, Runnable body) {
    Thread thread = new Thread(() -> run("thread", name, body), name);
    thread.setDaemon(true);
    return thread;
  }

  /** The executor whose tasks run guarded. */
  public Executor guarding(String kind, Executor executor) {
    return task -> executor.execute(() -> run(kind, task, task));
  }

  /** Logs and counts what was thrown where no caller can deal with it. */
  public void bug(String kind, Object owner, Throwable thrown) {
    long untold = count();
    try {
      String text = kind + " of " + describe(owner);
      remember(text + ": " + thrown);
      if (untold >= 0) {
        log.error(
            LogId.BUG, "a bug in {}{}", text, untold == 0 ? "" : ", " + untold + " before", thrown);
      }
    } catch (Throwable e) {
      // No memory or stack is left to tell of it, but it is counted.
      remember("a bug that cannot be told");
    }
  }

  /** How many were not logged before this one; negative when it is not to be logged either. */
  private synchronized long count() {
    bugs++;
    long nowNs = time.nanoTime();
    if (nowNs - secondBeganNs >= SECOND_NS) {
      secondBeganNs = nowNs;
      loggedInSecond = 0;
    }
    if (++loggedInSecond > LOGGED_A_SECOND) {
      unlogged++;
      return -1;
    }
    long before = unlogged;
    unlogged = 0;
    return before;
  }

  private synchronized void remember(String text) {
    last = text;
  }

  /** The class that a lambda stands in says more than the lambda's own name. */
  private static String describe(Object owner) {
    String text = String.valueOf(owner);
    int lambda = text.indexOf("$$Lambda");
    return lambda < 0 ? text : text.substring(0, lambda);
  }

  /** Bugs since the process began. */
  public synchronized long bugs() {
    return bugs;
  }

  /** The last one in a line; null when there was none. */
  public synchronized @Nullable String lastBug() {
    return last;
  }
}
