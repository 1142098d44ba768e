package io.kumo.core.security;

import io.kumo.core.guard.Guard;
import io.kumo.core.log.LogId;
import io.kumo.core.metrics.SecurityMetric;
import io.kumo.core.metrics.SecurityMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that a process reads anew when its files change: certificates, keys, secrets, user files. It
 * looks every {@link #PERIOD_SECONDS}, on a thread of its own, and when it is told to. Thread-safe.
 */
public final class Reloads implements AutoCloseable {
  /** A change counts when two looks have seen the same. */
  public static final int PERIOD_SECONDS = 5;

  private static final Logger log = LoggerFactory.getLogger(Reloads.class);

  private final SecurityMetrics metrics;
  private final List<Reloaded<?>> all = new CopyOnWriteArrayList<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private boolean looking;

  public Reloads(SecurityMetrics metrics) {
    this.metrics = metrics;
  }

  /**
   * Loads something, and keeps an eye on its files.
   *
   * @param what for a line to an operator, such as {@code the cluster's certificate}
   * @throws IOException when it cannot be loaded now; the message says which file and why
   */
  public <T> Reloaded<T> load(String what, Collection<Path> files, Reloaded.Loader<T> loader)
      throws IOException {
    Reloaded<T> loaded = new Reloaded<>(what, files, loader);
    all.add(loaded);
    return loaded;
  }

  SecurityMetrics metrics() {
    return metrics;
  }

  /** Whether there is anything to reload. */
  public boolean hasFiles() {
    return !all.isEmpty();
  }

  /** Looks at the files from now on; nothing when there are none. */
  public synchronized void start() {
    if (!looking && hasFiles()) {
      looking = true;
      Guard.ofProcess().thread("kumo-reload", this::lookAgainAndAgain).start();
    }
  }

  private void lookAgainAndAgain() {
    try {
      while (!ended.await(PERIOD_SECONDS, TimeUnit.SECONDS)) {
        Guard.ofProcess().run("look", "files that can be reloaded", this::look);
      }
    } catch (InterruptedException e) {
      log.debug("files are looked at no more: {}", e.toString());
      Thread.currentThread().interrupt();
    }
  }

  /** Takes what has changed since, and has been left alone since the look before. */
  void look() {
    for (Reloaded<?> one : all) {
      count(one.look(), one);
    }
  }

  /**
   * Reloads everything, changed or not. Reads files.
   *
   * @return a line for each, and of those that failed why
   */
  public Report reloadAll() {
    List<String> lines = new ArrayList<>();
    boolean failed = false;
    for (Reloaded<?> one : all) {
      Reloaded.Outcome outcome = one.reload();
      boolean kept = outcome == Reloaded.Outcome.FAILED;
      lines.add(kept ? one.failure() : one.what() + ": reloaded");
      failed |= kept;
      count(outcome, one);
    }
    return new Report(lines, failed);
  }

  /**
   * What came of it.
   *
   * @param lines one for each thing that there is to reload
   * @param failed whether any of them stayed as it was
   */
  public record Report(List<String> lines, boolean failed) {
    public Report {
      lines = List.copyOf(lines);
    }
  }

  private void count(Reloaded.Outcome outcome, Reloaded<?> one) {
    switch (outcome) {
      case UNCHANGED -> {}
      case RELOADED -> log.warn("{}: reloaded", one.what());
      case FAILED -> {
        metrics.count(SecurityMetric.FAILED_RELOADS);
        log.error(LogId.NOT_RELOADED, "{}", one.failure());
      }
    }
  }

  @Override
  public void close() {
    ended.countDown();
  }
}
