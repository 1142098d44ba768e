package io.kumo.it.jmh;

import io.kumo.server.store.StoreOptions;
import io.kumo.server.store.WriteResult;
import io.kumo.server.store.engine.MapDbStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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

/** The store on disk; a put includes its entry in the redo log. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StoreBenchmark {
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

  @Param("100000")
  private int records = 100_000;

  private final ByteBuf key = PooledByteBufAllocator.DEFAULT.directBuffer().writeZero(8 + 32);
  private final ByteBuf value = PooledByteBufAllocator.DEFAULT.directBuffer().writeZero(18 + 100);
  private @Nullable Path directory;
  private @Nullable MapDbStore store;
  private int turn;
  private long clockTime = 1L << 32;

  @Setup
  public void open() throws IOException {
    directory = Files.createTempDirectory("kumo-bench");
    store = MapDbStore.open(directory.resolve("store"), "127.0.0.1:19800", StoreOptions.defaults());
    for (int i = 0; i < records; i++) {
      put();
    }
  }

  @TearDown
  public void close() throws IOException {
    store().close();
    try (Stream<Path> files = Files.walk(Objects.requireNonNull(directory))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private MapDbStore store() {
    return Objects.requireNonNull(store);
  }

  private ByteBuf nextKey() {
    turn = (turn + 7919) % records;
    key.setLong(0, turn * SPREAD);
    key.setInt(8, turn);
    return key;
  }

  @Benchmark
  public int get() {
    ByteBuf found = Objects.requireNonNull(store().get(nextKey()));
    int length = found.readableBytes();
    found.release();
    return length;
  }

  @Benchmark
  public WriteResult put() {
    value.setLong(0, ++clockTime);
    return store().update(nextKey(), value);
  }
}
