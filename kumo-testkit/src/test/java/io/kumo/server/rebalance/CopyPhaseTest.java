package io.kumo.server.rebalance;

import static io.kumo.server.rebalance.RebalanceStage.server;
import static io.kumo.server.rebalance.RebalanceStage.space;
import static io.kumo.server.rebalance.RebalanceStage.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.Capabilities;
import io.kumo.core.protocol.ClusterExtras;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.NodeExtras;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.protocol.original.ReplaceEnd;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A copy phase of one server that gives all that it has to one other. */
class CopyPhaseTest {
  private static final int RECORDS = 100;
  private static final int MANY = 1_000;
  private static final NodeAddress SELF = server(1);
  private static final NodeAddress TARGET = server(2);
  private static final HashSpace OLD = space(1, SELF);
  private static final HashSpace NEW = space(2, SELF, TARGET);
  private static final HashSpaces LAYOUT = new HashSpaces(NEW, OLD);

  private final RebalanceStage stage = new RebalanceStage();
  private RebalanceStage.Server self;
  private RebalanceStage.Director director;

  @BeforeEach
  void start() throws IOException {
    self = stage.new Server(1, view(NEW, OLD)).with(RECORDS);
    director = stage.new Director(9);
  }

  private CopyPhase phase() throws IOException {
    return self.copyPhase(NEW.clockTime(), self.endpoint.peer(director.address));
  }

  private void start(CopyPhase phase, HashSpaces layout) {
    self.host.enter(() -> phase.start(layout));
  }

  /** A manager says of the server that it can be asked what it has. */
  private void announce(NodeAddress server) {
    ClusterExtras extras =
        new ClusterExtras(List.of(new NodeExtras(server, Capabilities.EXTENDED, 5)), 0, 0);
    HashSpace next = NEW.withClockTime(NEW.clockTime() + 1);
    PublishedSpaces known = new PublishedSpaces(new HashSpaces(next, OLD), extras);
    self.host.enter(() -> self.spaces.offer(known));
  }

  @Test
  void itIsForOneReplaceOfOneKind() throws IOException {
    CopyPhase phase = phase();
    assertThat(phase.isFor(NEW.clockTime(), false)).isTrue();
    assertThat(phase.isFor(NEW.clockTime(), true)).isFalse();
    assertThat(phase.isFor(OLD.clockTime(), false)).isFalse();
  }

  @Test
  void whereNothingMovesItEndsAtOnce() throws IOException {
    CopyPhase phase = phase();
    start(phase, new HashSpaces(space(2, SELF), OLD));
    stage.run(1);
    assertThat(phase.isRunning()).isFalse();
    assertThat(director.ends).hasSize(1);
    assertThat(director.ends.get(0).method()).isEqualTo(Method.REPLACE_COPY_END);
    assertThat(director.ends.get(0).replaceTime()).isEqualTo(NEW.clockTime());
  }

  @Test
  void whatTheTargetHasAlreadyIsNotSentAgain() throws IOException {
    stage.new Server(2, view(NEW, NEW)).with(RECORDS);
    announce(TARGET);
    CopyPhase phase = phase();
    start(phase, LAYOUT);
    stage.run(5);
    assertThat(phase.isRunning()).isFalse();
    ReplaceEnd end = director.ends.get(0);
    assertThat(end.statistics().scanned()).isEqualTo(RECORDS);
    assertThat(end.statistics().moved()).isZero();
  }

  @Test
  void ofManyRecordsOnlyThoseThatDifferAreSent() throws IOException {
    self.with(10 * MANY);
    RebalanceStage.Server target = stage.new Server(2, view(NEW, NEW)).with(10 * MANY);
    for (int i = 1; i <= 3; i++) {
      self.store.update(RebalanceStage.key(i * MANY), value(1_000_000, 'n'));
    }
    long clockTime = self.store.clockTime(RebalanceStage.key(7));
    self.store.update(RebalanceStage.key(7), value(clockTime, 'w'));
    target.store.update(RebalanceStage.key(8), value(1_000_000, 'n'));
    announce(TARGET);
    ByteBuf stored = Unpooled.buffer();
    CopyPhase phase = phase();
    start(phase, LAYOUT);
    stage.run(20);
    assertThat(phase.isRunning()).isFalse();
    assertThat(director.ends.get(0).statistics().moved()).isEqualTo(4);
    assertThat(target.store.read(RebalanceStage.key(7), stored)).isPositive();
    assertThat(stored).isEqualTo(value(clockTime, 'w'));
  }

  private static ByteBuf value(long clockTime, char data) {
    return Unpooled.buffer().writeLong(clockTime).writeShort(0).writeByte(data);
  }

  @Test
  void aTargetThatNobodyKnowsToBeExtendedIsSentEverything() throws IOException {
    stage.new Server(2, view(NEW, NEW)).with(RECORDS);
    CopyPhase phase = phase();
    start(phase, LAYOUT);
    stage.run(5);
    assertThat(phase.isRunning()).isFalse();
    assertThat(director.ends.get(0).statistics().moved()).isEqualTo(RECORDS);
  }

  @Test
  void itDoesNotEndWhileTheTargetIsAway() throws IOException {
    CopyPhase phase = phase();
    start(phase, LAYOUT);
    stage.run(60);
    assertThat(phase.isRunning()).isTrue();
    assertThat(director.ends).isEmpty();
  }

  @Test
  void cancelledItTellsNobodyOfAnEnd() throws IOException {
    CopyPhase phase = phase();
    start(phase, LAYOUT);
    stage.run(5);
    self.host.enter(phase::cancel);
    stage.new Server(2, view(NEW, NEW)).with(RECORDS);
    stage.run(60);
    assertThat(phase.isRunning()).isFalse();
    assertThat(director.ends).isEmpty();
  }

  @Test
  void aDirectorThatIsAwayHearsOfTheEndWhenItIsBack() throws IOException {
    stage.network.kill(director.address);
    CopyPhase phase = phase();
    start(phase, new HashSpaces(space(2, SELF), OLD));
    stage.run(30);
    director = stage.new Director(9);
    stage.run(30);
    assertThat(director.ends).hasSize(1);
  }

  @Test
  void anotherDirectorThatAsksForTheSameIsToldOfTheEnd() throws IOException {
    CopyPhase phase = phase();
    start(phase, new HashSpaces(space(2, SELF), OLD));
    stage.run(1);
    RebalanceStage.Director other = stage.new Director(8);
    self.host.enter(() -> phase.startedAgain(self.endpoint.peer(other.address)));
    stage.run(1);
    assertThat(director.ends).hasSize(1);
    assertThat(other.ends).hasSize(1);
  }
}
