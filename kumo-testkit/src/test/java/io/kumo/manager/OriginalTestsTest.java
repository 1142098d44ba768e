package io.kumo.manager;

import static io.kumo.testkit.cluster.MemoryCluster.LOWER;
import static io.kumo.testkit.cluster.MemoryCluster.UPPER;
import static io.kumo.testkit.cluster.MemoryCluster.serverAddress;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.ring.NodeAddress;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The regression tests of kumofs, rt/01 to rt/09, two rounds each, ten where tests are scaled: a
 * server that is started again has lost its store, and everything that was stored is there all the
 * time.
 */
class OriginalTestsTest {
  private static final int ROUNDS = Math.min(10, 2 * Integer.getInteger("kumo.test.scale", 1));

  private final Random random = new Random(1);

  private static NodeAddress[] servers(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(number -> serverAddress(number))
        .toArray(NodeAddress[]::new);
  }

  private void killEmptied(VotedCluster voted, NodeAddress... servers) {
    voted.kill(servers);
    List.of(servers).forEach(voted.cluster::dropStore);
    voted.set("key" + random.nextInt(VotedCluster.KEYS), "round " + voted.cluster.nowMs());
  }

  private static void startAndAttach(VotedCluster voted, NodeAddress server) {
    voted.start(server);
    voted.attach();
  }

  /** 01, 03 and 04: one server, or two at once, and back one after the other. */
  @ParameterizedTest
  @CsvSource({"1, 1", "1, 2", "2, 2"})
  void killedServersComeBackEmptyAndAreFilled(int managers, int killed)
      throws MalformedMessageException {
    VotedCluster voted = new VotedCluster(managers);
    voted.startAttached(3);
    for (int round = 0; round < ROUNDS; round++) {
      int first = random.nextInt(3);
      NodeAddress[] victims =
          IntStream.range(0, killed)
              .mapToObj(i -> serverAddress(1 + (first + i) % 3))
              .toArray(NodeAddress[]::new);
      killEmptied(voted, victims);
      for (NodeAddress victim : victims) {
        startAndAttach(voted, victim);
      }
      voted.assertAllThere();
      voted.assertActive(servers(3));
    }
  }

  /** 02. */
  @Test
  void aManagerThatIsKilledComesBack() throws MalformedMessageException {
    VotedCluster voted = new VotedCluster(2);
    voted.startAttached(3);
    for (int round = 0; round < ROUNDS; round++) {
      NodeAddress manager = random.nextBoolean() ? LOWER : UPPER;
      voted.kill(manager);
      voted.set("key1", "round " + round);
      voted.start(manager);
      voted.cluster.runMillis(1000 + random.nextInt(9000));
      voted.assertAllThere();
    }
    voted.assertActive(servers(3));
  }

  /** 05 and 06. */
  @ParameterizedTest
  @CsvSource({"true", "false"})
  void aManagerAndAServerComeBack(boolean managerFirst) throws MalformedMessageException {
    VotedCluster voted = new VotedCluster(2);
    voted.startAttached(3);
    for (int round = 0; round < ROUNDS; round++) {
      NodeAddress manager = random.nextBoolean() ? LOWER : UPPER;
      NodeAddress server = serverAddress(1 + random.nextInt(3));
      voted.kill(manager);
      killEmptied(voted, server);
      voted.start(managerFirst ? manager : server);
      voted.cluster.runMillis(random.nextInt(3000));
      voted.start(managerFirst ? server : manager);
      voted.attach();
      voted.assertAllThere();
      voted.assertActive(servers(3));
    }
  }

  /** 07 and 08, where those that a later kill leaves with records are not emptied. */
  @ParameterizedTest
  @CsvSource({"3", "6"})
  void anotherServerDiesWhileOneIsFilled(int count) throws MalformedMessageException {
    VotedCluster voted = new VotedCluster(2);
    voted.startAttached(count);
    for (int round = 0; round < ROUNDS; round++) {
      int first = random.nextInt(count);
      NodeAddress one = serverAddress(1 + first);
      NodeAddress other = serverAddress(1 + (first + 1) % count);
      killEmptied(voted, one);
      voted.start(one);
      voted.beginAttach();
      voted.cluster.runMillis(random.nextInt(100));
      killEmptied(voted, other);
      voted.start(other);
      voted.attach();
      voted.assertAllThere();
      voted.assertActive(servers(count));
    }
  }

  /** 09. */
  @Test
  void whoComparesWithAnOlderVersionIsRefusedAfterEachRestart() throws MalformedMessageException {
    VotedCluster voted = new VotedCluster(1);
    voted.startAttached(3);
    for (int round = 0; round < ROUNDS; round++) {
      voted.compareAndSetTwice("round " + round);
      NodeAddress server = serverAddress(1 + random.nextInt(3));
      killEmptied(voted, server);
      startAndAttach(voted, server);
      voted.assertAllThere();
    }
  }

  /** The command lines of the original's documentation, with fewer of each, too. */
  @ParameterizedTest
  @CsvSource({"1, 1", "1, 2", "1, 3", "2, 1", "2, 2", "2, 3"})
  void managersOrEverythingMayBeKilledAndStartedAgain(int managers, int count)
      throws MalformedMessageException {
    VotedCluster voted = new VotedCluster(managers);
    voted.startAttached(count);
    NodeAddress[] pair =
        managers == 1 ? new NodeAddress[] {LOWER} : new NodeAddress[] {LOWER, UPPER};
    for (NodeAddress manager : pair) {
      voted.kill(manager);
      voted.cluster.runMillis(3000);
      voted.start(manager);
      voted.cluster.runMillis(8000);
      voted.set("key1", "without " + manager);
    }
    voted.kill(pair);
    voted.cluster.runMillis(3000);
    List.of(pair).forEach(voted::start);
    voted.cluster.runMillis(8000);
    voted.set("key2", "without managers");
    voted.kill(pair);
    voted.kill(servers(count));
    List.of(servers(count)).forEach(voted::start);
    voted.cluster.runMillis(2000);
    List.of(pair).forEach(voted::start);
    voted.cluster.runMillis(15_000);
    voted.set("key3", "after everything");
    voted.assertAllThere();
    voted.assertActive(servers(count));
  }
}
