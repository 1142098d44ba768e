package io.kumo.it.jmh;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kumo.gateway.memcached.CommandPool;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McOperation;
import io.kumo.gateway.memcached.McStatus;
import io.kumo.gateway.memcached.ReplyOutput;
import io.kumo.gateway.memcached.text.TextReplies;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A found value as the text of a reply. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ReplyEncodeBenchmark {
  @Param({"100", "1000"})
  private int valueBytes = 100;

  private final McCommand command = new CommandPool(new byte[0]).take();
  private final ReplyOutput out = new ReplyOutput(PooledByteBufAllocator.DEFAULT, b -> {});

  @Setup
  public void fill() {
    byte[] key = "bench-key-of-thirty-two-bytes-01".getBytes(US_ASCII);
    command.begin(McOperation.GET, TextReplies.INSTANCE);
    command.request().keys().add(key, 0, key.length);
    command
        .outcome()
        .found()
        .put(0, PooledByteBufAllocator.DEFAULT.directBuffer().writeZero(valueBytes), 0, 7, 0);
    command.answer(McStatus.FETCHED);
    command.operation(McOperation.GET);
  }

  @Benchmark
  public int encode() {
    TextReplies.INSTANCE.encode(command, out);
    int length = out.buffer().readableBytes();
    out.buffer().clear();
    return length;
  }
}
