package io.kumo.server;

import static io.kumo.testkit.cluster.MemoryCluster.LOWER;
import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;
import static io.kumo.testkit.cluster.MemoryCluster.serverConfig;
import static io.kumo.testkit.cluster.Rings.coordinator;
import static io.kumo.testkit.cluster.Rings.space;
import static io.kumo.testkit.cluster.Rings.steady;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.votes.ReleaseLease;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.write.MutateStatus;
import io.kumo.core.protocol.write.Operation;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.ViewFlush;
import io.kumo.core.view.ViewId;
import io.kumo.core.view.ViewSettings;
import io.kumo.core.view.Voter;
import io.kumo.server.lifecycle.ReplicaState;
import io.kumo.server.rejoin.OldRecords;
import io.kumo.testkit.cluster.MemoryCluster;
import io.kumo.testkit.cluster.RecordClient;
import io.kumo.testkit.cluster.ScriptedDirector;
import io.kumo.testkit.net.NetworkConditions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Servers under views that are voted on, which a test makes up. */
class VotingServerTest {
  private static final NodeAddress A = serverAddress(1);
  private static final NodeAddress B = serverAddress(2);
  private static final NodeAddress C = serverAddress(3);
  private static final String KEY = "key";
  private static final long LEASE_MS = ViewSettings.DEFAULT_LEASE_MS;

  private final MemoryCluster cluster = new MemoryCluster();
  private final RecordClient client = new RecordClient(cluster);
  private final ScriptedDirector director = new ScriptedDirector(cluster, LOWER);
  private final HashSpace three = space(10L << 32, A, B, C);
  private final NodeAddress first = coordinator(three, KEY);
  private final HashSpace without = three.withFault(first, 11L << 32);
  private final NodeAddress second = coordinator(without, KEY);

  VotingServerTest() {
    cluster.keepVotes();
    for (NodeAddress server : List.of(A, B, C)) {
      start(server);
    }
    cluster.runMillis(500);
  }

  private void start(NodeAddress server) {
    cluster.startServer(serverConfig(server, LOWER), OldRecords.LET_GO);
  }

  private ViewId installed(NodeAddress server) {
    return cluster.server(server).spaces().voted().id();
  }

  private MutateStatus set(NodeAddress server, String value) throws MalformedMessageException {
    return client.mutate(server, Operation.SET, KEY, value).status();
  }

  /** Nothing passes between this node and any other. */
  private void cutOff(NodeAddress node) {
    cluster
        .network()
        .setConditions(
            new NetworkConditions() {
              @Override
              public long delayNs(NodeAddress from, NodeAddress to) {
                return FAIR.delayNs(from, to);
              }

              @Override
              public boolean passes(NodeAddress from, NodeAddress to) {
                boolean client = from.port() < 100 || to.port() < 100;
                return client || (!from.equals(node) && !to.equals(node));
              }
            });
  }

  @Test
  void aCommittedViewIsInstalledAndKeysAreCoordinatedUnderIt() throws MalformedMessageException {
    director.found(steady(three));
    assertThat(cluster.server(first).spaces().current()).isEqualTo(steady(three));
    assertThat(set(first, "value")).isEqualTo(MutateStatus.STORED);
    assertThat(client.get(first, KEY)).isEqualTo("value");
    assertThat(client.get(second, KEY)).isEqualTo("REFUSED");
    cluster.runMillis(10 * LEASE_MS);
    assertThat(client.get(first, KEY)).as("leases are renewed").isEqualTo("value");
  }

  @Test
  void whatIsPublishedIsInstalledByNobodyBeforeItIsCommitted() {
    ClusterView view = director.first(steady(three));
    assertThat(director.askTerm(1)).isEqualTo(3);
    assertThat(director.publish(view)).isEqualTo(3);
    assertThat(installed(A)).isEqualTo(ViewId.NONE);
    assertThat(director.commit(view)).isEqualTo(3);
    assertThat(installed(A)).isEqualTo(view.id());
  }

  @Test
  void hashSpacesThatWereNotVotedOnChangeNothing() {
    director.found(steady(three));
    cluster.tell(without, without);
    assertThat(cluster.server(A).spaces().current()).isEqualTo(steady(three));
  }

  @Test
  void aServerThatIsCutOffCoordinatesNothingOnceItsLeaseIsOver() throws MalformedMessageException {
    director.found(steady(three));
    assertThat(set(first, "value")).isEqualTo(MutateStatus.STORED);
    cutOff(first);
    cluster.runMillis(LEASE_MS / 2);
    assertThat(client.get(first, KEY)).as("its lease lasts").isEqualTo("value");
    assertThat(client.multiGet(first, KEY, "none")).startsWith("value");
    cluster.runMillis(LEASE_MS);
    assertThat(client.get(first, KEY)).isEqualTo("REFUSED");
    assertThat(client.multiGet(first, KEY, "none")).containsExactly("?", "?");
    assertThat(set(first, "other")).isEqualTo(MutateStatus.REFUSED);
    cluster.network().setConditions(NetworkConditions.FAIR);
    cluster.runMillis(LEASE_MS);
    assertThat(client.get(first, KEY)).isEqualTo("value");
  }

  @Test
  void aViewThatTakesKeysAwayIsAcceptedWhenTheLeaseIsOver() throws MalformedMessageException {
    ClusterView v1 = director.found(steady(three));
    assertThat(set(first, "value")).isEqualTo(MutateStatus.STORED);
    cutOff(first);
    ClusterView v2 = director.next(v1, steady(without));
    assertThat(director.publish(v2)).as("the others wait").isZero();
    assertThat(client.get(first, KEY)).isEqualTo("value");
    cluster.runMillis(LEASE_MS + LEASE_MS / 10);
    assertThat(client.get(first, KEY)).as("before anybody accepts it").isEqualTo("REFUSED");
    assertThat(director.publish(v2)).isEqualTo(2);
    assertThat(director.commit(v2)).isEqualTo(2);
    cluster.runMillis(LEASE_MS);
    assertThat(client.get(second, KEY)).isEqualTo("value");
    assertThat(set(second, "other")).isEqualTo(MutateStatus.STORED);
  }

  @Test
  void aServerThatIsThereGivesItsKeysAwayAtOnce() throws MalformedMessageException {
    ClusterView v1 = director.found(steady(three));
    assertThat(set(first, "value")).isEqualTo(MutateStatus.STORED);
    ClusterView v2 = director.next(v1, steady(without));
    director.publish(v2);
    assertThat(client.get(first, KEY)).as("it has noted the view").isEqualTo("REFUSED");
    assertThat(director.publish(v2)).isEqualTo(3);
    assertThat(director.commit(v2)).isEqualTo(3);
    assertThat(client.get(second, KEY)).isEqualTo("value");
  }

  @Test
  void aServerThatRestartsHasItsViewAndItsVote() {
    ClusterView v1 = director.found(steady(three));
    Voter before = cluster.server(A).requireVoter().self();
    cluster.kill(A);
    start(A);
    cluster.runMillis(10);
    assertThat(installed(A)).isEqualTo(v1.id());
    assertThat(cluster.server(A).requireVoter().self()).isEqualTo(before);
    assertThat(cluster.server(A).requireVoter().voteState().accepted()).isEqualTo(v1);
    assertThat(cluster.server(A).spaces().current()).isEqualTo(steady(three));
  }

  @Test
  void aServerWithoutItsDiskIsAnotherVoter() {
    director.found(steady(three));
    Voter before = cluster.server(A).requireVoter().self();
    cluster.kill(A);
    cluster.dropStore(A);
    start(A);
    assertThat(cluster.server(A).requireVoter().self()).isNotEqualTo(before);
    assertThat(installed(A)).isEqualTo(ViewId.NONE);
  }

  @Test
  void aServerThatSkippedViewsVerifiesItsKeys() throws MalformedMessageException {
    ClusterView v1 = director.found(steady(three));
    cluster.runMillis(2000);
    assertThat(cluster.server(first).isVerified()).isTrue();
    HashSpace later = three.withFault(second, 12L << 32);
    ClusterView v3 = director.next(director.next(v1, steady(without)), steady(later));
    director.publish(v3);
    director.commit(v3);
    assertThat(installed(first)).isEqualTo(v3.id());
    assertThat(cluster.server(first).isVerified()).isFalse();
    assertThat(client.get(first, KEY)).isNull();
  }

  @Test
  void anOrderlyStopGivesCoordinationBackFirst() throws MalformedMessageException {
    List<Voter> released = new ArrayList<>();
    director
        .endpoint()
        .handle(
            Method.RELEASE_LEASE,
            ReleaseLease.class,
            (message, caller, reply) -> {
              released.add(message.holder());
              reply.nil();
            });
    ClusterView v1 = director.found(steady(three));
    ServerNode stopping = cluster.server(first);
    Voter holder = stopping.requireVoter().self();
    CompletableFuture<Void> stopped = stopping.stop();
    cluster.runMillis(10);
    assertThat(stopping.spaces().lifecycle().state()).isEqualTo(ReplicaState.STOPPING);
    assertThat(client.get(first, KEY)).isEqualTo("REFUSED");
    assertThat(released).containsExactly(holder);
    ClusterView v2 = director.next(v1, steady(without));
    director.publish(v2);
    assertThat(director.publish(v2)).as("nobody waits for its lease").isEqualTo(3);
    director.commit(v2);
    assertThat(stopped).isCompleted();
    assertThat(set(second, "value")).isEqualTo(MutateStatus.STORED);
  }

  @Test
  void withoutADirectorAnOrderlyStopEndsAllTheSame() {
    director.found(steady(three));
    CompletableFuture<Void> stopped = cluster.server(first).stop();
    cluster.runMillis(500);
    assertThat(stopped).isNotCompleted();
    cluster.runMillis(700);
    assertThat(stopped).isCompleted();
  }

  @Test
  void whatIsStoredAfterAFlushIsNewerThanTheFlush() throws MalformedMessageException {
    ClusterView v1 = director.found(steady(three));
    assertThat(set(first, "old")).isEqualTo(MutateStatus.STORED);
    long later = cluster.store(first).largestClockTime() + (5L << 32);
    ClusterView v2 = director.next(v1, steady(three)).withFlush(new ViewFlush(later, 0, 0));
    director.publish(v2);
    director.install(v2);
    assertThat(client.get(first, KEY)).isNull();
    assertThat(set(first, "new")).isEqualTo(MutateStatus.STORED);
    assertThat(client.get(first, KEY)).isEqualTo("new");
  }

  @Test
  void aViewThatNoHonestClockHasMadeIsNotedFromNoAnswerToALease() throws MalformedMessageException {
    ClusterView v1 = director.found(steady(three));
    long far = ClockTime.of(0xffff_fff0L, 1); // in 2106
    show(director.next(v1, steady(three)).withFlush(new ViewFlush(far, 0, 0)));
    assertThat(cluster.server(first).requireVoter().newest()).isEqualTo(v1);
    ClusterView v2 = director.next(director.next(v1, steady(three)), steady(three));
    show(v2);
    assertThat(cluster.server(first).requireVoter().newest()).isEqualTo(v2);
  }

  /** One server has accepted it, however it came there, and the others ask it for a lease. */
  private void show(ClusterView view) {
    cluster
        .host(second)
        .enter(() -> cluster.server(second).requireVoter().publish(view, LOWER, answer -> {}));
    cluster.runMillis(LEASE_MS);
  }

  @Test
  void aSlowDiskDelaysViewsAndNothingElse() throws MalformedMessageException {
    ClusterView v1 = director.found(steady(three));
    cluster.vote(A).setDelayNs(1_000_000_000L);
    ClusterView v2 = director.next(v1, steady(space(12L << 32, A, B, C)));
    director.publish(v2);
    assertThat(director.publish(v2)).isEqualTo(2);
    assertThat(set(first, "value")).isEqualTo(MutateStatus.STORED);
    cluster.runMillis(1000);
    assertThat(director.publish(v2)).isEqualTo(3);
  }
}
