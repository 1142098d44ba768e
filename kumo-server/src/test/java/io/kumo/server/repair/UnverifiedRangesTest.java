package io.kumo.server.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UnverifiedRangesTest {
  private static final NodeAddress A = address(1);
  private static final NodeAddress B = address(2);
  private static final NodeAddress C = address(3);

  private final HashSpace all =
      HashSpace.of(List.of(new Node(A, true), new Node(B, true), new Node(C, true)), 1);
  private final UnverifiedRanges ranges = new UnverifiedRanges(A, all);

  @Test
  void aProcessThatStartsHasVerifiedNoKey() {
    assertThat(ranges.contains(1)).isTrue();
    ranges.verified(1);
    assertThat(ranges.contains(1)).isFalse();
    assertThat(ranges.contains(2)).isTrue();
  }

  @Test
  void aVerifiedProcessHasToAskOnlyAboutWhatItGainsByAChangeThatItSaw() {
    ranges.allVerified();
    HashSpace without = all.withFault(B, 2);
    ranges.changed(without, true);
    Random random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      long hash = random.nextLong();
      if (A.equals(without.coordinator(hash))) {
        assertThat(ranges.contains(hash)).isEqualTo(!A.equals(all.coordinator(hash)));
      }
    }
  }

  @Test
  void whoHasLostRecordsHasVerifiedNoKey() {
    ranges.verified(1);
    ranges.doubtAll();
    assertThat(ranges.contains(1)).isTrue();
    ranges.allVerified();
    ranges.doubtAll();
    assertThat(ranges.contains(1)).isTrue();
  }

  @Test
  void whoMissedAChangeHasVerifiedNoKey() {
    ranges.allVerified();
    assertThat(ranges.isEmpty()).isTrue();
    ranges.changed(all.withClockTime(5), false);
    assertThat(ranges.contains(42)).isTrue();
  }

  @Test
  void aKeyVerifiedAndLostAndGainedIsUnverifiedAgain() {
    ranges.allVerified();
    long hash = hashOf(A);
    ranges.changed(all.withFault(A, 2), true);
    ranges.changed(all.withClockTime(3), true);
    assertThat(ranges.contains(hash)).isTrue();
    ranges.verified(hash);
    ranges.changed(all.withFault(A, 4), true);
    ranges.changed(all.withClockTime(5), true);
    assertThat(ranges.contains(hash)).isTrue();
  }

  @Test
  void aKeyInDoubtIsUnverifiedUntilItIsRecovered() {
    ranges.allVerified();
    ranges.add(9);
    assertThat(ranges.isEmpty()).isFalse();
    assertThat(ranges.contains(9)).isTrue();
    assertThat(ranges.contains(10)).isFalse();
    ranges.verified(9);
    assertThat(ranges.isEmpty()).isTrue();
  }

  @Test
  void aKeyInDoubtThatAnotherCoordinatesNowIsItsToRecover() {
    ranges.allVerified();
    long hash = hashOf(A);
    ranges.add(hash);
    ranges.changed(all.withFault(A, 2), true);
    ranges.allVerified();
    assertThat(ranges.isEmpty()).isTrue();
  }

  @Test
  void ofTooManyKeysInDoubtNoneIsForgotten() {
    ranges.allVerified();
    for (long hash = 0; hash < UnverifiedRanges.MAX_SUSPECT; hash++) {
      assertThat(ranges.add(hash)).isTrue();
    }
    assertThat(ranges.add(7)).isTrue();
    assertThat(ranges.contains(-1)).isFalse();
    assertThat(ranges.add(-1)).isFalse();
    assertThat(ranges.contains(-1)).isTrue();
    assertThat(ranges.contains(7)).isTrue();
  }

  private long hashOf(NodeAddress coordinator) {
    Random random = new Random(2);
    long hash = random.nextLong();
    while (!coordinator.equals(all.coordinator(hash))) {
      hash = random.nextLong();
    }
    return hash;
  }

  private static NodeAddress address(int last) {
    return NodeAddress.of(new byte[] {127, 0, 0, (byte) last}, 19800);
  }
}
