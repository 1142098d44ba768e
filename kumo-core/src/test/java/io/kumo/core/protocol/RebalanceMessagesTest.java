package io.kumo.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.admin.GetAutoReplace;
import io.kumo.core.protocol.admin.LoadState;
import io.kumo.core.protocol.admin.MoveManagers;
import io.kumo.core.protocol.admin.RebalanceState;
import io.kumo.core.protocol.extended.ConfirmRecords;
import io.kumo.core.protocol.extended.FlushAll;
import io.kumo.core.protocol.extended.Forward;
import io.kumo.core.protocol.extended.GetClock;
import io.kumo.core.protocol.extended.GetItemStatistics;
import io.kumo.core.protocol.extended.Handoff;
import io.kumo.core.protocol.extended.MoveStatistics;
import io.kumo.core.protocol.original.ReplaceEnd;
import io.kumo.core.protocol.repair.GiveWindow;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.ring.HashRange;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RebalanceMessagesTest {
  private static final NodeAddress NODE = NodeAddress.of(new byte[] {127, 0, 0, 1}, 19800);

  private static ByteBuf bytes(int... values) {
    ByteBuf out = Unpooled.buffer();
    for (int value : values) {
      out.writeByte(value);
    }
    return out;
  }

  private static Message throughTheWire(Message message) throws MalformedMessageException {
    ByteBuf out = Unpooled.buffer();
    message.encode(out);
    Message decoded = message.method().decode(out);
    assertThat(out.isReadable()).isFalse();
    return decoded;
  }

  @Test
  void recordsToConfirmAndHandoffsSurviveTheWire() throws MalformedMessageException {
    ByteBuf key = bytes(1, 2, 3, 4, 5, 6, 7, 8, 'k');
    Message confirm =
        new ConfirmRecords(
            List.of(
                new ConfirmRecords.RecordVersion(key, 1L << 63),
                new ConfirmRecords.RecordVersion(key, 5, 0xffff_ffffL),
                new ConfirmRecords.RecordVersion(key, 5)));
    assertThat(throughTheWire(confirm)).isEqualTo(confirm);
    Message tombstone = new Handoff(key, bytes(0, 0, 0, 1, 0, 0, 0, 2), true, null);
    assertThat(throughTheWire(tombstone)).isEqualTo(tombstone);
    AppliedRequest request = new AppliedRequest(new RequestId(-1, 7), 5);
    RequestHistory history = new RequestHistory(List.of(request), true);
    Message told = new Handoff(key, bytes(0, 0, 0, 1, 0, 0, 0, 2), true, history);
    assertThat(throughTheWire(told)).isEqualTo(told);
  }

  @Test
  void theWindowOfCopiedRecordsSurvivesTheWire() throws MalformedMessageException {
    AppliedRequest request = new AppliedRequest(new RequestId(-1, 7), 5);
    List<GiveWindow.KeyRequest> requests = List.of(new GiveWindow.KeyRequest(-9, request));
    Message some = new GiveWindow(3, NODE, requests, null);
    assertThat(throughTheWire(some)).isEqualTo(some);
    List<HashRange> ranges = List.of(new HashRange(0, 7), HashRange.ALL);
    GiveWindow.Coverage coverage =
        new GiveWindow.Coverage(ranges, List.of(new HashRange(0, 7)), List.of(5L, -5L));
    Message last = new GiveWindow(-3, NODE, List.of(), coverage);
    assertThat(throughTheWire(last)).isEqualTo(last);
  }

  @Test
  void tooManyRecordsToConfirmAreRefused() {
    ByteBuf key = bytes(1, 2, 3, 4, 5, 6, 7, 8);
    ConfirmRecords.RecordVersion entry = new ConfirmRecords.RecordVersion(key, 1);
    Message many = new ConfirmRecords(Collections.nCopies(ConfirmRecords.MAX_ENTRIES + 1, entry));
    assertThatThrownBy(() -> throughTheWire(many)).isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void aFlushSurvivesTheWire() throws MalformedMessageException {
    assertThat(throughTheWire(new FlushAll(-2, 0))).isEqualTo(new FlushAll(-2, 0));
    assertThat(throughTheWire(new FlushAll(7, 100))).isEqualTo(new FlushAll(7, 100));
    assertThat(throughTheWire(new GetItemStatistics())).isEqualTo(new GetItemStatistics());
    assertThat(throughTheWire(new GetClock())).isEqualTo(new GetClock());
  }

  @Test
  void aForwardedRequestArrivesAsItWas() throws MalformedMessageException {
    ByteBuf params = Unpooled.buffer();
    new AttachNewServers(true, true).encode(params);
    Forward decoded =
        (Forward) throughTheWire(new Forward(Method.ATTACH_NEW_SERVERS.id(), params.duplicate()));
    Method method = Method.byId(decoded.methodId());
    assertThat(method).isEqualTo(Method.ATTACH_NEW_SERVERS);
    assertThat(method.decode(decoded.params())).isEqualTo(new AttachNewServers(true, true));
  }

  @Test
  void theStateOfARebalanceSurvivesTheWire() throws MalformedMessageException {
    RebalanceState state =
        new RebalanceState(
            RebalanceState.COPYING,
            RebalanceState.FINISHED,
            -7,
            true,
            new MoveStatistics(1, 1L << 40, 3, 4),
            List.of(NODE),
            new MoveStatistics(5, 6, 7, 8));
    ByteBuf out = Unpooled.buffer();
    state.write(out);
    assertThat(RebalanceState.read(out)).isEqualTo(state);
  }

  @Test
  void theEndOfAPhaseMayCarryItsFigures() throws MalformedMessageException {
    Message copied =
        new ReplaceEnd(Method.REPLACE_COPY_END, -7, 1, new MoveStatistics(9, 9, 3, 400));
    Message removed =
        new ReplaceEnd(Method.REPLACE_DELETE_END, -7, 1, new MoveStatistics(9, 9, 3, 0));
    Message bare = new ReplaceEnd(Method.REPLACE_COPY_END, -7, 1);
    assertThat(throughTheWire(copied)).isEqualTo(copied);
    assertThat(throughTheWire(removed)).isEqualTo(removed);
    assertThat(throughTheWire(bare)).isEqualTo(bare);
  }

  @Test
  void extrasCarryADelayedFlush() throws MalformedMessageException {
    DelayedFlush delayed = new DelayedFlush(-1, 1_800_000_000);
    ClusterExtras extras = new ClusterExtras(List.of(), 0, 0, delayed);
    ByteBuf out = Unpooled.buffer();
    extras.write(out);
    assertThat(ClusterExtras.read(out)).isEqualTo(extras);
    assertThat(out.isReadable()).isFalse();
  }

  @Test
  void theLaterOfTwoOrdersToFlushCounts() {
    ClusterExtras ordered = new ClusterExtras(List.of(), 7, 0, new DelayedFlush(5, 1000));
    ClusterExtras calledOff = new ClusterExtras(List.of(), 3, 0, new DelayedFlush(6, 0));
    ClusterExtras both = new ClusterExtras(List.of(), 7, 0, new DelayedFlush(6, 0));
    assertThat(ordered.withFlushesOf(calledOff)).isEqualTo(both);
    assertThat(calledOff.withFlushesOf(ordered)).isEqualTo(both);
  }

  @Test
  void extrasCarryTheCompletedClockTime() throws MalformedMessageException {
    ClusterExtras extras = new ClusterExtras(List.of(new NodeExtras(NODE, 1, -9)), -5, -6);
    ByteBuf out = Unpooled.buffer();
    extras.write(out);
    assertThat(ClusterExtras.read(out)).isEqualTo(extras);
    assertThat(out.isReadable()).isFalse();
    ClusterExtras moved = extras.withManagers(new ManagerList(-8, List.of(NODE)));
    moved.write(out);
    assertThat(ClusterExtras.read(out)).isEqualTo(moved);
    assertThat(out.isReadable()).isFalse();
  }

  @Test
  void ordersAboutManagersSurviveTheWire() throws MalformedMessageException {
    ClusterExtras extras = new ClusterExtras(List.of(new NodeExtras(NODE, 1, 2)), 3, 4);
    HashSpace space = HashSpace.of(List.of(new Node(NODE, true)), 9);
    PublishedSpaces view = new PublishedSpaces(new HashSpaces(space, space), extras);
    for (Boolean autoReplace : new Boolean[] {null, true, false}) {
      Message load = new LoadState(view, true, autoReplace);
      assertThat(throughTheWire(load)).isEqualTo(load);
    }
    assertThat(throughTheWire(new GetAutoReplace())).isEqualTo(new GetAutoReplace());
    Message move = new MoveManagers(List.of(NODE));
    assertThat(throughTheWire(move)).isEqualTo(move);
  }

  @Test
  void theNewerListOfManagersCounts() {
    ManagerList old = new ManagerList(5, List.of(NODE));
    ManagerList later = new ManagerList(-5, List.of());
    assertThat(old.newer(later)).isSameAs(later);
    assertThat(later.newer(old)).isSameAs(later);
    assertThat(ManagerList.NONE.newer(old)).isSameAs(old);
  }
}
