package io.kumo.it.jmh;

import io.kumo.core.item.Conditions;
import io.kumo.core.item.Item;
import io.kumo.core.item.Mutation;
import io.kumo.core.item.Outcome;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.write.Mutate;
import io.kumo.core.protocol.write.MutateOperands;
import io.kumo.core.protocol.write.Operation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a command makes of a record. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MutationBenchmark {
  private static final ByteBufAllocator HEAP = new UnpooledByteBufAllocator(false);

  private final ByteBuf key = Unpooled.buffer().writeZero(40);
  private final ByteBuf stored =
      Item.encode(HEAP, 1, 0, 0, Unpooled.copiedBuffer("41", StandardCharsets.US_ASCII));
  private final Mutate set =
      new Mutate(
          Operation.SET,
          0,
          key,
          Unpooled.buffer().writeZero(100),
          MutateOperands.NONE,
          RequestId.NONE);
  private final Mutate increment =
      new Mutate(
          Operation.INCR,
          0,
          key,
          Unpooled.EMPTY_BUFFER,
          MutateOperands.NONE.withDelta(1, 0),
          RequestId.NONE);
  private final Conditions conditions = new Conditions(2, 1_000, 0, 1 << 20, HEAP);

  @Benchmark
  public Outcome set() {
    return Mutation.apply(set, stored, conditions);
  }

  @Benchmark
  public Outcome increment() {
    return Mutation.apply(increment, stored, conditions);
  }
}
