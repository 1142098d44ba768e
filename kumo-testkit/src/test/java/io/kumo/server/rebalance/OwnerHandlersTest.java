package io.kumo.server.rebalance;

import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static io.kumo.testkit.cluster.Rings.space;
import static io.kumo.testkit.cluster.Rings.steadyView;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.HybridClock;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.extended.ConfirmRecords;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.server.lifecycle.ReplicaEvent;
import io.kumo.server.lifecycle.Watermarks;
import io.kumo.server.metrics.ServerMetrics;
import io.kumo.server.replica.Checksums;
import io.kumo.server.transfer.TargetQuestions;
import io.kumo.server.view.ViewHolder;
import io.kumo.server.write.KeyGate;
import io.kumo.server.write.round.WriteContext;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OwnerHandlersTest {
  private static final NodeAddress OWNER = serverAddress(1);
  private static final NodeAddress ASKER = serverAddress(2);
  private static final ByteBuf KEY = Unpooled.copiedBuffer(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9});

  private final MemoryNetwork network = new MemoryNetwork();
  private final MemoryStore store = new MemoryStore();
  private final MemoryHost host = network.start(ASKER);
  private final RpcEndpoint asker = Endpoints.of(host, Role.SERVER);
  private final ViewHolder spaces = new ViewHolder(OWNER, steadyView(space(1, OWNER)));

  private static ByteBuf value(long clockTime, int data) {
    return Unpooled.buffer().writeLong(clockTime).writeShort(0).writeByte(data);
  }

  @BeforeEach
  void start() throws IOException {
    MemoryHost owner = network.start(OWNER);
    RpcEndpoint endpoint = Endpoints.of(owner, Role.SERVER);
    Rebalancer.Records records =
        new Rebalancer.Records(
            store,
            new Watermarks(store, 10),
            WriteContext.Bookkeeping.of(spaces, owner.time(), new ServerMetrics(), () -> 0),
            KeyGate.OPEN,
            RebalanceRules.SOUND);
    new OwnerHandlers(owner, spaces, new HybridClock(owner.time()), records).register(endpoint);
    endpoint.listen(OWNER);
    store.update(KEY, value(50, 'm'));
  }

  /** The answer, one digit a record; empty when there is none. */
  private String ask(ConfirmRecords.RecordVersion... entries) {
    List<byte[]> answers = new ArrayList<>();
    new TargetQuestions(asker, host).ask(OWNER, List.of(entries), answers::add);
    network.events().runFor(Duration.ofSeconds(5).toNanos());
    assertThat(answers).hasSize(1);
    StringBuilder digits = new StringBuilder();
    for (byte has : answers.get(0)) {
      digits.append(has);
    }
    return digits.toString();
  }

  private static ConfirmRecords.RecordVersion entry(ByteBuf value) {
    long checksum = Integer.toUnsignedLong(Checksums.of(value));
    return new ConfirmRecords.RecordVersion(KEY, value.getLong(0), checksum);
  }

  @Test
  void theSameRecordAndANewerOneCountAsHadAndAnOlderOneDoesNot() {
    assertThat(ask(entry(value(50, 'm')), entry(value(49, 'm')), entry(value(51, 'm'))))
        .isEqualTo("110");
  }

  @Test
  void aRecordOfTheSameClockTimeWithOtherBytesIsLackingUnlessAnyValueWillDo() {
    assertThat(ask(entry(value(50, 'n')), new ConfirmRecords.RecordVersion(KEY, 50)))
        .isEqualTo("01");
  }

  @Test
  void aQuestionAboutManyLargeRecordsIsAnsweredInSeveralTurns() {
    ByteBuf large = Unpooled.buffer().writeLong(70).writeZero(RecordCheck.TURN_BYTES / 4);
    store.update(KEY, large);
    ConfirmRecords.RecordVersion[] question = new ConfirmRecords.RecordVersion[20];
    Arrays.setAll(question, i -> i % 2 == 0 ? entry(large) : entry(value(71, 'x')));
    assertThat(ask(question)).isEqualTo("10".repeat(10));
  }

  @Test
  void aTombstoneIsARecordLikeAnyOther() {
    ByteBuf tombstone = Unpooled.buffer().writeLong(60);
    assertThat(ask(entry(tombstone))).isEqualTo("0");
    store.update(KEY, tombstone);
    assertThat(ask(entry(tombstone), entry(value(55, 'x')))).isEqualTo("11");
  }

  @Test
  void recordsThatMayHaveToGoAreNotConfirmed() {
    spaces.lifecycle().on(ReplicaEvent.VIEW_FOR_WRITES);
    assertThat(ask(entry(value(50, 'm')))).isEmpty();
  }

  @Test
  void aServerThatDoesNotAnswerLeavesTheQuestionOpen() {
    network.kill(OWNER);
    assertThat(ask(entry(value(50, 'm')))).isEmpty();
  }
}
