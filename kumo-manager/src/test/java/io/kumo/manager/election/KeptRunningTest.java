package io.kumo.manager.election;

import static io.kumo.manager.membership.Addresses.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KeptRunningTest {
  private static boolean runs(NodeAddress server) {
    return server.compareTo(node(9)) < 0;
  }

  private static HashSpaces servedBy(long clockTime, Integer... servers) {
    Set<Integer> active = new TreeSet<>(List.of(servers));
    List<Node> nodes =
        Stream.of(1, 2, 3).map(number -> new Node(node(number), active.contains(number))).toList();
    HashSpace space = HashSpace.of(nodes, clockTime);
    return new HashSpaces(space, space);
  }

  @Test
  void whoWasTakenOutBeforeTheOthersKnewItHasAllThatTheyHad() {
    List<HashSpaces> shown = List.of(servedBy(7, 1, 2));
    assertThat(KeptRunning.beside(Set.of(node(1)), shown, KeptRunningTest::runs)).contains(node(2));
    assertThat(KeptRunning.beside(Set.of(node(1)), shown, server -> false)).isEmpty();
  }

  @Test
  void whoWasTakenOutWhenOneOfTheOthersKnewItMayHaveMissedSomething() {
    Set<NodeAddress> anew = Set.of(node(1), node(3));
    List<HashSpaces> shown = List.of(servedBy(7, 1, 2, 3), servedBy(8, 1, 3));
    assertThat(KeptRunning.beside(anew, shown, KeptRunningTest::runs)).isEmpty();
  }

  @Test
  void nobodyIsFoundBeforeAllHaveShownWhatTheyHadInstalled() {
    Set<NodeAddress> anew = Set.of(node(1), node(3));
    assertThat(KeptRunning.beside(anew, List.of(servedBy(7, 1, 2, 3)), KeptRunningTest::runs))
        .isEmpty();
    assertThat(KeptRunning.beside(Set.of(), List.of(), KeptRunningTest::runs)).isEmpty();
  }

  @Test
  void ofTwoThatWereTakenOutOneMayHaveGoneOnWithoutTheOther() {
    List<HashSpaces> shown = List.of(servedBy(7, 1, 2, 3));
    assertThat(KeptRunning.beside(Set.of(node(1)), shown, KeptRunningTest::runs)).isEmpty();
  }

  @Test
  void whoWasStillBeingFilledHasNotAllOfIt() {
    HashSpaces filling = new HashSpaces(servedBy(8, 1, 2).write(), servedBy(7, 1).read());
    assertThat(KeptRunning.beside(Set.of(node(1)), List.of(filling), KeptRunningTest::runs))
        .isEmpty();
  }
}
