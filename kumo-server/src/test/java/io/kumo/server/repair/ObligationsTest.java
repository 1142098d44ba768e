package io.kumo.server.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ObligationsTest {
  private static final NodeAddress A = address(1);
  private static final NodeAddress B = address(2);
  private static final NodeAddress C = address(3);

  private final HashSpace all =
      HashSpace.of(List.of(new Node(A, true), new Node(B, true), new Node(C, true)), 1);
  private final Obligations obligations = new Obligations(A, all);

  @Test
  void aProcessThatStartsOwesEveryKey() {
    assertThat(obligations.owes(1)).isTrue();
    obligations.fetched(1);
    assertThat(obligations.owes(1)).isFalse();
    assertThat(obligations.owes(2)).isTrue();
  }

  @Test
  void aSettledProcessOwesOnlyWhatItGainsByAChangeThatItSaw() {
    obligations.settled();
    HashSpace without = all.withFault(B, 2);
    obligations.changed(without, true);
    Random random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      long hash = random.nextLong();
      if (A.equals(without.coordinator(hash))) {
        assertThat(obligations.owes(hash)).isEqualTo(!A.equals(all.coordinator(hash)));
      }
    }
  }

  @Test
  void whoMissedAChangeOwesEveryKey() {
    obligations.settled();
    assertThat(obligations.none()).isTrue();
    obligations.changed(all.withClockTime(5), false);
    assertThat(obligations.owes(42)).isTrue();
  }

  @Test
  void aKeyFetchedAndLostAndGainedIsOwedAgain() {
    obligations.settled();
    long hash = hashOf(A);
    obligations.changed(all.withFault(A, 2), true);
    obligations.changed(all.withClockTime(3), true);
    assertThat(obligations.owes(hash)).isTrue();
    obligations.fetched(hash);
    obligations.changed(all.withFault(A, 4), true);
    obligations.changed(all.withClockTime(5), true);
    assertThat(obligations.owes(hash)).isTrue();
  }

  @Test
  void aKeyInDoubtIsOwedUntilItIsFetched() {
    obligations.settled();
    obligations.suspect(9);
    assertThat(obligations.none()).isFalse();
    assertThat(obligations.owes(9)).isTrue();
    assertThat(obligations.owes(10)).isFalse();
    obligations.fetched(9);
    assertThat(obligations.none()).isTrue();
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
