package io.kumo.server.transfer;

import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.extended.ConfirmRecords;
import io.kumo.core.ring.CopyPlan;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.KeyHash;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.kumo.testkit.store.MemoryStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a copy holds back for a target that never comes for it. */
class CopyRunnerTest {
  private static final NodeAddress SELF = serverAddress(1);
  private static final NodeAddress TARGET = serverAddress(2);
  private static final int RECORDS = 3000;
  private static final int VALUE_BYTES = 1000;

  private final MemoryNetwork network = new MemoryNetwork();
  private final MemoryHost host = network.start(SELF);
  private final MemoryStore store = new MemoryStore();
  private final List<Integer> questions = new ArrayList<>();
  private boolean original;

  CopyRunnerTest() {
    Random random = new Random(1);
    byte[] data = new byte[VALUE_BYTES];
    for (int i = 0; i < RECORDS; i++) {
      byte[] user = ("key" + i).getBytes(StandardCharsets.UTF_8);
      random.nextBytes(data);
      ByteBuf key = Unpooled.buffer().writeLong(KeyHash.of(user)).writeBytes(user);
      store.update(key, Unpooled.buffer().writeLong(100 + i).writeShort(0).writeBytes(data));
    }
  }

  private final class Around implements CopySurroundings {
    @Override
    public void offer(NodeAddress target) {}

    @Override
    public void copied(long sent, long spared) {}

    @Override
    public boolean isOriginal(NodeAddress target) {
      return original;
    }

    @Override
    public void compare(NodeAddress target, List<HashRange> ranges, Consumer<Differences> found) {
      throw new AssertionError("the target has not come");
    }

    @Override
    public void ask(
        NodeAddress target, List<ConfirmRecords.RecordVersion> records, Consumer<byte[]> answered) {
      questions.add(records.size());
    }

    @Override
    public void counted(long sent, long spared) {}
  }

  /** Bytes given to the stream of a target that does not come. */
  private long bytesHeld(long memoryBytes) {
    HashSpace read = HashSpace.of(List.of(new Node(SELF, true)), 1);
    HashSpace write = HashSpace.of(List.of(new Node(SELF, true), new Node(TARGET, true)), 2);
    CopyRunner runner =
        new CopyRunner(
            host,
            store,
            new OfferStreams(host),
            new CopyPlan(new HashSpaces(write, read), false, SELF),
            new CopyThrottle(memoryBytes, new MovePace(0), new BackgroundThrottle(() -> 0, 0), 0),
            new Around());
    runner.start();
    network.events().runFor(Duration.ofSeconds(20).toNanos());
    runner.cancel();
    return runner.statistics().bytes();
  }

  @Test
  void whatWaitsForTheNetworkIsBoundedByTheMemoryGiven() {
    original = true;
    long batch = 256 << 10;
    long slack = 2 * batch + (64 << 10);
    assertThat(bytesHeld(512 << 10)).isBetween(512L << 10, (512 << 10) + slack);
    assertThat(bytesHeld(1 << 20)).isBetween(1L << 20, (1 << 20) + slack);
    assertThat(bytesHeld(0)).isGreaterThan((long) RECORDS * VALUE_BYTES);
  }

  @Test
  void nothingIsReadIntoMemoryForATargetThatIsToBeAskedFirst() {
    assertThat(bytesHeld(0)).isZero();
    assertThat(questions).isEmpty();
  }
}
