package io.kumo.core.voter;

import static io.kumo.core.view.SampleViews.CLUSTER;
import static io.kumo.core.view.SampleViews.M1;
import static io.kumo.core.view.SampleViews.M2;
import static io.kumo.core.view.SampleViews.S1;
import static io.kumo.core.view.SampleViews.S2;
import static io.kumo.core.view.SampleViews.voter;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.Role;
import io.kumo.core.protocol.votes.AskFirst;
import io.kumo.core.protocol.votes.CommitView;
import io.kumo.core.protocol.votes.PublishView;
import io.kumo.core.protocol.votes.ReleaseLease;
import io.kumo.core.protocol.votes.RequestLease;
import io.kumo.core.protocol.votes.RequestTerm;
import io.kumo.core.protocol.votes.VoteAnswers;
import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.SampleViews;
import io.kumo.core.view.Voter;
import io.kumo.core.vote.Acceptance;
import io.kumo.core.vote.LeaseRequest;
import io.kumo.core.vote.TermRequest;
import io.kumo.core.vote.VoteRules;
import io.kumo.testkit.cluster.CallResult;
import io.kumo.testkit.net.Endpoints;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.kumo.testkit.store.MemoryVote;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The voter of S1, asked over the wire by M1, M2 and S2. */
class VoterServiceTest {
  private static final ClusterView V1 = SampleViews.first();
  private static final ClusterView V2 = V1.next(V1.voters(), V1.electorate().managers());
  private static final ClusterView V3 = V2.next(V2.voters(), V2.electorate().managers());
  private static final long TIMEOUT_NS = Duration.ofSeconds(2).toNanos();

  private final MemoryNetwork network = new MemoryNetwork();
  private final MemoryVote disk = new MemoryVote();
  private final List<String> installs = new ArrayList<>();
  private final List<ClusterView> noted = new ArrayList<>();
  private final List<Voter> released = new ArrayList<>();
  private final RpcEndpoint m1 = Endpoints.of(network.start(M1), Role.MANAGER);
  private final RpcEndpoint m2 = Endpoints.of(network.start(M2), Role.MANAGER);
  private final RpcEndpoint s2 = Endpoints.of(network.start(S2), Role.SERVER);
  private long installNs;
  private VoterService voter;

  @BeforeEach
  void start() throws IOException {
    voter = startVoter(ClusterView.NONE);
  }

  private VoterService startVoter(ClusterView installed) throws IOException {
    MemoryHost host = network.start(S1);
    RpcEndpoint endpoint = Endpoints.of(host, Role.SERVER);
    VoterService made =
        new VoterService(
            host,
            disk.open(VoteRules.SOUND, host, S1, new Random(1)),
            VoteRules.SOUND,
            installed,
            new Installer() {
              @Override
              public void install(ClusterView view, boolean skips) {
                installs.add(view.id() + (skips ? " skips" : ""));
              }

              @Override
              public void whenInstalled(Runnable task) {
                host.schedule(installNs, task);
              }
            });
    VoteHandlers.register(endpoint, made);
    made.addListener(
        new VoteListener() {
          @Override
          public void noted(ClusterView view) {
            noted.add(view);
          }

          @Override
          public void released(Voter holder) {
            released.add(holder);
          }
        });
    endpoint.listen(S1);
    return made;
  }

  private static TermRequest asks(NodeAddress manager, long term) {
    return new TermRequest(term, manager, CLUSTER, false);
  }

  private static CallResult send(RpcEndpoint from, Message message) {
    CallResult answer = new CallResult();
    from.peer(S1).call(message, TIMEOUT_NS, answer);
    return answer;
  }

  private CallResult call(RpcEndpoint from, Message message) {
    CallResult answer = send(from, message);
    run(100);
    return answer;
  }

  private void run(long ms) {
    network.events().runFor(Duration.ofMillis(ms).toNanos());
  }

  private Acceptance.Status publish(ClusterView view) throws MalformedMessageException {
    return VoteAnswers.readAcceptance(call(m1, new PublishView(view, M1)).result()).status();
  }

  @Test
  void promisesAcceptsAndInstallsWhatManagersShowIt() throws MalformedMessageException {
    CallResult first = call(m1, new AskFirst(asks(M1, 0)));
    assertThat(VoteAnswers.readPreVote(first.result()).granted()).isTrue();
    CallResult promise = call(m1, new RequestTerm(asks(M1, 1)));
    assertThat(VoteAnswers.readPromise(promise.result()).granted()).isTrue();
    assertThat(publish(V1)).isEqualTo(Acceptance.Status.ACCEPTED);
    assertThat(noted).containsExactly(V1);
    assertThat(installs).isEmpty();
    assertThat(voter.isOn()).isFalse();
    assertThat(call(m1, new CommitView(V1, M1)).error()).isNull();
    assertThat(installs).containsExactly("1.1 skips");
    assertThat(voter.isOn()).isTrue();
    assertThat(voter.heard().director()).isEqualTo(M1);
    assertThat(publish(V2)).isEqualTo(Acceptance.Status.ACCEPTED);
    assertThat(publish(V3)).isEqualTo(Acceptance.Status.ACCEPTED);
    assertThat(installs).as("the third proves the second").containsExactly("1.1 skips", "1.2");
  }

  @Test
  void answersAndInstallsWhenTheVoteIsDurable() throws MalformedMessageException {
    disk.setDelayNs(Duration.ofSeconds(1).toNanos());
    CallResult promise = send(m1, new RequestTerm(asks(M1, 1)));
    run(500);
    CallResult repeated = send(m1, new RequestTerm(asks(M1, 1)));
    CallResult shown = send(m1, new CommitView(V1, M1));
    run(400);
    assertThat(promise.isDone()).isFalse();
    assertThat(voter.newest()).as("noted at once").isEqualTo(V1);
    run(200);
    assertThat(VoteAnswers.readPromise(promise.result()).granted()).isTrue();
    assertThat(VoteAnswers.readPromise(repeated.result()).granted()).isFalse();
    assertThat(installs).isEmpty();
    assertThat(shown.isDone()).isFalse();
    run(1000);
    assertThat(shown.error()).isNull();
    assertThat(installs).containsExactly("1.1 skips");
  }

  @Test
  void aCommitIsConfirmedWhenItIsInstalled() {
    installNs = Duration.ofMillis(500).toNanos();
    CallResult shown = call(m1, new CommitView(V1, M1));
    assertThat(installs).containsExactly("1.1 skips");
    assertThat(shown.isDone()).isFalse();
    run(500);
    assertThat(shown.isDone()).isTrue();
    assertThat(shown.error()).isNull();
  }

  @Test
  void aRepeatedQuestionWaitsForTheSameDisk() throws MalformedMessageException {
    disk.setFailing(true);
    CallResult shown = send(m1, new PublishView(V1, M1));
    run(1900);
    CallResult again = send(m1, new PublishView(V1, M1));
    run(100);
    assertThat(shown.error()).isNotNull();
    assertThat(again.isDone()).isFalse();
    disk.setFailing(false);
    run(1000);
    assertThat(VoteAnswers.readAcceptance(again.result()).status())
        .isEqualTo(Acceptance.Status.ACCEPTED);
  }

  @Test
  void hearsADirectorForAsLongAsItIsConnected() throws MalformedMessageException {
    publish(V1);
    CallResult refused = call(m2, new AskFirst(asks(M2, 1)));
    assertThat(VoteAnswers.readPreVote(refused.result()).granted()).isFalse();
    network.kill(M1);
    run(60_000);
    CallResult granted = call(m2, new AskFirst(asks(M2, 1)));
    assertThat(VoteAnswers.readPreVote(granted.result()).granted()).isTrue();
  }

  @Test
  void grantsLeasesToServersThatNameItsNewestView() throws MalformedMessageException {
    publish(V1);
    LeaseRequest none = new LeaseRequest(voter(S2), 1, ClusterView.NONE.id(), CLUSTER);
    LeaseRequest named = new LeaseRequest(voter(S2), 1, V1.id(), CLUSTER);
    CallResult refused = call(s2, new RequestLease(none));
    assertThat(VoteAnswers.readLeaseAnswer(refused.result()).newest()).isEqualTo(V1);
    CallResult granted = call(s2, new RequestLease(named));
    assertThat(VoteAnswers.readLeaseAnswer(granted.result()).granted()).isTrue();
    assertThat(publish(V2)).isEqualTo(Acceptance.Status.WAITING);
    assertThat(call(s2, new ReleaseLease(voter(S2), 1)).error()).isNull();
    assertThat(released).containsExactly(voter(S2));
    assertThat(publish(V2)).isEqualTo(Acceptance.Status.ACCEPTED);
  }

  @Test
  void nobodySpeaksForAnother() {
    LeaseRequest ofOther = new LeaseRequest(voter(S1), 1, V1.id(), CLUSTER);
    assertThat(call(s2, new RequestLease(ofOther)).error()).isNotNull();
    assertThat(call(m1, new RequestLease(ofOther)).error()).isNotNull();
    assertThat(call(m1, new RequestTerm(asks(M2, 1))).error()).isNotNull();
    assertThat(call(s2, new PublishView(V1, S2)).error()).isNotNull();
    assertThat(call(m2, new CommitView(V1, M1)).error()).isNotNull();
    assertThat(voter.newest()).isEqualTo(ClusterView.NONE);
  }

  @Test
  void aProcessThatStartsTakesItsVoteUpAndWaitsForLeasesThatItHasForgotten()
      throws IOException, MalformedMessageException {
    publish(V1);
    network.kill(S1);
    voter = startVoter(V1);
    run(1000);
    assertThat(voter.voteState().process()).isEqualTo(2);
    assertThat(voter.voteState().accepted()).isEqualTo(V1);
    assertThat(publish(V2)).isEqualTo(Acceptance.Status.WAITING);
    run(V1.settings().graceNs() / 1_000_000);
    assertThat(publish(V2)).isEqualTo(Acceptance.Status.ACCEPTED);
  }

  @Test
  void aDirectorAsksItsOwnVoteTheSameWay() {
    List<Object> answers = new ArrayList<>();
    voter.requestTerm(asks(M1, 1), answers::add);
    voter.publish(V1, M1, answers::add);
    assertThat(answers).as("not durable yet").isEmpty();
    voter.commit(V1, M1, () -> answers.add("done"));
    run(1);
    assertThat(answers).hasSize(3).last().isEqualTo("done");
    assertThat(installs).containsExactly("1.1 skips");
    assertThat(disk.kept()).isEqualTo(voter.voteState());
  }
}
