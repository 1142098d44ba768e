package io.kumo.manager.election;

import static io.kumo.manager.membership.Addresses.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PartnerSyncTest {
  private static final long PATIENCE_NS = 100;

  private final PartnerSync lower = new PartnerSync(node(1), node(2), () -> PATIENCE_NS, 0);
  private final PartnerSync upper = new PartnerSync(node(2), node(1), () -> PATIENCE_NS, 0);

  @Test
  void aManagerWithoutPartnerDirects() {
    assertThat(new PartnerSync(node(1), null, () -> PATIENCE_NS, 0).directs()).isTrue();
  }

  @Test
  void nobodyDirectsBeforeThePartnerHasBeenHeardOrWaitedFor() {
    assertThat(lower.directs()).isFalse();
    lower.connected(true, 10);
    assertThat(lower.directs()).isFalse();
    lower.received(20);
    assertThat(lower.directs()).isTrue();
    assertThat(upper.tick(99)).isFalse();
    assertThat(upper.tick(100)).isTrue();
    assertThat(upper.directs()).isTrue();
  }

  @Test
  void ofTwoInTouchTheLowerAddressDirects() {
    upper.connected(true, 10);
    upper.received(20);
    assertThat(upper.directs()).isFalse();
    upper.disconnected(30);
    assertThat(upper.directs()).isTrue();
    upper.connected(true, 40);
    assertThat(upper.directs()).isFalse();
  }

  @Test
  void besideAnOriginalPartnerBothAct() {
    upper.connected(false, 10);
    upper.received(20);
    assertThat(upper.directs()).isTrue();
  }

  @Test
  void aPartnerThatConnectsAndSaysNothingIsNotWaitedForForEver() {
    lower.connected(true, 10);
    assertThat(lower.tick(109)).isFalse();
    assertThat(lower.tick(110)).isTrue();
    assertThat(lower.directs()).isTrue();
  }

  @Test
  void aManagerIsNotItsOwnPartner() {
    assertThatThrownBy(() -> new PartnerSync(node(1), node(1), () -> PATIENCE_NS, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
