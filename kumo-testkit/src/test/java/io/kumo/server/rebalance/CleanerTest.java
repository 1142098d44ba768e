package io.kumo.server.rebalance;

import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static io.kumo.testkit.cluster.Rings.steadyView;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.RequestHistory;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.extended.ConfirmRecords;
import io.kumo.core.protocol.extended.Handoff;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.server.transfer.MovePace;
import io.kumo.server.transfer.RebalanceSettings;
import io.kumo.server.view.ViewHolder;
import io.kumo.testkit.cluster.MemoryCluster;
import io.kumo.testkit.net.Endpoints;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.kumo.testkit.store.MemoryStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of five servers one cleans; the records that it does not own are those of the other four. */
class CleanerTest {
  private static final int RECORDS = 2000;
  private static final NodeAddress SELF = serverAddress(1);
  private static final List<NodeAddress> OTHERS =
      Stream.of(2, 3, 4, 5).map(MemoryCluster::serverAddress).toList();
  private static final HashSpace FORMER = space(1L << 32, List.of(SELF));
  private static final HashSpace SPACE =
      space(2L << 32, Stream.concat(Stream.of(SELF), OTHERS.stream()).toList());

  private final MemoryNetwork network = new MemoryNetwork();
  private final MemoryHost host = network.start(SELF);
  private final RpcEndpoint endpoint = Endpoints.of(host, Role.SERVER);
  private final MemoryStore store = new MemoryStore();
  private final ViewHolder spaces = new ViewHolder(SELF, steadyView(SPACE));
  private final List<Handoff> handedOff = new ArrayList<>();
  private long served;
  private int cleaned;

  /** Whether owners say that they have everything, and whether they take what they lack. */
  private boolean ownersHaveAll = true;

  private boolean ownersTakeAll = true;

  private static HashSpace space(long clockTime, List<NodeAddress> nodes) {
    return HashSpace.of(nodes.stream().map(node -> new Node(node, true)).toList(), clockTime);
  }

  @BeforeEach
  void start() throws IOException {
    for (NodeAddress other : OTHERS) {
      RpcEndpoint owner = Endpoints.of(network.start(other), Role.SERVER);
      owner.handle(
          Method.CONFIRM_RECORDS,
          ConfirmRecords.class,
          (message, caller, reply) -> {
            byte[] has = new byte[message.entries().size()];
            Arrays.fill(has, (byte) (ownersHaveAll ? 1 : 0));
            reply.raw(Unpooled.wrappedBuffer(has));
          });
      owner.handle(
          Method.HANDOFF,
          Handoff.class,
          (message, caller, reply) -> {
            handedOff.add(
                new Handoff(
                    Unpooled.copiedBuffer(message.key()),
                    Unpooled.EMPTY_BUFFER,
                    message.owned(),
                    message.history()));
            reply.bool(ownersTakeAll);
          });
      owner.listen(other);
    }
    Random random = new Random(1);
    for (int i = 0; i < RECORDS; i++) {
      store.update(key(random.nextLong()), Unpooled.copyLong(50));
    }
  }

  private static ByteBuf key(long hash) {
    return Unpooled.buffer().writeLong(hash).writeByte('k');
  }

  private Cleaner clean() {
    RebalanceSettings settings = new RebalanceSettings(SELF, 0, new MovePace(0), () -> served);
    Cleaner cleaner =
        new Cleaner(
            endpoint,
            host,
            store,
            spaces,
            FORMER,
            hash -> RequestHistory.NONE,
            settings.backgroundThrottle(host.time().nanoTime()),
            () -> cleaned++);
    host.execute(cleaner::start);
    return cleaner;
  }

  private void runFor(int seconds) {
    network.events().runFor(Duration.ofSeconds(seconds).toNanos());
  }

  private long owned() {
    Random random = new Random(1);
    return random.longs(RECORDS).filter(hash -> SPACE.activeReplicas(hash).contains(SELF)).count();
  }

  private long kept() {
    return store.liveCount() + store.tombstoneCount();
  }

  @Test
  void whatAllOwnersHaveIsRemovedAndNothingElse() {
    Cleaner cleaner = clean();
    runFor(2);
    assertThat(cleaned).isOne();
    assertThat(owned()).isBetween(1L, (long) RECORDS - 1);
    assertThat(kept()).isEqualTo(owned());
    assertThat(cleaner.statistics().moved()).isEqualTo(RECORDS - owned());
    assertThat(handedOff).isEmpty();
  }

  @Test
  void whatOwnersLackIsHandedOffFirst() {
    ownersHaveAll = false;
    clean();
    runFor(2);
    assertThat(cleaned).isOne();
    assertThat(kept()).isEqualTo(owned());
    assertThat(handedOff).isNotEmpty().allMatch(Handoff::owned);
  }

  @Test
  void whatOwnersDoNotTakeStaysAndIsAskedAboutAgain() {
    ownersHaveAll = false;
    ownersTakeAll = false;
    clean();
    runFor(2);
    assertThat(kept()).isEqualTo(RECORDS);
    assertThat(cleaned).isZero();

    ownersTakeAll = true;
    runFor(10);
    assertThat(cleaned).isOne();
    assertThat(kept()).isEqualTo(owned());
  }

  @Test
  void anOwnerThatCannotBeAskedKeepsTheRecordsHere() {
    network.kill(OTHERS.get(0));
    clean();
    runFor(30);
    assertThat(cleaned).isZero();
    assertThat(kept()).isGreaterThan(owned()).isLessThan(RECORDS);
  }

  @Test
  void itEndsWhenAnotherRebalanceBegins() {
    ownersHaveAll = false;
    ownersTakeAll = false;
    clean();
    runFor(2);
    HashSpace next = space(3L << 32, OTHERS);
    spaces.offer(new PublishedSpaces(new HashSpaces(next, SPACE), ClusterExtras.NONE));
    runFor(10);
    assertThat(cleaned).isOne();
    assertThat(kept()).isEqualTo(RECORDS);
  }

  @Test
  void cancelledItRemovesAndSaysNothingMore() {
    Cleaner cleaner = clean();
    cleaner.cancel();
    runFor(10);
    assertThat(cleaned).isZero();
    assertThat(kept()).isEqualTo(RECORDS);
  }
}
