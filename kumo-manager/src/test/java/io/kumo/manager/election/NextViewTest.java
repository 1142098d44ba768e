package io.kumo.manager.election;

import static io.kumo.manager.membership.Addresses.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterId;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.OpenRebalance;
import io.kumo.core.view.StandingOrders;
import io.kumo.core.view.ViewFlush;
import io.kumo.core.view.ViewId;
import io.kumo.core.view.ViewLayout;
import io.kumo.core.view.Voter;
import io.kumo.manager.election.NextView.Wanted;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NextViewTest {
  private static final NodeAddress MANAGER = node(100);
  private static final NodeAddress PARTNER = node(101);
  private static final Map<NodeAddress, Voter> ALL = voters(1, 2, 3, 100, 101);

  private static Map<NodeAddress, Voter> voters(int... ports) {
    Map<NodeAddress, Voter> voters = new TreeMap<>();
    IntStream.of(ports).forEach(port -> voters.put(node(port), new Voter(node(port), port)));
    return voters;
  }

  /** Of three servers, of whom those with these ports are active. */
  private static Wanted wanted(long clockTime, Integer... active) {
    List<Node> nodes =
        IntStream.rangeClosed(1, 3)
            .mapToObj(port -> new Node(node(port), List.of(active).contains(port)))
            .toList();
    HashSpace write = HashSpace.of(nodes, clockTime);
    ViewLayout layout =
        new ViewLayout(new HashSpaces(write, write), List.of(), OpenRebalance.NONE, 0);
    return new Wanted(
        layout, ViewFlush.NONE, false, StandingOrders.NONE, List.of(PARTNER, MANAGER));
  }

  private static ClusterView first() {
    return NextView.first(4, new ClusterId(77, 0), wanted(10, 1, 2, 3), ALL);
  }

  @Test
  void theFirstViewNamesServersAndManagersAndHasNoFormerVoters() {
    ClusterView view = first();
    assertThat(view.id()).isEqualTo(new ViewId(4, 1));
    assertThat(view.cluster().id()).isEqualTo(77);
    assertThat(view.formerVoters().isNone()).isTrue();
    assertThat(view.voters().members()).hasSize(5);
    assertThat(view.electorate().managers()).containsExactly(MANAGER, PARTNER);
  }

  @Test
  void nothingFollowsWhenNothingHasChanged() {
    assertThat(NextView.after(first(), wanted(10, 1, 2, 3), ALL, List.of())).isEmpty();
  }

  @Test
  void aServerThatIsFaultVotesNoMoreAndThoseBeforeAreTheFormerVoters() {
    ClusterView next = NextView.after(first(), wanted(11, 1, 2), ALL, List.of()).orElseThrow();
    assertThat(next.id()).isEqualTo(new ViewId(4, 2));
    assertThat(next.voters().members())
        .containsExactlyInAnyOrderElementsOf(voters(1, 2, 100).values());
    assertThat(next.formerVoters()).isEqualTo(first().voters());
  }

  @Test
  void aChangeOfVotersIsFollowedByAViewThatLetsThoseBeforeGo() {
    ClusterView changed = NextView.after(first(), wanted(11, 1, 2), ALL, List.of()).orElseThrow();
    ClusterView next = NextView.after(changed, wanted(11, 1, 2), ALL, List.of()).orElseThrow();
    assertThat(next.formerVoters()).isEqualTo(changed.voters());
    assertThat(next.voters()).isEqualTo(changed.voters());
    assertThat(next.layout()).isEqualTo(changed.layout());
    assertThat(NextView.after(next, wanted(11, 1, 2), ALL, List.of())).isEmpty();
  }

  @Test
  void aManagerThatIsLostMakesRoomThoughNothingElseHasChanged() {
    ClusterView next =
        NextView.after(first(), wanted(10, 1, 2, 3), ALL, List.of(PARTNER)).orElseThrow();
    assertThat(next.voters().find(PARTNER)).isEmpty();
    assertThat(next.electorate().managers()).containsExactly(MANAGER, PARTNER);
  }

  @Test
  void aVoterWithANewIdIsAnotherOne() {
    Map<NodeAddress, Voter> promised = new TreeMap<>(ALL);
    promised.put(node(2), new Voter(node(2), 99));
    ClusterView next =
        NextView.after(first(), wanted(10, 1, 2, 3), promised, List.of()).orElseThrow();
    assertThat(next.voters().find(node(2))).contains(new Voter(node(2), 99));
  }

  @Test
  void whenNoServerIsActiveThoseBeforeGoOnDeciding() {
    ClusterView next = NextView.after(first(), wanted(11), ALL, List.of()).orElseThrow();
    assertThat(next.voters()).isEqualTo(first().voters());
  }
}
