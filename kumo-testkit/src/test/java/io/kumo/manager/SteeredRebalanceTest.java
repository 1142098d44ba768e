package io.kumo.manager;

import static io.kumo.testkit.cluster.MemoryCluster.LOWER;
import static io.kumo.testkit.cluster.MemoryCluster.UPPER;
import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.admin.AttachNewServers;
import io.kumo.core.protocol.admin.StartReplace;
import io.kumo.core.protocol.desk.ChangeMembers;
import io.kumo.core.protocol.desk.SteerRebalance;
import io.kumo.core.protocol.desk.SteerRebalance.Step;
import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.rebalance.RebalanceControl;
import io.kumo.manager.rebalance.RebalanceOutcome;
import io.kumo.manager.rebalance.RebalancePhase;
import io.kumo.testkit.cluster.Kumoctl;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Real managers and servers in memory: an operator has a rebalance wait, or puts it back. */
class SteeredRebalanceTest {
  private static final NodeAddress A = serverAddress(1);
  private static final NodeAddress B = serverAddress(2);
  private static final NodeAddress C = serverAddress(3);
  private static final NodeAddress D = serverAddress(4);

  /** Copies end after minutes. */
  private static final SteerRebalance SLOWLY = new SteerRebalance(Step.THROTTLE, 1);

  private static final SteerRebalance FREELY = new SteerRebalance(Step.THROTTLE, 0);

  /** A phase without records is over soon. */
  private static final Duration STEP = Duration.ofNanos(50_000);

  private final VotedCluster cluster = new VotedCluster(2);

  @Test
  void aPauseOutlastsTheManagerThatWasTold() throws Exception {
    beginSlowAttach();
    assertThat(ask(LOWER, new SteerRebalance(Step.PAUSE))).isEqualTo("c0");
    assertThat(ask(LOWER, new SteerRebalance(Step.PAUSE))).contains("it is paused already");
    cluster.kill(LOWER);
    cluster.cluster.runMillis(10_000);
    assertThat(ask(UPPER, FREELY)).isEqualTo("c0");
    cluster.cluster.runMillis(300_000);
    assertThat(control(UPPER).director().phase()).isEqualTo(RebalancePhase.COPYING);
    assertThat(cluster.newest().settings().orders().rebalancePaused()).isTrue();

    assertThat(ask(UPPER, new SteerRebalance(Step.RESUME))).isEqualTo("c0");
    new Kumoctl(cluster.cluster, UPPER).settle();
    assertThat(ask(UPPER, new SteerRebalance(Step.RESUME))).contains("it is not paused");
    assertThat(control(UPPER).director().outcome()).isEqualTo(RebalanceOutcome.FINISHED);
    cluster.assertActive(A, B, C, D);
    cluster.assertAllThere();
  }

  private void beginSlowAttach() {
    cluster.startAttached(3);
    assertThat(ask(LOWER, SLOWLY)).isEqualTo("c0");
    cluster.start(D);
    cluster.beginAttach();
    cluster.cluster.runMillis(5_000);
    assertThat(control(LOWER).director().phase()).isEqualTo(RebalancePhase.COPYING);
    cluster.assertActive(A, B, C, D);
    cluster.set("key2", "while it was copied");
  }

  @Test
  void aNewcomerIsPutBackAndNothingIsLost() throws Exception {
    beginSlowAttach();
    assertThat(ask(UPPER, new SteerRebalance(Step.CANCEL))).isEqualTo("c0");
    settle();
    cluster.assertActive(A, B, C);
    assertThat(control(LOWER).director().outcome()).isEqualTo(RebalanceOutcome.CANCELLED);
    cluster.set("key3", "after it");
    cluster.assertAllThere();
    cluster.attach();
    cluster.assertActive(A, B, C, D);
    settle();
    cluster.kill(A);
    cluster.cluster.runMillis(10_000);
    cluster.assertAllThere();
  }

  @Test
  void aServerThatIsDrainedServesAgainAndIsGivenWhatItMissed() throws Exception {
    cluster.startAttached(4);
    settle();
    assertThat(ask(LOWER, SLOWLY)).isEqualTo("c0");
    assertThat(ask(LOWER, new ChangeMembers(List.of(), List.of(D), true))).isEqualTo("c0");
    cluster.cluster.runMillis(2_000);
    cluster.assertActive(A, B, C);
    cluster.storeKeys();
    assertThat(ask(LOWER, new SteerRebalance(Step.PAUSE))).isEqualTo("c0");
    assertThat(ask(LOWER, new SteerRebalance(Step.CANCEL))).isEqualTo("c0");
    assertThat(ask(LOWER, FREELY)).isEqualTo("c0");
    settle();
    cluster.assertActive(A, B, C, D);
    cluster.kill(A, B);
    cluster.cluster.runMillis(15_000);
    cluster.assertAllThere();
  }

  @Test
  void whatCannotBePutBackIsSaidAndChangesNothing() {
    cluster.startAttached(3);
    settle();
    assertThat(ask(LOWER, new SteerRebalance(Step.CANCEL))).contains("no rebalance is under way");
    assertThat(ask(LOWER, new SteerRebalance(Step.PAUSE))).contains("no rebalance is under way");
    cluster.cluster.send(LOWER, new StartReplace(true));
    runUntil(RebalancePhase.COPYING);
    assertThat(control(LOWER).cancel(server -> true)).contains("it can only be paused");
    settle();
    cluster.start(D);
    cluster.cluster.runMillis(3_000);
    cluster.cluster.send(LOWER, new AttachNewServers(true, false));
    runUntil(RebalancePhase.DELETING);
    assertThat(control(LOWER).cancel(server -> true)).contains("it is too late to cancel");
    settle();
    cluster.assertActive(A, B, C, D);
  }

  private void runUntil(RebalancePhase phase) {
    for (int i = 0; i < 60_000 && control(LOWER).director().phase() != phase; i++) {
      cluster.cluster.run(STEP);
    }
    assertThat(control(LOWER).director().phase()).isEqualTo(phase);
  }

  private RebalanceControl control(NodeAddress manager) {
    return cluster.cluster.manager(manager).control().rebalance();
  }

  private String ask(NodeAddress manager, Message order) {
    return cluster.cluster.ask(manager, order);
  }

  private void settle() {
    new Kumoctl(cluster.cluster, LOWER).settle();
    cluster.cluster.runMillis(1_000);
  }
}
