package io.kumo.tools.bench;

import io.kumo.tools.bench.codec.BenchOperation;
import io.kumo.tools.bench.codec.BenchRequest;
import io.kumo.tools.bench.codec.Codec;
import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What happened in the measured time. Filled by one thread, then added up. */
final class Stats {

  private static final long LONGEST_NS = 600_000_000_000L;
  private static final int DIGITS = 3;

  /** Of one operation. */
  static final class StatsLine {
    final Histogram latencyNs = new Histogram(LONGEST_NS, DIGITS);
    long answered;
    long keysAsked;
    long keysFound;
    long notFound;
    long errors;

    private void add(StatsLine other) {
      latencyNs.add(other.latencyNs);
      answered += other.answered;
      keysAsked += other.keysAsked;
      keysFound += other.keysFound;
      notFound += other.notFound;
      errors += other.errors;
    }
  }

  private final Map<BenchOperation, StatsLine> lines = new EnumMap<>(BenchOperation.class);

  /** Replies that no server may give: other values, other keys, broken framing. */
  long wrong;

  /** Connections that the server closed, and requests that were never answered. */
  long lost;

  /** At a fixed rate: how long after its time a request was sent at the worst. */
  long latestSendNs;

  void record(BenchRequest request, Codec.Reply reply, long latencyNs) {
    StatsLine line = lines.computeIfAbsent(request.operation, o -> new StatsLine());
    switch (reply) {
      case OK, NOT_FOUND -> {
        line.answered++;
        line.keysAsked += request.keyCount;
        line.keysFound += request.hits;
        line.notFound += reply == Codec.Reply.NOT_FOUND ? 1 : 0;
        line.latencyNs.recordValue(Math.max(0, Math.min(LONGEST_NS, latencyNs)));
      }
      case ERROR -> line.errors++;
      case WRONG -> wrong++;
      case INCOMPLETE -> throw new IllegalArgumentException("not a reply yet");
    }
  }

  void add(Stats other) {
    other.lines.forEach((o, line) -> lines.computeIfAbsent(o, x -> new StatsLine()).add(line));
    wrong += other.wrong;
    lost += other.lost;
    latestSendNs = Math.max(latestSendNs, other.latestSendNs);
  }

  Map<BenchOperation, StatsLine> lines() {
    return lines;
  }

  long answered() {
    return lines.values().stream().mapToLong(line -> line.answered).sum();
  }

  long errors() {
    return lines.values().stream().mapToLong(line -> line.errors).sum();
  }

  /** Of all operations together. */
  Histogram latencyNs() {
    Histogram all = new Histogram(LONGEST_NS, DIGITS);
    lines.values().forEach(line -> all.add(line.latencyNs));
    return all;
  }
}
