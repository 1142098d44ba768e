package io.kumo.server.store.log;

import io.kumo.server.store.disk.RealDisk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * An entry of the redo log with its request id, without the store around it. Segments are let go of
 * as a checkpoint would; the sync that this takes is spread over the entries of two segments.
 */
@NullMarked
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RedoLogBenchmark {
  private static final int SEGMENT_BYTES = 64 << 20;

  @Param({"100", "1000"})
  private int valueBytes = 100;

  private final ByteBuf key = PooledByteBufAllocator.DEFAULT.directBuffer().writeZero(8 + 32);
  private ByteBuf value = key;
  private @Nullable Path directory;
  private @Nullable RedoLog log;
  private long keptFrom;
  private long sequence;

  @Setup
  public void open() throws IOException {
    value = PooledByteBufAllocator.DEFAULT.directBuffer().writeZero(18 + valueBytes);
    directory = Files.createTempDirectory("kumo-bench");
    SegmentSupply supply = new SegmentSupply(new RealDisk(directory), SEGMENT_BYTES, 1);
    supply.start(1);
    log = new RedoLog(supply, SEGMENT_BYTES, 1, List.of(), 0);
    keptFrom = log.end();
  }

  @TearDown
  public void close() throws IOException {
    Objects.requireNonNull(log).close();
    value.release();
    try (Stream<Path> files = Files.walk(Objects.requireNonNull(directory))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Benchmark
  public long append() throws IOException {
    RedoLog open = Objects.requireNonNull(log);
    long end = open.append(LogFormat.PUT, 1, ++sequence, key, value);
    if (end - keptFrom > 2 * SEGMENT_BYTES) {
      open.releaseBefore(end);
      keptFrom = end;
    }
    return end;
  }
}
