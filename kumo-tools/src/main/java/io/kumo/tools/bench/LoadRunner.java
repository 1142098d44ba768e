package io.kumo.tools.bench;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.guard.Guard;
import io.kumo.tools.bench.codec.BenchOperation;
import io.kumo.tools.bench.wire.BenchTarget;
import io.kumo.tools.bench.workload.BenchRequests;
import io.kumo.tools.bench.workload.LoadSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs a load against a target, from the caller's thread, and waits for its end. */
final class LoadRunner {

  private static final long POLL_MS = 200;

  /** Until all threads have begun. */
  private static final long BEGIN_NS = 20_000_000;

  /** Requests in flight on a connection while keys are stored. */
  private static final int POPULATING = 32;

  /**
   * The same with TLS: memcached 1.6.18 does not see the request that ends in the same record of
   * TLS as a long value before it, until the client sends more.
   */
  private static final int POPULATING_BY_TLS = 1;

  private static final Duration LONGEST_POPULATING = Duration.ofHours(6);

  private final TimeSource time;
  private final LoadProgress progress;
  private final long bugsBefore = Guard.ofProcess().bugs();

  LoadRunner(TimeSource time, LoadProgress progress) {
    this.time = time;
    this.progress = progress;
  }

  /** Stores every key that the load reads; fails when one was not stored. */
  void populate(LoadSpec load, BenchTarget target) throws InterruptedException {
    LoadSpec spec = load.forPopulating(target.tls() == null ? POPULATING : POPULATING_BY_TLS);
    boolean counters = load.mix().contains(BenchOperation.INCR);
    for (boolean counter : counters ? new boolean[] {false, true} : new boolean[] {false}) {
      BenchRequests source = BenchRequests.populating(spec, 0, spec.keys(), counter);
      LoadLoop loop = loop(spec, target, source, spec.connections(), 1);
      long now = time.nanoTime();
      loop.begin(new Window(now, now, now + LONGEST_POPULATING.toNanos()));
      await(List.of(start(loop)), List.of(loop), target.name() + " populate", spec.keys());
      failOnBug();
      Stats stats = loop.stats();
      if (stats.answered() != spec.keys()) {
        throw CliException.failed(
            target.name() + ": of " + spec.keys() + " keys only " + stats.answered() + " stored");
      }
    }
  }

  /** One round. {@code pids} are the target's processes, for their processor time. */
  Result run(LoadSpec spec, BenchTarget target, Duration warmUp, List<Long> pids)
      throws InterruptedException {
    List<LoadLoop> loops = new ArrayList<>();
    for (int t = 0; t < spec.threads(); t++) {
      int share = share(spec.connections(), t, spec.threads());
      double rateShare = (double) share / spec.connections();
      loops.add(loop(spec, target, BenchRequests.mixed(spec, t), share, rateShare));
    }
    long start = time.nanoTime() + BEGIN_NS;
    long from = start + warmUp.toNanos();
    Window window = new Window(start, from, from + spec.duration().toNanos());
    loops.forEach(loop -> loop.begin(window));
    List<Thread> threads = loops.stream().map(LoadRunner::start).toList();
    LoadProgress.Bar bar = progress.timed(target.name(), warmUp.plus(spec.duration()));
    waitUntil(from, start, threads, loops, bar);
    List<Double> cpuBefore = ProcessCpu.seconds(pids);
    waitUntil(window.endNs(), start, threads, loops, bar);
    List<Double> cpu = ProcessCpu.between(cpuBefore, ProcessCpu.seconds(pids));
    for (Thread thread : threads) {
      thread.join();
    }
    bar.close();
    failOnBug();
    return result(target, loops, window, cpu);
  }

  /** Statistics of a load that was cut short by a bug say nothing. */
  private void failOnBug() {
    if (Guard.ofProcess().bugs() > bugsBefore) {
      throw CliException.failed("internal error: " + Guard.ofProcess().lastBug());
    }
  }

  private static int share(int connections, int thread, int threads) {
    return connections * (thread + 1) / threads - connections * thread / threads;
  }

  private static Result result(
      BenchTarget target, List<LoadLoop> loops, Window window, List<Double> cpu) {
    Stats stats = new Stats();
    double cpuNs = 0;
    for (LoadLoop loop : loops) {
      stats.add(loop.stats());
      cpuNs += loop.cpuNs();
    }
    double wallNs = (double) (window.endNs() - window.startNs()) * loops.size();
    double cpuUs = cpuNs / 1e3 / Math.max(1, answered(loops));
    return new Result(target, stats, window.measuredSeconds(), cpuNs / wallNs, cpuUs, cpu);
  }

  private LoadLoop loop(
      LoadSpec spec, BenchTarget target, BenchRequests source, int count, double share) {
    try {
      return new LoadLoop(spec, target, source, count, share, time);
    } catch (IOException e) {
      throw new CliException(
          ExitStatus.FAILED, "cannot connect to " + target.name() + ": " + e.getMessage(), e);
    }
  }

  private static Thread start(LoadLoop loop) {
    Thread thread = Guard.ofProcess().thread("load", loop);
    thread.start();
    return thread;
  }

  private void await(List<Thread> threads, List<LoadLoop> loops, String what, long total)
      throws InterruptedException {
    try (LoadProgress.Bar bar = progress.counted(what, total)) {
      for (Thread thread : threads) {
        while (thread.isAlive()) {
          thread.join(POLL_MS);
          bar.step(answered(loops), answered(loops));
        }
      }
    }
  }

  private void waitUntil(
      long untilNs, long startNs, List<Thread> threads, List<LoadLoop> loops, LoadProgress.Bar bar)
      throws InterruptedException {
    long now = time.nanoTime();
    while (now - untilNs < 0) {
      long leftMs = (untilNs - now) / 1_000_000;
      threads.get(0).join(Math.max(1, Math.min(POLL_MS, leftMs)));
      if (threads.stream().noneMatch(Thread::isAlive)) {
        return;
      }
      now = time.nanoTime();
      bar.step((now - startNs) / 1_000_000, answered(loops));
    }
  }

  private static long answered(List<LoadLoop> loops) {
    return loops.stream().mapToLong(LoadLoop::answered).sum();
  }
}
