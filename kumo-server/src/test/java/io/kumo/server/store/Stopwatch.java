package io.kumo.server.store;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measures operations by the processor time of the calling threads, as wall time on a shared
 * machine says little, and every single call by wall time, for the pauses.
 */
public final class Stopwatch {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int SUB = 16;

  /** An operation of a measured thread. */
  public interface Step {
    void run(MeasuredKeys keys, int i);
  }

  /** Counts of wall times, 16 steps in each power of two of nanoseconds. */
  private final long[] counts = new long[64 * SUB];

  private long calls;
  private long worstNs;
  private double cpuNs;
  private double wallNs;

  /** Each thread makes so many calls. */
  public static Stopwatch measure(
      String what, int threads, int times, int records, int dataBytes, Step step) {
    List<Stopwatch> parts = new ArrayList<>();
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Stopwatch part = new Stopwatch();
      MeasuredKeys keys = new MeasuredKeys(records, dataBytes, i + 1);
      parts.add(part);
      running.add(new Thread(() -> part.run(times, keys, step), "measured-" + i));
    }
    running.forEach(Thread::start);
    Stopwatch sum = new Stopwatch();
    try {
      for (int i = 0; i < threads; i++) {
        running.get(i).join();
        sum.add(parts.get(i));
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    sum.print(what, threads);
    return sum;
  }

  private void run(int times, MeasuredKeys keys, Step step) {
    long cpu = THREADS.getCurrentThreadCpuTime();
    long start = System.nanoTime();
    long before = start;
    for (int i = 0; i < times; i++) {
      step.run(keys, i);
      long after = System.nanoTime();
      note(after - before);
      before = after;
    }
    wallNs = before - start;
    cpuNs = THREADS.getCurrentThreadCpuTime() - cpu;
    calls = times;
  }

  private void note(long ns) {
    int log = 63 - Long.numberOfLeadingZeros(ns | 1);
    int sub = log < 4 ? 0 : (int) (ns >>> (log - 4)) & (SUB - 1);
    counts[log * SUB + sub]++;
    worstNs = Math.max(worstNs, ns);
  }

  private void add(Stopwatch other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    calls += other.calls;
    cpuNs += other.cpuNs;
    wallNs += other.wallNs;
    worstNs = Math.max(worstNs, other.worstNs);
  }

  /** The upper bound of the wall time of this part of the calls, in milliseconds. */
  double percentileMs(double part) {
    long left = (long) Math.ceil((double) calls * part);
    for (int i = 0; i < counts.length; i++) {
      left -= counts[i];
      if (left <= 0) {
        int log = i / SUB;
        return Math.min((double) worstNs, (double) (1L << log) * (1 + (i % SUB + 1) / 16.0)) / 1e6;
      }
    }
    return worstNs / 1e6;
  }

  double cpuUs() {
    return cpuNs / calls / 1000;
  }

  private void print(String what, int threads) {
    System.out.printf(
        Locale.ROOT,
        "  %-18s %d thread%s %7.2f us CPU %7.2f us wall; ms p99.9 %.3f  p99.99 %.3f  longest %.1f%n",
        what,
        threads,
        threads == 1 ? " " : "s",
        cpuUs(),
        wallNs / calls / 1000,
        percentileMs(0.999),
        percentileMs(0.9999),
        worstNs / 1e6);
  }
}
