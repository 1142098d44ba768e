package io.kumo.server.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.testing.Draw;
import io.kumo.core.testing.Tries;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.SampleViews;
import io.kumo.core.view.Voters;
import io.kumo.core.vote.ClockReading;
import io.kumo.core.vote.Lease;
import io.kumo.core.vote.LeaseHolder;
import io.kumo.core.vote.VoteRules;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaseSpanTest {
  private static final ClusterView V1 = SampleViews.first();
  private static final Voters OTHERS =
      SampleViews.voters(SampleViews.S1, SampleViews.S2, SampleViews.M2);
  private static final ClusterView V2 = V1.next(OTHERS, V1.electorate().managers());

  private static ClockReading reading(Draw draw) {
    return new ClockReading(draw.between(0, 5000) * 1_000_000L, draw.between(0, 5000));
  }

  private static Lease lease(Draw draw) {
    Lease lease = Lease.NONE;
    for (int i = draw.between(0, 12); i > 0; i--) {
      lease = lease.granted(V1.voters().members().get(draw.between(0, 4)), reading(draw));
    }
    return lease;
  }

  @Test
  void neverLastsLongerThanTheLeasesThatItIsMadeOf() {
    Tries.of(
        Tries.MANY,
        draw -> {
          Lease lease = lease(draw);
          ClusterView noted = draw.yes() ? V1 : V2;
          LeaseHolder holder = new LeaseHolder(VoteRules.SOUND, SampleViews.S1, V1, noted, lease);
          LeaseSpan span = LeaseSpan.of(lease, V1, noted);
          for (int i = 0; i < 20; i++) {
            ClockReading now = reading(draw);
            if (span.contains(now.nanos(), now.unixMs())) {
              assertThat(holder.hasLease(now)).isTrue();
            }
          }
        });
  }

  @Test
  void lastsAsLongAsTheLeasesOfOneRound() {
    ClockReading sent = new ClockReading(1_000_000_000L, 500);
    Lease lease = Lease.NONE;
    for (int i = 0; i < 3; i++) {
      assertThat(LeaseSpan.of(lease, V1, V1)).isEqualTo(LeaseSpan.NONE);
      lease = lease.granted(V1.voters().members().get(i), sent);
    }
    LeaseSpan span = LeaseSpan.of(lease, V1, V1);
    assertThat(span.contains(1_000_000_000L, 500)).isTrue();
    assertThat(span.contains(2_999_999_999L, 2499)).isTrue();
    assertThat(span.contains(3_000_000_000L, 2499)).as("a whole lease later").isFalse();
    assertThat(span.contains(2_000_000_000L, 2500)).as("the machine was suspended").isFalse();
    assertThat(span.contains(2_000_000_000L, 499)).as("the clock was set back").isFalse();
  }

  @Test
  void aNewerRoundTakesThePlaceOfTheOneBefore() {
    Lease lease = Lease.NONE;
    for (ClockReading sent : List.of(new ClockReading(0, 0), new ClockReading(500_000_000L, 500))) {
      for (int i = 0; i < 3; i++) {
        lease = lease.granted(V1.voters().members().get(i), sent);
      }
    }
    assertThat(LeaseSpan.of(lease, V1, V1)).isEqualTo(new LeaseSpan(2_500_000_000L, 500, 2500));
  }

  @Test
  void beforeTheFirstViewIsInstalledItsOwnVotersAreEnough() {
    Lease lease = Lease.NONE;
    for (int i = 0; i < 3; i++) {
      lease = lease.granted(V1.voters().members().get(i), new ClockReading(0, 0));
    }
    assertThat(LeaseSpan.of(lease, ClusterView.NONE, V1)).isNotEqualTo(LeaseSpan.NONE);
    assertThat(LeaseSpan.of(lease, ClusterView.NONE, ClusterView.NONE)).isEqualTo(LeaseSpan.NONE);
  }
}
