package io.kumo.it.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.Method;
import io.kumo.core.ring.KeyHash;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.manager.ManagerConfig;
import io.kumo.manager.ManagerNode;
import io.kumo.server.ServerConfig;
import io.kumo.server.ServerNode;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.store.MemoryStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The steps of docs/migration.md, "In place", as far as recorded originals can show them: a server
 * and a manager of ours take the place of one of theirs. {@link ReplayTest} compares the answers;
 * here is what originals must never be asked. What becomes of old records, {@code RejoinTest}
 * shows.
 */
class MigrationTest {
  private static final int EXTENDED = 1 << 16;

  private final MemoryStore store = new MemoryStore();

  private ServerNode startServer(Replay replay, NodeAddress self) throws Exception {
    MemoryHost host = replay.host();
    NodeAddress stream = NodeAddress.of(new byte[] {127, 0, 0, 1}, self.port() + 100);
    ServerConfig config = ServerConfig.of(self, stream, List.of(Replay.address("manager:29700")));
    ServerNode node = new ServerNode(host, store, config, RpcOptions.DEFAULT, new Random(1));
    node.start();
    return node;
  }

  /**
   * Steps 1 and 2: ours joins, or returns to, a cluster of originals. It has a record from before,
   * so that it would like to know of the others what they have dropped.
   */
  @ParameterizedTest
  @CsvSource({"A,server:29801", "A,server:29802", "A,server:29804", "D,server:29803"})
  void originalsAreAskedNothingThatTheyDoNotKnow(String scenario, String target) throws Exception {
    byte[] name = "from-before".getBytes(StandardCharsets.US_ASCII);
    ByteBuf key = Unpooled.buffer().writeLong(KeyHash.of(name)).writeBytes(name);
    long old = ClockTime.of(1_795_000_000L, 1);
    store.update(key, Unpooled.buffer().writeLong(old).writeShort(0).writeByte('v'));
    Replay replay = new Replay(scenario, target);
    startServer(replay, replay.address());
    replay.run(message -> {});
    assertThat(replay.asked()).contains(Method.WRITE_HASH_SPACE_REQUEST.id());
    assertThat(replay.asked()).allMatch(id -> id < EXTENDED);
  }

  /** Step 3: ours takes the place of a manager, with originals on all sides. */
  @ParameterizedTest
  @CsvSource({"A,manager:29700", "C,manager:29700"})
  void aManagerOfOursAsksOriginalsNothingThatTheyDoNotKnow(String scenario, String target)
      throws Exception {
    Replay replay = new Replay(scenario, target);
    NodeAddress partner = scenario.equals("C") ? Replay.address("manager:29701") : null;
    ManagerNode.start(ManagerConfig.of(replay.address(), partner), replay.host(), new Random(1));
    replay.run(message -> {});
    assertThat(replay.asked()).allMatch(id -> id < EXTENDED);
  }
}
