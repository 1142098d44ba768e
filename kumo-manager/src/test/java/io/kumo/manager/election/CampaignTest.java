package io.kumo.manager.election;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CampaignTest {
  private static final long LEASE_NS = 2_000;

  private final Campaign campaign = new Campaign(new Random(1), 0);

  @Test
  void theFirstManagerAsksAtOnceAndTheOtherOneLeaseAfterADirectorWasHeard() {
    campaign.heard(100);
    assertThat(campaign.isDue(0, LEASE_NS, 100)).isTrue();
    assertThat(campaign.isDue(1, LEASE_NS, 100 + LEASE_NS - 1)).isFalse();
    assertThat(campaign.isDue(1, LEASE_NS, 100 + LEASE_NS)).isTrue();
  }

  @Test
  void afterATryThatFailedBothPauseForARandomTime() {
    campaign.failed(LEASE_NS, 1000);
    assertThat(campaign.isDue(0, LEASE_NS, 1000 + LEASE_NS / 4 - 1)).isFalse();
    assertThat(campaign.mayTry(1000 + LEASE_NS / 4 - 1)).isFalse();
    assertThat(campaign.isDue(0, LEASE_NS, 1000 + LEASE_NS + LEASE_NS / 4)).isTrue();
  }

  @Test
  void anotherManagersTermsAreOutbidAFewTimesInARow() {
    assertThat(campaign.mayOutbid()).isTrue();
    assertThat(campaign.mayOutbid()).isTrue();
    assertThat(campaign.mayOutbid()).isFalse();
    campaign.begun();
    assertThat(campaign.mayOutbid()).isTrue();
  }
}
