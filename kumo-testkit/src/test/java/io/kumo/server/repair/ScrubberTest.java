package io.kumo.server.repair;

import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.extended.RepairRecord;
import io.kumo.core.protocol.original.KeepAlive;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.ReplyHandler;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.server.view.ViewHolder;
import io.kumo.server.write.KeyGate;
import io.kumo.testkit.net.Endpoints;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.kumo.testkit.store.MemoryStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A server with damaged records, and one that coordinates some of their keys. */
class ScrubberTest {
  private static final NodeAddress SELF = serverAddress(1);
  private static final NodeAddress OTHER = serverAddress(2);
  private static final HashSpace SPACE =
      HashSpace.of(List.of(new Node(SELF, true), new Node(OTHER, true)), 1);

  private final MemoryNetwork network = new MemoryNetwork();
  private final MemoryHost host = network.start(SELF);
  private final RpcEndpoint endpoint = Endpoints.of(host, Role.SERVER, Capabilities.EXTENDED);
  private final DamagedStore store = new DamagedStore();
  private final ViewHolder spaces =
      new ViewHolder(SELF, new PublishedSpaces(new HashSpaces(SPACE, SPACE), ClusterExtras.NONE));
  private final RepairedKeys repaired = new RepairedKeys();
  private final Scrubber scrubber = new Scrubber(endpoint, store, spaces, repaired);
  private final List<String> asked = new ArrayList<>();

  /** The other server, which takes note of the keys that it is asked about. */
  private void startOther(int capabilities) throws IOException {
    RpcEndpoint other = Endpoints.of(network.start(OTHER), Role.SERVER, capabilities);
    other.handle(
        Method.REPAIR_RECORD,
        RepairRecord.class,
        (message, caller, reply) -> {
          asked.add(ByteBufUtil.hexDump(message.key()));
          reply.nil();
        });
    other.listen(OTHER);
  }

  /** Raw keys that this server coordinates. */
  private static List<byte[]> keysOf(NodeAddress coordinator, int count) {
    List<byte[]> keys = new ArrayList<>();
    Random random = new Random(1);
    while (keys.size() < count) {
      long hash = random.nextLong();
      if (coordinator.equals(SPACE.coordinator(hash))) {
        keys.add(ByteBufUtil.getBytes(Unpooled.buffer().writeLong(hash).writeByte('k')));
      }
    }
    return keys;
  }

  private void run(int seconds) {
    network.events().runFor(Duration.ofSeconds(seconds).toNanos());
  }

  @Test
  void aDamagedRecordOfAKeyThatItCoordinatesIsRepairedByItsOwnGate() {
    store.damaged.addAll(keysOf(SELF, 1));
    scrubber.start();
    run(3);
    assertThat(repaired.keys).isNotEmpty().containsOnly(hex(store.damaged.get(0)));
    assertThat(asked).isEmpty();
  }

  @Test
  void theCoordinatorOfAnotherKeyIsAskedToRepairIt() throws IOException {
    startOther(Capabilities.EXTENDED);
    store.damaged.addAll(keysOf(OTHER, 1));
    scrubber.start();
    run(3);
    assertThat(asked).isNotEmpty().containsOnly(hex(store.damaged.get(0)));
    assertThat(repaired.keys).isEmpty();
  }

  @Test
  void aKeyIsGivenUpAfterTenTriesAndTriedAnewOnceNothingWasDamaged() {
    store.damaged.addAll(keysOf(SELF, 1));
    scrubber.start();
    run(60);
    assertThat(repaired.keys).hasSize(10);

    byte[] key = store.damaged.remove(0);
    run(2);
    store.damaged.add(key);
    run(2);
    assertThat(repaired.keys).hasSizeGreaterThan(10);
  }

  @Test
  void aHundredKeysAreTriedAtOnceAndTheOthersAfterThem() {
    store.damaged.addAll(keysOf(SELF, 150));
    scrubber.start();
    run(1);
    assertThat(repaired.keys).hasSize(100);
    run(60);
    assertThat(repaired.keys).hasSize(10 * 150);
  }

  /** It would close the connection on a request that it does not know. */
  @Test
  void anOriginalCoordinatorIsNotAsked() throws IOException {
    startOther(0);
    endpoint.peer(OTHER).call(new KeepAlive(0, 0, 0), 1_000_000_000L, new Introduced());
    run(1);
    store.damaged.addAll(keysOf(OTHER, 1));
    scrubber.start();
    run(5);
    assertThat(asked).isEmpty();
    assertThat(endpoint.peer(OTHER).role()).isEqualTo(Role.SERVER);
  }

  @Test
  void withoutAViewNobodyIsAsked() {
    ViewHolder none = new ViewHolder(SELF, PublishedSpaces.EMPTY);
    store.damaged.addAll(keysOf(SELF, 1));
    new Scrubber(endpoint, store, none, repaired).start();
    run(5);
    assertThat(repaired.keys).isEmpty();
  }

  @Test
  void stoppedItDoesNothingMore() {
    store.damaged.addAll(keysOf(SELF, 1));
    scrubber.start();
    run(3);
    int before = repaired.keys.size();
    scrubber.stop();
    run(5);
    assertThat(repaired.keys).hasSize(before);
  }

  private static String hex(byte[] key) {
    return ByteBufUtil.hexDump(key);
  }

  /** By the first call each tells who it is. */
  private static final class Introduced implements ReplyHandler {
    @Override
    public void reply(ByteBuf result) {}

    @Override
    public void error(ErrorCode code, String detail) {}
  }

  /** A store that has found records damaged. */
  private static final class DamagedStore extends MemoryStore {
    private final List<byte[]> damaged = new ArrayList<>();

    @Override
    public List<byte[]> damagedKeys(int max) {
      return damaged.stream().limit(max).toList();
    }
  }

  /** Notes what is to be repaired. */
  private static final class RepairedKeys implements KeyGate {
    private final List<String> keys = new ArrayList<>();

    @Override
    public boolean isOpen(long hash, ByteBuf rawKey) {
      return true;
    }

    @Override
    public void open(long hash, ByteBuf rawKey, Waiter waiter) {
      waiter.opened();
    }

    @Override
    public void repair(ByteBuf rawKey) {
      keys.add(ByteBufUtil.hexDump(rawKey));
    }

    @Override
    public void compare(ByteBuf rawKey) {}
  }
}
