package io.kumo.it.jmh;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.KeyHash;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A key's hash, and who keeps it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PlacementBenchmark {
  @Param({"3", "30"})
  private int servers = 3;

  private final byte[] key = new byte[32];
  private HashSpace space = HashSpace.EMPTY;
  private long hash;

  @Setup
  public void makeRing() {
    List<Node> nodes =
        IntStream.range(0, servers)
            .mapToObj(i -> new Node(NodeAddress.of(new byte[] {10, 0, 0, (byte) i}, 19800), true))
            .toList();
    space = HashSpace.of(nodes, 1);
  }

  @Benchmark
  public long hash() {
    key[0]++;
    return KeyHash.of(key);
  }

  @Benchmark
  public @Nullable NodeAddress coordinator() {
    hash += 0x9E37_79B9_7F4A_7C15L;
    return space.coordinator(hash);
  }
}
