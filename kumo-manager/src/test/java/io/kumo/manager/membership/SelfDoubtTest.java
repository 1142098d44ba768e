package io.kumo.manager.membership;

import static io.kumo.manager.membership.Addresses.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.membership.SelfDoubt.Judgement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SelfDoubtTest {
  private static final long WINDOW_NS = 6_000_000_000L;
  private static final NodeAddress PARTNER = node(19701);
  private static final List<NodeAddress> THREE = List.of(node(1), node(2), node(3));
  private static final List<NodeAddress> FOUR = List.of(node(1), node(2), node(3), node(4));

  private final SelfDoubt doubt = new SelfDoubt(() -> WINDOW_NS);
  private final Set<NodeAddress> late = new HashSet<>();
  private long nowNs;

  private void silent(NodeAddress... nodes) {
    for (NodeAddress node : nodes) {
      doubt.silent(node, nowNs);
    }
  }

  private Judgement judge(List<NodeAddress> servers, @Nullable NodeAddress partner) {
    return doubt.judge(servers, partner, late::contains, nowNs);
  }

  @Test
  void someSilentServersAreLost() {
    silent(node(1), node(2));
    assertThat(judge(THREE, null)).isEqualTo(Judgement.LOST);
    assertThat(judge(THREE, PARTNER)).isEqualTo(Judgement.LOST);
    assertThat(doubt.isDoubting()).isFalse();
  }

  @Test
  void whoHearsNoServerDoubtsItself() {
    silent(node(1), node(2), node(3));
    assertThat(judge(THREE, null)).isEqualTo(Judgement.DOUBTED);
    assertThat(doubt.isDoubting()).isTrue();
  }

  @Test
  void whoHearsNeitherItsPartnerNorHalfOfTheServersDoubtsItself() {
    silent(PARTNER, node(1));
    assertThat(judge(FOUR, PARTNER)).isEqualTo(Judgement.LOST);
    silent(node(2));
    assertThat(judge(FOUR, PARTNER)).isEqualTo(Judgement.DOUBTED);
  }

  @Test
  void withoutItsPartnerAloneItJudgesAsEver() {
    silent(PARTNER);
    assertThat(judge(THREE, PARTNER)).isEqualTo(Judgement.LOST);
    silent(node(1));
    assertThat(judge(THREE, PARTNER)).isEqualTo(Judgement.LOST);
  }

  @Test
  void aSilenceOfLongAgoHasAnotherCause() {
    silent(PARTNER);
    nowNs += WINDOW_NS + 1;
    silent(node(1), node(2));
    assertThat(judge(THREE, PARTNER)).isEqualTo(Judgement.LOST);
  }

  @Test
  void nothingIsSaidOfTheFirstWhileOthersAreLateToo() {
    silent(node(1));
    late.addAll(List.of(node(2), node(3)));
    assertThat(judge(THREE, null)).isEqualTo(Judgement.OPEN);
    late.remove(node(3));
    assertThat(judge(THREE, null)).isEqualTo(Judgement.LOST);
  }

  @Test
  void theDeadDoNotSpeakForTheSilent() {
    silent(node(3));
    assertThat(judge(List.of(node(3)), null)).isEqualTo(Judgement.DOUBTED);
  }

  @Test
  void doubtLastsUntilOneOfThemIsHeard() {
    silent(node(1), node(2), node(3));
    judge(THREE, null);
    nowNs += 100 * WINDOW_NS;
    assertThat(judge(THREE, null)).isEqualTo(Judgement.DOUBTED);
    assertThat(doubt.known(node(4))).isFalse();
    assertThat(doubt.isDoubting()).isTrue();
    assertThat(doubt.known(node(2))).isTrue();
    assertThat(doubt.isDoubting()).isFalse();
    assertThat(doubt.silentNodes()).containsExactlyInAnyOrder(node(1), node(3));
  }

  @Test
  void forgettingEndsItToo() {
    silent(node(1), node(2), node(3));
    judge(THREE, null);
    doubt.forget();
    assertThat(doubt.isDoubting()).isFalse();
    assertThat(doubt.silentNodes()).isEmpty();
  }
}
