package io.kumo.it.jmh;

import io.kumo.core.protocol.Fence;
import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.extended.ExtGet;
import io.kumo.core.protocol.extended.ExtGetResult;
import io.kumo.core.protocol.original.ClusterInit;
import io.kumo.core.protocol.wire.FrameDecoder;
import io.kumo.core.protocol.wire.Frames;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.write.ExtReplicate;
import io.kumo.core.protocol.write.Mutate;
import io.kumo.core.protocol.write.MutateOperands;
import io.kumo.core.protocol.write.Operation;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Messages between processes: to bytes, and from a connection's bytes through the framing. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MessageBenchmark implements FrameDecoder.FrameHandler {
  private static final int KEY_BYTES = 8 + 32;
  private static final int VALUE_BYTES = 18 + 100;
  private static final long CLOCK_TIME = 0x6500_0000_0000_0001L;

  @Param({"extGet", "mutate", "extReplicate", "found"})
  private String kind = "extGet";

  private final ByteBuf key = PooledByteBufAllocator.DEFAULT.directBuffer().writeZero(KEY_BYTES);
  private final ByteBuf value =
      PooledByteBufAllocator.DEFAULT.directBuffer().writeZero(VALUE_BYTES);
  private final ByteBuf in = PooledByteBufAllocator.DEFAULT.directBuffer(4096);
  private final ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer(4096);
  private final FrameDecoder decoder = new FrameDecoder();
  private @Nullable Message message;
  private @Nullable Object decoded;

  @Setup
  public void prepare() {
    message = message();
    encodeTo(in.clear());
  }

  private Message message() {
    RequestId id = new RequestId(0x1234_5678_9abc_def0L, 1_000_000);
    return switch (kind) {
      case "mutate" ->
          new Mutate(Operation.SET, 0, key, value.slice(18, 100), MutateOperands.ofItem(0, 0), id);
      case "extReplicate" -> {
        NodeAddress sender = NodeAddress.of(new byte[] {127, 0, 0, 1}, 19800);
        yield new ExtReplicate(CLOCK_TIME, 0, key, value, new Fence(CLOCK_TIME, sender), id, null);
      }
      default -> new ExtGet(key);
    };
  }

  private void encodeTo(ByteBuf to) {
    if (kind.equals("found")) {
      Frames.responseHeader(to, 100_000);
      ExtGetResult.found(value).write(to);
    } else {
      Frames.request(to, 100_000, Objects.requireNonNull(message));
    }
  }

  @Benchmark
  public ByteBuf encode() {
    encodeTo(out.clear());
    return out;
  }

  @Benchmark
  public @Nullable Object decode() throws MalformedMessageException {
    decoder.decode(in.readerIndex(0), this);
    return decoded;
  }

  @Override
  public void request(int msgId, int methodId, ByteBuf params) {
    try {
      decoded = Objects.requireNonNull(Method.byId(methodId)).decode(params);
    } catch (MalformedMessageException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void response(int msgId, @Nullable ByteBuf error, ByteBuf result) {
    try {
      decoded = ExtGetResult.read(result);
    } catch (MalformedMessageException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void clusterInit(ClusterInit init) {}
}
