package io.kumo.manager.healing;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.membership.HealthBook;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BrokenLinksTest {
  private final HealthBook book = new HealthBook(10, 0);

  private static List<NodeAddress> nodes(int... ports) {
    return IntStream.of(ports)
        .mapToObj(port -> NodeAddress.of(new byte[] {127, 0, 0, 1}, port))
        .toList();
  }

  private void cannotHear(int server, int... others) {
    book.reported(nodes(server).get(0), false, nodes(others), 0);
  }

  @Test
  void whereAllReachOneAnotherAllStay() {
    cannotHear(1);
    assertThat(BrokenLinks.victims(nodes(1, 2, 3), book)).isEmpty();
  }

  @Test
  void ofAPairOneGoesThoughOnlyOneHasNoticed() {
    cannotHear(1, 2);
    assertThat(BrokenLinks.victims(nodes(1, 2, 3), book)).isEqualTo(nodes(2));
  }

  @Test
  void theOneWithTheFewestWorkingLinksGoesAlone() {
    cannotHear(2, 1);
    cannotHear(3, 1);
    assertThat(BrokenLinks.victims(nodes(1, 2, 3, 4), book)).isEqualTo(nodes(1));
  }

  @Test
  void asManyGoAsItTakes() {
    cannotHear(1, 2, 3);
    cannotHear(4, 5);
    assertThat(BrokenLinks.victims(nodes(1, 2, 3, 4, 5), book)).isEqualTo(nodes(1, 5));
  }

  @Test
  void whoDoesNotTakePartIsNoReason() {
    cannotHear(1, 9);
    assertThat(BrokenLinks.victims(nodes(1, 2, 3), book)).isEmpty();
  }

  @Test
  void whatIsNotRepeatedIsOverUnlessThisProcessWasPaused() {
    cannotHear(1, 2);
    book.look(9);
    book.look(18);
    assertThat(BrokenLinks.victims(nodes(1, 2, 3), book)).isEqualTo(nodes(2));
    book.look(1000);
    assertThat(BrokenLinks.victims(nodes(1, 2, 3), book)).isEqualTo(nodes(2));
    book.look(1008);
    book.look(1016);
    assertThat(BrokenLinks.victims(nodes(1, 2, 3), book)).isEmpty();
  }

  @Test
  void aPauseOfThisProcessIsNoTimeInWhichItWatched() {
    assertThat(book.look(10)).isEqualTo(10);
    assertThat(book.look(1000)).as("heard of nothing for 990, of which 10 are usual").isEqualTo(20);
    assertThat(book.look(1008)).isEqualTo(28);
  }

  @Test
  void onlyWhatLastsCounts() {
    Lasting<Integer> lasting = new Lasting<>(() -> 10);
    assertThat(lasting.of(List.of(1), 0)).isEmpty();
    assertThat(lasting.of(List.of(1, 2), 9)).isEmpty();
    assertThat(lasting.of(List.of(1, 2), 10)).isEqualTo(Set.of(1));
    assertThat(lasting.of(List.of(2), 15)).isEmpty();
    assertThat(lasting.of(List.of(1, 2), 20)).isEqualTo(Set.of(2));
  }
}
