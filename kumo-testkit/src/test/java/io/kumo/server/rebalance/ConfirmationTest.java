package io.kumo.server.rebalance;

import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.AppliedRequest;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.RequestHistory;
import io.kumo.core.protocol.RequestId;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.extended.ConfirmRecords;
import io.kumo.core.protocol.extended.Handoff;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.server.ThrowingStore;
import io.kumo.server.store.Store;
import io.kumo.server.store.StoreException;
import io.kumo.testkit.net.Endpoints;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.kumo.testkit.store.MemoryStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A delete phase waits for the end of its confirmations, which therefore end in any case. */
class ConfirmationTest {
  private static final NodeAddress SELF = serverAddress(1);
  private static final NodeAddress OWNER = serverAddress(2);

  private static final RequestHistory HISTORY =
      new RequestHistory(List.of(new AppliedRequest(new RequestId(7, 8), 50)), true);

  private final MemoryNetwork network = new MemoryNetwork();
  private final MemoryHost host = network.start(SELF);
  private final RpcEndpoint endpoint = Endpoints.of(host, Role.SERVER);
  private final MemoryStore store = new MemoryStore();
  private final List<ByteBuf> handedOff = new ArrayList<>();

  private static ByteBuf key(int number) {
    return Unpooled.buffer().writeLong(number).writeByte('k');
  }

  /** An owner that has nothing and takes everything. */
  @BeforeEach
  void start() throws IOException {
    RpcEndpoint owner = Endpoints.of(network.start(OWNER), Role.SERVER);
    owner.handle(
        Method.CONFIRM_RECORDS,
        ConfirmRecords.class,
        (message, caller, reply) ->
            reply.raw(Unpooled.wrappedBuffer(new byte[message.entries().size()])));
    owner.handle(
        Method.HANDOFF,
        Handoff.class,
        (message, caller, reply) -> {
          handedOff.add(Unpooled.copiedBuffer(message.key()));
          assertThat(message.history()).isEqualTo(HISTORY);
          reply.bool(true);
        });
    owner.listen(OWNER);
    for (int i = 0; i < 3; i++) {
      store.update(key(i), Unpooled.buffer().writeLong(50).writeShort(0));
    }
  }

  private List<NonOwnedRecord> confirmed(Store from) {
    List<NonOwnedRecord> records = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      records.add(new NonOwnedRecord(key(i), 50, List.of(OWNER), false));
    }
    List<List<NonOwnedRecord>> done = new ArrayList<>();
    host.enter(() -> new Confirmation(endpoint, from, records, hash -> HISTORY, done::add).start());
    network.events().runFor(Duration.ofSeconds(30).toNanos());
    assertThat(done).hasSize(1);
    return done.get(0);
  }

  @Test
  void givesOwnersWhatTheyLack() {
    assertThat(confirmed(store)).hasSize(3);
    assertThat(handedOff).hasSize(3);
  }

  @Test
  void aRecordThatCannotBeReadStaysAndTheOthersGo() {
    StoreException damaged = new StoreException(StoreException.Code.CORRUPT, "planted by a test");
    assertThat(confirmed(ThrowingStore.of(store, "get", 1, damaged))).hasSize(2);
    assertThat(handedOff).containsExactly(key(1), key(2));
  }

  @Test
  void aBugCostsTheRecordsThatItWasAboutAndEndsTheConfirmation() {
    network.expectBugs();
    RuntimeException bug = new IllegalStateException("planted by a test");
    assertThat(confirmed(ThrowingStore.of(store, "get", 1, bug))).isEmpty();
    assertThat(host.guard().bugs()).isEqualTo(1);
  }
}
