package io.kumo.server.rebalance;

import static io.kumo.server.rebalance.RebalanceStage.key;
import static io.kumo.server.rebalance.RebalanceStage.server;
import static io.kumo.server.rebalance.RebalanceStage.space;
import static io.kumo.server.rebalance.RebalanceStage.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.original.ReplaceEnd;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import java.io.IOException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cleanup phase of one of five servers, which had everything. */
class CleanupPhaseTest {
  private static final int RECORDS = 100;
  private static final NodeAddress SELF = server(1);
  private static final HashSpace FORMER = space(1, SELF);
  private static final HashSpace SPACE = space(2, SELF, server(2), server(3), server(4), server(5));

  private final RebalanceStage stage = new RebalanceStage();
  private RebalanceStage.Server self;
  private RebalanceStage.Director director;

  @BeforeEach
  void start() throws IOException {
    self = stage.new Server(1, view(SPACE, SPACE)).with(RECORDS);
    director = stage.new Director(9);
  }

  private void startOwners() throws IOException {
    for (int i = 2; i <= 5; i++) {
      stage.new Server(i, view(SPACE, SPACE)).with(RECORDS);
    }
  }

  /** How many of the records the server has to keep. */
  private static long owned() {
    return IntStream.range(0, RECORDS)
        .filter(i -> SPACE.activeReplicas(key(i).getLong(0)).contains(SELF))
        .count();
  }

  private CleanupPhase begin() {
    CleanupPhase phase =
        new CleanupPhase(
            self.context, SPACE.clockTime(), self.endpoint.peer(director.address), FORMER);
    self.host.enter(phase::start);
    return phase;
  }

  @Test
  void itEndsWhenWhatOthersOwnIsRemovedAndSaysHowMuchThatWas() throws IOException {
    startOwners();
    CleanupPhase phase = begin();
    stage.run(5);
    assertThat(phase.isRunning()).isFalse();
    assertThat(self.store.liveCount()).isEqualTo(owned()).isLessThan(RECORDS);
    ReplaceEnd end = director.ends.get(0);
    assertThat(end.method()).isEqualTo(Method.REPLACE_DELETE_END);
    assertThat(end.replaceTime()).isEqualTo(SPACE.clockTime());
    assertThat(end.statistics().moved()).isEqualTo(RECORDS - owned());
  }

  @Test
  void nothingIsRemovedAndNothingEndsWhileTheOwnersAreAway() {
    CleanupPhase phase = begin();
    stage.run(30);
    assertThat(phase.isRunning()).isTrue();
    assertThat(self.store.liveCount()).isEqualTo(RECORDS);
    assertThat(director.ends).isEmpty();
  }

  @Test
  void itsEndNamesTheHashSpaceOfThatMomentWhichAFaultMayHaveChanged() throws IOException {
    startOwners();
    HashSpace later = SPACE.withFault(server(5), 3L << 32);
    CleanupPhase phase = begin();
    self.host.enter(() -> self.spaces.offer(view(later, later)));
    stage.run(10);
    assertThat(phase.isRunning()).isFalse();
    assertThat(director.ends.get(0).replaceTime()).isEqualTo(later.clockTime());
  }

  @Test
  void cancelledItRemovesNothingMoreAndTellsNobody() throws IOException {
    CleanupPhase phase = begin();
    stage.run(2);
    self.host.enter(phase::cancel);
    startOwners();
    stage.run(30);
    assertThat(phase.isRunning()).isFalse();
    assertThat(self.store.liveCount()).isEqualTo(RECORDS);
    assertThat(director.ends).isEmpty();
  }
}
