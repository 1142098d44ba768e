package io.kumo.server.rebalance;

import static io.kumo.server.rebalance.RebalanceStage.key;
import static io.kumo.server.rebalance.RebalanceStage.server;
import static io.kumo.server.rebalance.RebalanceStage.space;
import static io.kumo.server.rebalance.RebalanceStage.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.original.ReplaceCopyStart;
import io.kumo.core.protocol.original.ReplaceDeleteStart;
import io.kumo.core.protocol.original.ReplaceEnd;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.OpenRebalance;
import io.kumo.core.view.SampleViews;
import io.kumo.core.view.ViewId;
import io.kumo.core.view.ViewLayout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two servers, of which the second joins with the order to copy, and a director. */
class PhaseHandlersTest {
  private static final int RECORDS = 200;
  private static final NodeAddress FIRST = server(1);
  private static final NodeAddress SECOND = server(2);
  private static final HashSpace OLD = space(1, FIRST);
  private static final HashSpace NEW = space(2, FIRST, SECOND);

  private final RebalanceStage stage = new RebalanceStage();
  private RebalanceStage.Server first;
  private RebalanceStage.Server second;
  private RebalanceStage.Director director;

  @BeforeEach
  void start() throws IOException {
    first = stage.new Server(1, view(OLD, OLD)).with(RECORDS).listening();
    second = stage.new Server(2, view(OLD, OLD)).listening();
    director = stage.new Director(9);
  }

  private static ReplaceCopyStart copyTo(HashSpace space) {
    return new ReplaceCopyStart(space, 0, false);
  }

  /** Which phases have ended, by the time that names the replace. */
  private List<String> ends() {
    List<String> ends = new ArrayList<>();
    for (ReplaceEnd end : director.ends) {
      String phase = end.method() == Method.REPLACE_COPY_END ? "copy " : "delete ";
      ends.add(phase + (end.replaceTime() >>> 32));
    }
    return ends;
  }

  private void copyAtBoth() {
    director.tell(FIRST, copyTo(NEW));
    director.tell(SECOND, copyTo(NEW));
    stage.run(5);
  }

  @Test
  void whoIsToldToCopyTakesTheWriteHashSpaceAndGivesWhatOthersAreToHave() {
    copyAtBoth();
    assertThat(director.answers).containsExactly("done", "done");
    assertThat(ends()).containsExactlyInAnyOrder("copy 2", "copy 2");
    assertThat(first.spaces.current().write()).isEqualTo(NEW);
    assertThat(first.spaces.current().read()).isEqualTo(OLD);
    for (int i = 0; i < RECORDS; i++) {
      assertThat(second.store.clockTime(key(i))).as("record " + i).isEqualTo(100 + i);
    }
  }

  @Test
  void theSameOrderAgainIsAnsweredByTheSameEndAndCopiesNothingTwice() {
    copyAtBoth();
    CopyPhase ended = first.rebalancer.copying();
    director.ends.clear();
    director.tell(FIRST, copyTo(NEW));
    assertThat(ends()).containsExactly("copy 2");
    assertThat(first.rebalancer.copying()).isSameAs(ended);
  }

  @Test
  void aFullOrderOfTheSameHashSpaceIsAnotherOne() {
    copyAtBoth();
    CopyPhase ended = first.rebalancer.copying();
    director.ends.clear();
    director.tell(FIRST, new ReplaceCopyStart(NEW, 0, true));
    stage.run(5);
    assertThat(ends()).containsExactly("copy 2");
    assertThat(first.rebalancer.copying()).isNotSameAs(ended);
  }

  @Test
  void anOrderByAnOlderHashSpaceIsAnsweredAndNotCarriedOut() {
    first.host.enter(() -> first.spaces.offer(view(space(7, FIRST), space(7, FIRST))));
    director.tell(FIRST, copyTo(NEW));
    director.tell(FIRST, new ReplaceDeleteStart(NEW, 0));
    stage.run(5);
    assertThat(director.answers).containsExactly("done", "done");
    assertThat(ends()).isEmpty();
    assertThat(first.spaces.current().write()).isEqualTo(space(7, FIRST));
    assertThat(first.rebalancer.copying()).isNull();
    assertThat(first.rebalancer.cleaning()).isNull();
  }

  @Test
  void anOrderIsAnsweredWhenItsHashSpaceIsDurableAndNotBefore() {
    List<Runnable> durable = new ArrayList<>();
    first.spaces.persistWith((view, done) -> durable.add(done));
    director.tell(FIRST, copyTo(NEW));
    assertThat(director.answers).isEmpty();
    assertThat(first.rebalancer.copying()).isNull();

    first.host.enter(durable.remove(0));
    stage.run(1);
    assertThat(director.answers).containsExactly("done");
    assertThat(first.rebalancer.copying()).isNotNull();
  }

  @Test
  void whoIsToldToDeleteHasReadsFollowAndRemovesWhatItDoesNotOwn() throws IOException {
    HashSpace five = space(3, FIRST, server(3), server(4), server(5), server(6));
    for (int i = 3; i <= 6; i++) {
      stage.new Server(i, view(five, five)).with(RECORDS);
    }
    director.tell(FIRST, copyTo(five));
    stage.run(5);
    assertThat(ends()).containsExactly("copy 3");
    assertThat(first.store.liveCount()).isEqualTo(RECORDS);

    director.tell(FIRST, new ReplaceDeleteStart(five, 0));
    stage.run(10);
    assertThat(ends()).containsExactly("copy 3", "delete 3");
    assertThat(first.spaces.current().read()).isEqualTo(five);
    for (int i = 0; i < RECORDS; i++) {
      boolean owned = five.activeReplicas(key(i).getLong(0)).contains(FIRST);
      assertThat(first.store.clockTime(key(i))).as("record " + i).isEqualTo(owned ? 100 + i : 0);
    }
  }

  @Test
  void theOrderToDeleteAgainIsAnsweredByTheSameEnd() {
    copyAtBoth();
    director.tell(FIRST, new ReplaceDeleteStart(NEW, 0));
    stage.run(10);
    CleanupPhase ended = first.rebalancer.cleaning();
    director.ends.clear();
    director.tell(FIRST, new ReplaceDeleteStart(NEW, 0));
    assertThat(ends()).containsExactly("delete 2");
    assertThat(first.rebalancer.cleaning()).isSameAs(ended);
  }

  @Test
  void aDeletePhaseTakesThePlaceOfTheCopyPhase() {
    stage.network.kill(SECOND);
    director.tell(FIRST, copyTo(NEW));
    assertThat(first.rebalancer.statusFlags()).isNotZero();
    director.tell(FIRST, new ReplaceDeleteStart(NEW, 0));
    stage.run(5);
    assertThat(first.rebalancer.copying()).isNull();
    assertThat(ends()).as("nobody hears of what was cancelled").doesNotContain("copy 2");
  }

  private static ClusterView voted(int version, HashSpace write, HashSpace read) {
    ClusterView sample = SampleViews.first();
    ViewLayout layout =
        new ViewLayout(new HashSpaces(write, read), List.of(), OpenRebalance.NONE, 0);
    return new ClusterView(
        new ViewId(1, version),
        sample.cluster(),
        layout,
        sample.flush(),
        sample.settings(),
        sample.electorate());
  }

  private void install(int version, HashSpace write, HashSpace read) {
    first.host.enter(() -> first.spaces.install(voted(version, write, read), false));
    stage.run(5);
  }

  @Test
  void whereViewsCountByVotesAPhaseBeginsWhenItsViewIsInstalled() {
    install(1, OLD, OLD);
    director.tell(FIRST, copyTo(NEW));
    stage.run(2);
    assertThat(director.answers).isEmpty();
    assertThat(first.spaces.current().write()).isEqualTo(OLD);
    install(2, NEW, OLD);
    assertThat(director.answers).containsExactly("done");
    assertThat(first.rebalancer.copying()).isNotNull();
    director.tell(FIRST, new ReplaceDeleteStart(NEW, 0));
    stage.run(2);
    assertThat(first.rebalancer.cleaning()).isNull();
    install(3, NEW, NEW);
    assertThat(director.answers).containsExactly("done", "done");
    assertThat(first.rebalancer.cleaning()).isNotNull();
  }
}
