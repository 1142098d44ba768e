package io.kumo.server.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.transport.Link;
import io.kumo.it.fuzz.Fuzzer;
import io.kumo.server.dedup.DedupCoverage;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.kumo.testkit.store.MemoryStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;

/**
 * Whatever bytes come as an offer of records cost at most their own stream: it is given up, the
 * store is not touched by what is malformed, and the next stream is taken.
 */
class StreamFuzzTest {
  private static final NodeAddress SELF = NodeAddress.of(new byte[] {127, 0, 0, 1}, 1);
  private static final NodeAddress SOURCE = NodeAddress.of(new byte[] {127, 0, 0, 1}, 2);

  private final MemoryHost host = new MemoryNetwork().start(SELF);

  @Test
  void anyBytesCostAtMostTheirOwnStream() throws Exception {
    byte[] good = deflate(pairs());
    new Fuzzer("stream", List.of(pairs(), good))
        .run(
            (input, random) -> {
              MemoryStore store = new MemoryStore();
              boolean plain = random.nextBoolean();
              take(store, plain ? deflate(input) : input, random);
              take(store, good, random);
              ByteBuf found = store.get(Unpooled.copiedBuffer("hashhash-3", UTF_8));
              assertThat(found).isNotNull();
              found.release();
              store.close();
            });
  }

  @Test
  void aStreamIsTakenTheSameForEveryCutInTwo() throws Exception {
    byte[] good = deflate(pairs());
    for (int cut = 0; cut <= good.length; cut++) {
      MemoryStore store = new MemoryStore();
      take(store, good, cut);
      for (int i = 0; i < 4; i++) {
        ByteBuf found = store.get(Unpooled.copiedBuffer("hashhash-" + i, UTF_8));
        assertThat(found).as("record %s, cut at %s", i, cut).isNotNull();
        found.release();
      }
      store.close();
    }
  }

  /** Four records and the final nil. */
  private static byte[] pairs() {
    ByteBuf out = Unpooled.buffer();
    for (int i = 0; i < 4; i++) {
      MsgPack.writeArrayHeader(out, 2);
      MsgPack.writeRaw(out, ("hashhash-" + i).getBytes(UTF_8));
      byte[] value = new byte[8 + 50 * i];
      value[7] = 1;
      MsgPack.writeRaw(out, value);
    }
    MsgPack.writeNil(out);
    return ByteBufUtil.getBytes(out);
  }

  private static byte[] deflate(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  private void take(MemoryStore store, byte[] input, Random random) {
    take(store, input, random.nextInt(input.length + 1));
  }

  private void take(MemoryStore store, byte[] input, int cut) {
    AtomicInteger over = new AtomicInteger();
    HybridClock clock = new HybridClock(host.time());
    IncomingStream stream =
        new IncomingStream(
            host,
            SELF,
            SOURCE,
            store,
            clock,
            new DedupCoverage(SELF, HashSpaces.EMPTY, 0, 0),
            ended -> over.incrementAndGet());
    TestLink link = new TestLink();
    stream.opened(link);
    receive(stream, link, input, 0, cut);
    receive(stream, link, input, cut, input.length);
    stream.closed(null);
    assertThat(over).hasValue(1);
  }

  private static void receive(
      IncomingStream stream, TestLink link, byte[] input, int start, int end) {
    if (link.isOpen() && start < end) {
      ByteBuf in = Unpooled.copiedBuffer(input, start, end - start);
      stream.received(in);
      assertThat(in.refCnt()).isEqualTo(1);
      in.release();
    }
  }

  /** Goes nowhere. */
  private static final class TestLink implements Link {
    private final ByteBuf out = Unpooled.buffer();
    private boolean open = true;

    @Override
    public ByteBuf out() {
      return out;
    }

    @Override
    public long pendingBytes() {
      return 0;
    }

    @Override
    public long takenBytes() {
      return 0;
    }

    @Override
    public void setReading(boolean reading) {}

    @Override
    public void redeliver() {}

    @Override
    public void abort() {
      open = false;
    }

    @Override
    public void setNoDelay(boolean noDelay) {}

    @Override
    public void close() {
      open = false;
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public String remote() {
      return "source";
    }
  }
}
