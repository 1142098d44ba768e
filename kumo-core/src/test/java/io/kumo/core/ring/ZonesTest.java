package io.kumo.core.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.core.testing.Draw;
import io.kumo.core.testing.Tries;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** How many copies of a key there are, and in which zones. */
class ZonesTest {
  private static final int SAMPLES = 200;

  private static NodeAddress node(int number) {
    return NodeAddress.of(new byte[] {10, 0, 0, (byte) number}, 19800);
  }

  private static List<Node> nodes(String... zones) {
    List<Node> nodes = new ArrayList<>();
    for (String zone : zones) {
      nodes.add(new Node(node(nodes.size() + 1), true, zone));
    }
    return nodes;
  }

  private static String[] randomZones(Draw draw) {
    String[] zones = new String[draw.between(1, 12)];
    for (int i = 0; i < zones.length; i++) {
      zones[i] = draw.of("", "a", "b", "c");
    }
    return zones;
  }

  private static Map<String, Long> countByZone(List<Node> nodes) {
    return nodes.stream().collect(Collectors.groupingBy(Node::zone, Collectors.counting()));
  }

  @Test
  void copiesAreOnTheNextDistinctNodesWhereThereAreNoZones() {
    Tries.of(
        50,
        draw -> {
          List<Node> nodes = nodes(new String[draw.between(1, 9)]);
          nodes.replaceAll(node -> new Node(node.address(), node.active()));
          HashSpace space = HashSpace.of(nodes, 1, draw.between(1, HashSpace.MAX_COPIES));
          for (int k = 0; k < SAMPLES; k++) {
            long hash = draw.anyLong();
            assertThat(space.replicas(hash)).isEqualTo(nextDistinct(space, hash));
          }
        });
  }

  private static List<Node> nextDistinct(HashSpace space, long hash) {
    List<VirtualNode> ring = space.dump();
    int at = 0;
    while (at < ring.size() && Long.compareUnsigned(ring.get(at).hash(), hash) < 0) {
      at++;
    }
    List<Node> found = new ArrayList<>();
    for (int i = 0; i < ring.size() && found.size() < space.copies(); i++) {
      Node node = ring.get((at + i) % ring.size()).node();
      if (!found.contains(node)) {
        found.add(node);
      }
    }
    return found;
  }

  @Test
  void noZoneHasASecondCopyWhileAnotherCouldHaveItsFirst() {
    Tries.of(
        100,
        draw -> {
          List<Node> nodes = nodes(randomZones(draw));
          int copies = draw.between(1, HashSpace.MAX_COPIES);
          HashSpace space = HashSpace.of(nodes, 1, copies);
          Map<String, Long> there = countByZone(nodes);
          for (int k = 0; k < SAMPLES; k++) {
            List<Node> replicas = space.replicas(draw.anyLong());
            Map<String, Long> taken = countByZone(replicas);
            long most = taken.values().stream().mapToLong(count -> count).max().orElseThrow();
            assertThat(replicas).doesNotHaveDuplicates().hasSize(Math.min(copies, nodes.size()));
            there.forEach(
                (zone, count) ->
                    assertThat(taken.getOrDefault(zone, 0L))
                        .isGreaterThanOrEqualTo(Math.min(count, most - 1)));
          }
        });
  }

  @Test
  void theFirstNodeAndThoseOfFewerCopiesStayFirst() {
    Tries.of(
        50,
        draw -> {
          List<Node> nodes = nodes(randomZones(draw));
          HashSpace many = HashSpace.of(nodes, 1, HashSpace.MAX_COPIES);
          for (int k = 0; k < SAMPLES; k++) {
            long hash = draw.anyLong();
            List<Node> all = many.replicas(hash);
            assertThat(all.get(0).address()).isEqualTo(nextDistinct(many, hash).get(0).address());
            for (int copies = 1; copies < HashSpace.MAX_COPIES; copies++) {
              assertThat(HashSpace.of(nodes, 1, copies).replicas(hash))
                  .isEqualTo(all.subList(0, Math.min(copies, all.size())));
            }
          }
        });
  }

  @Test
  void sixServersInThreeZonesHaveEachKeyInAllOfThem() {
    HashSpace space = HashSpace.of(nodes("a", "a", "b", "b", "c", "c"), 1);
    Tries.of(
        1000,
        draw ->
            assertThat(space.replicas(draw.anyLong()).stream().map(Node::zone))
                .containsExactlyInAnyOrder("a", "b", "c"));
  }

  @Test
  void aZoneThatIsLostTakesOneCopyOfEachKey() {
    HashSpace space = HashSpace.of(nodes("a", "a", "b", "b", "c", "c"), 1);
    HashSpace lost = space.withFault(node(1), 2).withFault(node(2), 2);
    Tries.of(1000, draw -> assertThat(lost.activeReplicas(draw.anyLong())).hasSize(2));
    assertThat(lost.find(node(1))).contains(new Node(node(1), false, "a"));
  }

  @Test
  void changesKeepZonesAndCopies() {
    HashSpace space = HashSpace.of(List.of(), 1, 5).withActive(node(1), 2);
    HashSpace zoned = space.withZone(node(1), "a", 3).withActive(node(2), 4).withFault(node(1), 5);

    assertThat(zoned.nodes())
        .containsExactly(new Node(node(1), false, "a"), new Node(node(2), true, ""));
    assertThat(zoned.copies()).isEqualTo(5);
    assertThat(zoned.withoutFaults(6).copies()).isEqualTo(5);
    assertThat(zoned.withClockTime(7).copies()).isEqualTo(5);
    assertThat(zoned.withZone(node(1), "a", 8)).isSameAs(zoned);
    assertThat(zoned.withZone(node(9), "a", 8)).isSameAs(zoned);
    assertThat(zoned.withCopies(5, 8)).isSameAs(zoned);
  }

  @Test
  void anotherZoneOrNumberOfCopiesIsAnotherLayout() {
    HashSpace space = HashSpace.of(nodes("", ""), 1);

    assertThat(space.isPlain()).isTrue();
    assertThat(space.withZone(node(1), "a", 1).isPlain()).isFalse();
    assertThat(space.withZone(node(1), "a", 1).sameNodes(space)).isFalse();
    assertThat(space.withCopies(2, 1).isPlain()).isFalse();
    assertThat(space.withCopies(2, 1)).isNotEqualTo(space);
  }

  @Test
  void copiesAreBounded() {
    for (int copies : new int[] {-1, 0, 8}) {
      assertThatThrownBy(() -> HashSpace.of(List.of(), 1, copies))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aServerThatComesToAZoneIsGivenThatOnesKeysOnly() {
    HashSpace before = HashSpace.of(nodes("a", "b", "c"), 1);
    HashSpace after = before.withActive(node(4), 2).withZone(node(4), "c", 2);
    CopyPlan plan = new CopyPlan(new HashSpaces(after, before), false, node(1));
    assertThat(plan.allTargets()).containsExactly(node(4));
    after
        .dump()
        .forEach(
            point -> assertThat(after.activeReplicas(point.hash())).contains(node(1), node(2)));
  }
}
