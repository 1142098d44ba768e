package io.kumo.core.view;

import static io.kumo.core.view.SampleViews.M1;
import static io.kumo.core.view.SampleViews.M2;
import static io.kumo.core.view.SampleViews.S1;
import static io.kumo.core.view.SampleViews.S2;
import static io.kumo.core.view.SampleViews.S3;
import static io.kumo.core.view.SampleViews.voter;
import static io.kumo.core.view.SampleViews.voters;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.core.ring.NodeAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VotersTest {
  private static final List<Voters> GROUPS =
      List.of(
          voters(S1),
          voters(S1, S2),
          voters(S1, S2, M1),
          voters(S1, S2, S3, SampleViews.node(14)),
          voters(S1, S2, S3, M1),
          voters(S1, S2, S3, M1, M2),
          voters(S1, S2, S3, SampleViews.node(14), M1, M2));

  private static List<List<Voter>> subsets(Voters group) {
    List<List<Voter>> all = new ArrayList<>();
    for (int bits = 0; bits < 1 << group.members().size(); bits++) {
      List<Voter> subset = new ArrayList<>();
      for (int i = 0; i < group.members().size(); i++) {
        if ((bits >> i & 1) != 0) {
          subset.add(group.members().get(i));
        }
      }
      all.add(subset);
    }
    return all;
  }

  private static boolean meet(List<Voter> one, List<Voter> other) {
    return one.stream().anyMatch(other::contains);
  }

  @Test
  void anyTwoQuorumsHaveAMemberInCommon() {
    for (Voters group : GROUPS) {
      List<List<Voter>> quorums = subsets(group).stream().filter(group::isQuorum).toList();
      assertThat(quorums).isNotEmpty();
      for (List<Voter> one : quorums) {
        assertThat(quorums).allMatch(other -> meet(one, other));
      }
    }
  }

  @Test
  void aLeaseQuorumMeetsEveryQuorumAndNothingLessDoes() {
    for (Voters group : GROUPS) {
      List<List<Voter>> quorums = subsets(group).stream().filter(group::isQuorum).toList();
      for (List<Voter> some : subsets(group)) {
        assertThat(group.meetsEveryQuorum(some))
            .isEqualTo(quorums.stream().allMatch(quorum -> meet(quorum, some)));
      }
    }
  }

  @Test
  void halfOfFourIsEnoughOnlyWithTheTieBreaker() {
    Voters four = voters(S1, S2, S3, M1);
    assertThat(four.isQuorum(List.of(voter(S1), voter(M1)))).isTrue();
    assertThat(four.isQuorum(List.of(voter(S1), voter(S2)))).isFalse();
    assertThat(four.isQuorum(List.of(voter(S1), new Voter(M1, 5)))).isFalse();
    assertThat(voters(S1, M1).isQuorum(List.of(voter(M1)))).isFalse();
  }

  @Test
  void anotherVoterOfAnAddressDoesNotCount() {
    Voters three = voters(S1, S2, S3);
    assertThat(three.isQuorum(List.of(voter(S1), new Voter(S2, 1), new Voter(S3, 1)))).isFalse();
  }

  @Test
  void anAddressVotesOnce() {
    List<Voter> twice = List.of(new Voter(S1, 1), new Voter(S1, 2));
    assertThatThrownBy(() -> new Voters(twice, null)).isInstanceOf(IllegalArgumentException.class);
    List<Voter> one = List.of(voter(S1));
    assertThatThrownBy(() -> new Voters(one, M1)).isInstanceOf(IllegalArgumentException.class);
  }

  private static Map<NodeAddress, Voter> promised(NodeAddress... nodes) {
    Map<NodeAddress, Voter> all = new HashMap<>();
    for (NodeAddress node : nodes) {
      all.put(node, voter(node));
    }
    return all;
  }

  private static Voters choose(
      Voters before, Map<NodeAddress, Voter> promised, NodeAddress... active) {
    return VoterChoice.choose(
        SampleViews.layout(active), List.of(M1, M2), before, promised, List.of());
  }

  @Test
  void thereAreAlwaysFewerManagersThanServers() {
    Map<NodeAddress, Voter> all = promised(S1, S2, S3, M1, M2);
    assertThat(choose(Voters.NONE, all, S1)).isEqualTo(voters(S1));
    assertThat(choose(Voters.NONE, all, S1, S2)).isEqualTo(voters(S1, S2, M1));
    assertThat(choose(Voters.NONE, all, S1, S2, S3)).isEqualTo(voters(S1, S2, S3, M1, M2));
  }

  @Test
  void aVoterThatIsFaultLeavesAndOneThatHasNotPromisedDoesNotCome() {
    Voters all = voters(S1, S2, S3, M1, M2);
    assertThat(choose(all, promised(M1), S1, S3)).isEqualTo(voters(S1, S3, M1));
    assertThat(choose(voters(S1, S2), promised(S1), S1, S2, S3)).isEqualTo(voters(S1, S2));
  }

  @Test
  void aVoterWithANewIdIsAnotherOne() {
    Map<NodeAddress, Voter> promised = promised(S1, S2, M1);
    Voter other = new Voter(S3, 9);
    promised.put(S3, other);
    Voters next = choose(voters(S1, S2, S3, M1), promised, S1, S2, S3);
    assertThat(next.members()).contains(other).doesNotContain(voter(S3));
  }
}
