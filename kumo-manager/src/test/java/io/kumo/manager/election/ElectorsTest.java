package io.kumo.manager.election;

import static io.kumo.manager.membership.Addresses.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.view.ClusterId;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.Electorate;
import io.kumo.core.view.ViewFlush;
import io.kumo.core.view.ViewId;
import io.kumo.core.view.ViewLayout;
import io.kumo.core.view.ViewSettings;
import io.kumo.core.view.Voter;
import io.kumo.core.view.Voters;
import java.util.List;
import org.junit.jupiter.api.Test;

class ElectorsTest {
  private final Electors electors = new Electors();

  private static Voter voter(int port, long id) {
    return new Voter(node(port), id);
  }

  /** Two servers and a manager vote on it; server 3 voted on the one before. */
  private static ClusterView view() {
    Voters voters = new Voters(List.of(voter(1, 1), voter(2, 2), voter(100, 100)), null);
    Voters former = new Voters(List.of(voter(3, 3)), null);
    return new ClusterView(
        new ViewId(1, 2),
        new ClusterId(7, 0),
        ViewLayout.EMPTY,
        ViewFlush.NONE,
        ViewSettings.DEFAULT,
        new Electorate(voters, former, List.of(node(100)), List.of(node(100))));
  }

  @Test
  void aViewIsDeadWhenEachServerThatVotesOnItHasLostItsVote() {
    electors.heard(node(1), voter(1, 11));
    electors.heard(node(2), voter(2, 12));
    assertThat(electors.isDead(view())).isFalse();
    electors.heard(node(3), voter(3, 13));
    assertThat(electors.isDead(view())).isTrue();
    electors.lost(node(3));
    assertThat(electors.isDead(view())).isFalse();
    electors.heard(node(3), voter(3, 3));
    assertThat(electors.isDead(view())).isFalse();
  }

  @Test
  void noViewIsNotDead() {
    assertThat(electors.isDead(ClusterView.NONE)).isFalse();
  }
}
