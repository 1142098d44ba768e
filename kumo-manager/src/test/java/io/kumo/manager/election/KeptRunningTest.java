package io.kumo.manager.election;

import static io.kumo.manager.membership.Addresses.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.manager.election.KeptRunning.Installed;
import io.kumo.manager.membership.ServerInfo;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KeptRunningTest {
  /** The second process of each. */
  private static boolean runs(NodeAddress server, ServerInfo process) {
    return process.incarnation() == 2;
  }

  private static Installed servedBy(long clockTime, Integer... servers) {
    return new Installed(spaces(clockTime, servers), processes(2));
  }

  private static Map<NodeAddress, ServerInfo> processes(long incarnation) {
    ServerInfo info = new ServerInfo(0, incarnation);
    return Map.of(node(1), info, node(2), info, node(3), info);
  }

  private static HashSpaces spaces(long clockTime, Integer... servers) {
    Set<Integer> active = new TreeSet<>(List.of(servers));
    List<Node> nodes =
        Stream.of(1, 2, 3).map(number -> new Node(node(number), active.contains(number))).toList();
    HashSpace space = HashSpace.of(nodes, clockTime);
    return new HashSpaces(space, space);
  }

  @Test
  void whoWasTakenOutBeforeTheOthersKnewItHasAllThatTheyHad() {
    List<Installed> shown = List.of(servedBy(7, 1, 2));
    assertThat(KeptRunning.beside(Set.of(node(1)), shown, KeptRunningTest::runs)).contains(node(2));
    assertThat(KeptRunning.beside(Set.of(node(1)), shown, (server, process) -> false)).isEmpty();
  }

  @Test
  void whoHadCrashedBeforeAViewNamedItsProcessHasNotAllOfIt() {
    List<Installed> shown = List.of(new Installed(spaces(7, 1, 2), processes(1)));
    assertThat(KeptRunning.beside(Set.of(node(1)), shown, KeptRunningTest::runs)).isEmpty();
    List<Installed> unknown = List.of(new Installed(spaces(7, 1, 2), Map.of()));
    assertThat(KeptRunning.beside(Set.of(node(1)), unknown, KeptRunningTest::runs)).isEmpty();
  }

  @Test
  void whoWasTakenOutWhenOneOfTheOthersKnewItMayHaveMissedSomething() {
    Set<NodeAddress> anew = Set.of(node(1), node(3));
    List<Installed> shown = List.of(servedBy(7, 1, 2, 3), servedBy(8, 1, 3));
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
    List<Installed> shown = List.of(servedBy(7, 1, 2, 3));
    assertThat(KeptRunning.beside(Set.of(node(1)), shown, KeptRunningTest::runs)).isEmpty();
  }

  @Test
  void whoWasStillBeingFilledHasNotAllOfIt() {
    HashSpaces moving = new HashSpaces(spaces(8, 1, 2).write(), spaces(7, 1).read());
    Installed filling = new Installed(moving, processes(2));
    assertThat(KeptRunning.beside(Set.of(node(1)), List.of(filling), KeptRunningTest::runs))
        .isEmpty();
  }
}
