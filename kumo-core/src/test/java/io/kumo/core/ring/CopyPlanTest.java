package io.kumo.core.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.testing.Draw;
import io.kumo.core.testing.Tries;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CopyPlanTest {
  private static NodeAddress node(int number) {
    return NodeAddress.of(new byte[] {10, 0, 0, (byte) number}, 19800);
  }

  private static HashSpace space(long clockTime, Node... nodes) {
    return HashSpace.of(List.of(nodes), clockTime);
  }

  private static HashSpace active(int count) {
    List<Node> nodes = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      nodes.add(new Node(node(i), true));
    }
    return HashSpace.of(nodes, count);
  }

  /** A cluster in the middle of any change: some nodes fault, some new, some recovered. */
  private static HashSpaces randomSpaces(Random random, int nodeCount) {
    List<Node> read = new ArrayList<>();
    List<Node> write = new ArrayList<>();
    for (int i = 1; i <= nodeCount; i++) {
      boolean activeBefore = random.nextInt(4) != 0;
      if (random.nextInt(5) != 0) {
        read.add(new Node(node(i), activeBefore));
      }
      if (random.nextInt(5) != 0) {
        write.add(new Node(node(i), random.nextInt(4) != 0));
      }
    }
    return new HashSpaces(HashSpace.of(write, 2), HashSpace.of(read, 1));
  }

  @Test
  void everyLackingServerGetsEachRecordFromExactlyOneOwnerThatIsLeft() {
    Tries.of(300, CopyPlanTest::everyLackingServerGetsEachRecordFromExactlyOneOwnerThatIsLeft);
  }

  private static void everyLackingServerGetsEachRecordFromExactlyOneOwnerThatIsLeft(Draw draw) {
    Random random = new Random(draw.anyLong());
    int nodeCount = draw.between(1, 8);
    HashSpaces spaces = randomSpaces(random, nodeCount);
    List<CopyPlan> plans = new ArrayList<>();
    for (int i = 1; i <= nodeCount; i++) {
      plans.add(new CopyPlan(spaces, false, node(i)));
    }
    for (int k = 0; k < 50; k++) {
      long hash = random.nextLong();
      List<NodeAddress> lacking = new ArrayList<>(spaces.write().activeReplicas(hash));
      lacking.removeAll(spaces.read().activeReplicas(hash));
      boolean ownerLeft =
          spaces.read().activeReplicas(hash).stream().anyMatch(spaces.write()::isActive);
      List<NodeAddress> given = new ArrayList<>();
      plans.stream().filter(p -> !p.isEmpty()).forEach(p -> given.addAll(p.targets(hash)));
      assertThat(given).containsExactlyInAnyOrderElementsOf(ownerLeft ? lacking : List.of());
    }
  }

  @Test
  void noTargetIsMissingFromTheListOfAll() {
    Tries.of(100, draw -> noTargetIsMissingFromTheListOfAll(new Random(draw.anyLong())));
  }

  private static void noTargetIsMissingFromTheListOfAll(Random random) {
    HashSpaces spaces = randomSpaces(random, 6);
    CopyPlan plan = new CopyPlan(spaces, random.nextBoolean(), node(1 + random.nextInt(6)));
    for (int k = 0; k < 100; k++) {
      assertThat(plan.allTargets()).containsAll(plan.targets(random.nextLong()));
    }
  }

  @Test
  void aNodeThatReturnsIsGivenAllItsKeysAlthoughTheLayoutIsTheSame() {
    HashSpace read =
        space(1, new Node(node(1), true), new Node(node(2), false), new Node(node(3), true));
    CopyPlan first = new CopyPlan(new HashSpaces(active(3), read), false, node(1));
    CopyPlan third = new CopyPlan(new HashSpaces(active(3), read), false, node(3));
    Random random = new Random(2);
    for (int k = 0; k < 100; k++) {
      long hash = random.nextLong();
      List<NodeAddress> given = new ArrayList<>(first.targets(hash));
      given.addAll(third.targets(hash));
      assertThat(given).containsExactly(node(2));
    }
  }

  @Test
  void nothingMovesBetweenEqualLayoutsOrFromAnEmptyOne() {
    assertThat(new CopyPlan(new HashSpaces(active(3), active(3)), false, node(1)).isEmpty())
        .isTrue();
    assertThat(new CopyPlan(new HashSpaces(active(3), HashSpace.EMPTY), false, node(1)).isEmpty())
        .isTrue();
    assertThat(new CopyPlan(new HashSpaces(active(4), active(3)), false, node(9)).isEmpty())
        .isTrue();
    assertThat(new CopyPlan(new HashSpaces(active(4), active(3)), false, node(1)).isEmpty())
        .isFalse();
  }

  @Test
  void aFullReplaceGivesEveryRecordToAllOtherReplicas() {
    CopyPlan plan = new CopyPlan(new HashSpaces(active(3), active(3)), true, node(2));
    assertThat(plan.isEmpty()).isFalse();
    assertThat(plan.targets(12345)).containsExactlyInAnyOrder(node(1), node(3));
  }

  @Test
  void aFullReplaceDoesNotBringBackWhatAServerOnlyHoldsByAccident() {
    HashSpace five = active(5);
    Random random = new Random(3);
    for (int k = 0; k < 200; k++) {
      long hash = random.nextLong();
      CopyPlan plan = new CopyPlan(new HashSpaces(five, five), true, node(1));
      boolean owns = five.activeReplicas(hash).contains(node(1));
      assertThat(plan.targets(hash)).hasSize(owns ? 2 : 0);
    }
  }
}
