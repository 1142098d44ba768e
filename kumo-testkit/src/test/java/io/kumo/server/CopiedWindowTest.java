package io.kumo.server;

import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static io.kumo.testkit.cluster.Rings.coordinator;
import static io.kumo.testkit.cluster.StoredRecords.rawKey;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.item.RawKey;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.write.Mutate;
import io.kumo.core.protocol.write.MutateOptions;
import io.kumo.core.protocol.write.MutateResult;
import io.kumo.core.protocol.write.MutateStatus;
import io.kumo.core.protocol.write.Operation;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import io.kumo.testkit.cluster.CallResult;
import io.kumo.testkit.cluster.Kumoctl;
import io.kumo.testkit.cluster.MemoryCluster;
import io.kumo.testkit.cluster.RecordClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Requests that a gateway sends again because a server was killed right after records had been
 * copied: each is done once, none is refused.
 */
class CopiedWindowTest {
  private static final NodeAddress A = serverAddress(1);
  private static final NodeAddress B = serverAddress(2);
  private static final NodeAddress C = serverAddress(3);
  private static final NodeAddress D = serverAddress(4);
  private static final NodeAddress MANAGER = MemoryCluster.LOWER;
  private static final int KEYS = 60;
  private static final long GATEWAY = 77;

  private final MemoryCluster cluster = new MemoryCluster();
  private final RecordClient client = new RecordClient(cluster);
  private final Kumoctl kumoctl = new Kumoctl(cluster, MANAGER);
  private long sequence;

  CopiedWindowTest() {
    cluster.startManager(MANAGER, null);
  }

  @Test
  void aServerOfAClusterThatHasJustBegunIsKilled() throws MalformedMessageException {
    begin(A, B, C);
    long first = append();
    cluster.runMillis(1_000);

    kill(A);

    assertThat(assertRepeated(first)).isEqualTo(KEYS);
  }

  @Test
  void aServerThatWasFilledIsTheLastThatIsLeft() throws MalformedMessageException {
    begin(A, B, C);
    cluster.run(Duration.ofMinutes(1));
    kill(C);
    cluster.dropStore(C);
    long first = append();
    start(C);
    kumoctl.attach();
    kumoctl.settle();
    cluster.runMillis(2_000);

    kill(A);
    kill(B);

    assertThat(assertRepeated(first)).isEqualTo(KEYS);
  }

  @Test
  void aServerThatWasAddedIsTheLastOfTheReplicasOfItsKeys() throws MalformedMessageException {
    begin(A, B, C);
    cluster.run(Duration.ofMinutes(1));
    long first = append();
    start(D);
    kumoctl.attach();
    kumoctl.settle();
    cluster.runMillis(2_000);

    kill(A);
    kill(B);
    kill(C);

    assertThat(assertRepeated(first)).isGreaterThan(KEYS / 2);
  }

  @Test
  void aServerThatCameBackWithItsRecordsIsTheLastThatIsLeft() throws MalformedMessageException {
    begin(A, B, C);
    cluster.run(Duration.ofMinutes(1));
    long first = append();
    kill(C);
    start(C);
    kumoctl.attach();
    kumoctl.settle();
    cluster.runMillis(2_000);

    kill(A);
    kill(B);

    assertThat(assertRepeated(first)).isEqualTo(KEYS);
  }

  private void begin(NodeAddress... servers) {
    for (NodeAddress server : servers) {
      start(server);
    }
    kumoctl.attach();
    kumoctl.settle();
    for (int i = 0; i < KEYS; i++) {
      client.set("key" + i, "a");
    }
  }

  private void start(NodeAddress server) {
    cluster.startServer(server, MANAGER);
    cluster.runMillis(1_000);
  }

  /** Kills a server and lets the time pass until all know. */
  private void kill(NodeAddress server) {
    cluster.kill(server);
    for (int i = 0; i < 100 && write().isActive(server); i++) {
      cluster.runMillis(100);
    }
    cluster.runMillis(500);
    assertThat(write().isActive(server)).isFalse();
  }

  private HashSpace write() {
    return cluster.spaces(MANAGER).write();
  }

  /** Appends to each key and returns the number of the first request. */
  private long append() throws MalformedMessageException {
    long first = sequence;
    for (int i = 0; i < KEYS; i++) {
      assertThat(send(i, sequence++, 0)).isEqualTo(MutateStatus.STORED);
    }
    return first;
  }

  private MutateStatus send(int key, long number, int options) throws MalformedMessageException {
    Mutate plain = RecordClient.mutation(Operation.APPEND, "key" + key, "b");
    Mutate request =
        new Mutate(
            plain.operation(),
            plain.options() | options,
            plain.key(),
            plain.value(),
            plain.operands(),
            new RequestId(GATEWAY, number));
    CallResult answer = cluster.call(coordinator(write(), "key" + key), request);
    return MutateResult.read(answer.result()).status();
  }

  /**
   * What was done is not done again, and what was lost on its way is done now. Returns of how many
   * keys a replica was left.
   *
   * @param first number of the request that was done for the first key
   */
  private int assertRepeated(long first) throws MalformedMessageException {
    int keys = 0;
    for (int i = 0; i < KEYS; i++) {
      if (write().activeReplicas(RawKey.hash(rawKey("key" + i))).isEmpty()) {
        continue;
      }
      keys++;
      NodeAddress coordinator = coordinator(write(), "key" + i);
      assertThat(send(i, first + i, MutateOptions.REPEATED)).isEqualTo(MutateStatus.STORED);
      assertThat(client.get(coordinator, "key" + i)).isEqualTo("ab");
      assertThat(send(i, sequence++, MutateOptions.REPEATED)).isEqualTo(MutateStatus.STORED);
      assertThat(client.get(coordinator, "key" + i)).isEqualTo("abb");
    }
    return keys;
  }
}
