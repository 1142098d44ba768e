package io.kumo.core.ring;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Chooses the nodes that keep a key: the ring's next distinct ones, spread over zones. In each
 * round every zone that has a node left gives one, the next of it on the ring; in a single zone
 * that is the next node, as kumofs 0.4.13 chooses. Stateless between choices.
 */
final class ZoneSpread {
  private final int copies;

  /** By round, from 0: how many zones have a node to give in it. */
  private final int[] zonesInRound;

  ZoneSpread(List<Node> nodes, int copies) {
    this.copies = copies;
    Map<String, Integer> sizes = new HashMap<>();
    nodes.stream().distinct().forEach(node -> sizes.merge(node.zone(), 1, Integer::sum));
    zonesInRound = new int[copies];
    for (int round = 0; round < copies; round++) {
      int taken = round;
      zonesInRound[round] = (int) sizes.values().stream().filter(size -> size > taken).count();
    }
  }

  /** From one virtual node on, around the ring. */
  List<Node> choose(List<VirtualNode> ring, int from) {
    List<Node> chosen = new ArrayList<>(copies);
    List<Node> passedOver = new ArrayList<>();
    int round = 0;
    int left = zonesInRound[0];
    for (int i = 0; i < ring.size() && chosen.size() < copies; i++) {
      Node node = ring.get((from + i) % ring.size()).node();
      if (chosen.contains(node) || passedOver.contains(node)) {
        continue;
      }
      if (countIn(node.zone(), chosen) > round) {
        passedOver.add(node);
        continue;
      }
      chosen.add(node);
      left--;
      while (left == 0 && chosen.size() < copies && round + 1 < copies) {
        round++;
        left = zonesInRound[round] - takeBack(passedOver, chosen, round);
      }
    }
    return List.copyOf(chosen);
  }

  /** Those of the nodes passed over whose turn has come; how many. */
  private int takeBack(List<Node> passedOver, List<Node> chosen, int round) {
    int before = chosen.size();
    for (int i = 0; i < passedOver.size() && chosen.size() < copies; i++) {
      Node node = passedOver.get(i);
      if (countIn(node.zone(), chosen) <= round) {
        chosen.add(node);
        passedOver.remove(i--);
      }
    }
    return chosen.size() - before;
  }

  private static int countIn(String zone, List<Node> nodes) {
    int count = 0;
    for (Node node : nodes) {
      if (node.zone().equals(zone)) {
        count++;
      }
    }
    return count;
  }
}
