package io.kumo.tools.bench;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.clock.TimeSource;
import io.kumo.tools.bench.codec.BenchOperation;
import io.kumo.tools.bench.codec.BenchRequest;
import io.kumo.tools.bench.codec.Codec;
import io.kumo.tools.bench.wire.BenchTarget;
import io.kumo.tools.bench.workload.LoadSpec;
import java.io.IOException;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures what a new connection costs: from the TCP connect until a get is answered, with the
 * handshake of TLS in full where it is spoken. One connection after another, target by target in
 * turn, so that what drifts with the machine drifts in all.
 */
final class FirstAnswers {
  private static final long LIMIT_NS = 10_000_000_000L;

  private final LoadSpec spec;
  private final TimeSource time;

  FirstAnswers(LoadSpec spec, TimeSource time) {
    this.spec = spec;
    this.time = time;
  }

  /**
   * Times of each target in nanoseconds; as many connections again go before, to warm up both ends.
   */
  List<List<Double>> measure(List<BenchTarget> targets, int connections) {
    List<List<Double>> times = new ArrayList<>();
    targets.forEach(target -> times.add(new ArrayList<>()));
    for (int i = -connections; i < connections; i++) {
      for (int which = 0; which < targets.size(); which++) {
        double tookNs = measure(targets.get(which));
        if (i >= 0) {
          times.get(which).add(tookNs);
        }
      }
    }
    return times;
  }

  private double measure(BenchTarget target) {
    long startNs = time.nanoTime();
    try (Selector selector = Selector.open()) {
      Connection connection = new Connection(target, 1, 1, selector);
      try {
        ask(connection, selector, startNs);
        return time.nanoTime() - startNs;
      } finally {
        connection.close();
      }
    } catch (IOException e) {
      throw new CliException(ExitStatus.FAILED, target.name() + ": " + e.getMessage(), e);
    }
  }

  private void ask(Connection connection, Selector selector, long startNs) throws IOException {
    Codec codec = spec.protocol().codec(spec);
    BenchRequest request = connection.free();
    request.become(BenchOperation.GET, 1);
    request.indexes[0] = 0;
    connection.add(codec);
    connection.flush();
    Codec.Reply reply = Codec.Reply.INCOMPLETE;
    while (reply == Codec.Reply.INCOMPLETE) {
      if (time.nanoTime() - startNs > LIMIT_NS) {
        throw new IOException("no answer in " + LIMIT_NS / 1_000_000_000 + " s");
      }
      selector.select(ready -> {}, 100);
      reply = codec.read(connection.read(), request);
      connection.doneReading();
    }
    if (reply != Codec.Reply.OK) {
      throw new IOException("a get was answered wrongly, or with a value of another load");
    }
  }
}
