package io.kumo.core.state;

import io.kumo.core.transport.Transport;
import io.kumo.core.vote.VoteState;
import io.kumo.core.vote.VoteStore;
import io.kumo.core.vote.VoteWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a vote by a thread of its own, so that no loop waits for the disk.
 *
 * <p>Invariants, under the lock: {@code next} is the newest state that was given and is not known
 * to be durable; {@code waiting} are those who wait for it or for one before. While one state is
 * written the next is gathered, so however slow the disk is, one state waits for it at most; who
 * waits is bounded by whoever asks for saves.
 */
public final class BackgroundVoteWriter implements VoteWriter, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BackgroundVoteWriter.class);
  private static final long RETRY_MS = 1_000;
  private static final long CLOSE_MS = TimeUnit.SECONDS.toMillis(5);

  private final VoteStore store;
  private final Transport transport;
  private final VoteState started;
  private final Thread thread;
  private @Nullable VoteState next;
  private List<Runnable> waiting = new ArrayList<>();
  private boolean closed;

  /**
   * @param store borrowed; used by the thread of this writer alone from now on
   * @param transport on whose loop it is told what is durable
   */
  public BackgroundVoteWriter(VoteStore store, Transport transport) {
    this.store = store;
    this.transport = transport;
    this.started = store.state();
    this.thread = transport.guard().thread("kumo-vote", this::write);
    thread.start();
  }

  @Override
  public VoteState state() {
    return started;
  }

  @Override
  public synchronized void save(VoteState state, Runnable durable) {
    next = state;
    waiting.add(durable);
    notifyAll();
  }

  /** What was given and is not written yet is let go: nobody has been told that it counts. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join(CLOSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A state, and who waits for it. */
  private record Job(VoteState state, List<Runnable> covered) {}

  private void write() {
    boolean failing = false;
    for (Job job = take(failing); job != null; job = take(failing)) {
      failing = !tryToSave(job.state(), failing);
      if (failing) {
        giveBack(job);
      } else {
        job.covered().forEach(transport::execute);
      }
    }
  }

  private boolean tryToSave(VoteState state, boolean failedBefore) {
    try {
      store.save(state);
    } catch (IOException e) {
      if (!failedBefore) {
        log.warn("cannot keep this node's vote, so it does not vote until that is repaired", e);
      }
      return false;
    }
    if (failedBefore) {
      log.warn("this node's vote can be kept again");
    }
    return true;
  }

  /** What is to be written, when there is something; null when closed. */
  private synchronized @Nullable Job take(boolean failing) {
    try {
      long untilNs = transport.time().nanoTime() + TimeUnit.MILLISECONDS.toNanos(RETRY_MS);
      while (failing && !closed && untilNs - transport.time().nanoTime() > 0) {
        wait(RETRY_MS);
      }
      while (next == null && !closed) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
    if (next == null || closed) {
      return null;
    }
    Job job = new Job(next, waiting);
    next = null;
    waiting = new ArrayList<>();
    return job;
  }

  private synchronized void giveBack(Job job) {
    if (next == null) {
      next = job.state();
    }
    List<Runnable> all = new ArrayList<>(job.covered());
    all.addAll(waiting);
    waiting = all;
  }
}
