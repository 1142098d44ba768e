package io.kumo.core.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.ring.VirtualNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What so many copies bear, in zones and without, computed as the page about it says. */
class CopySurvivalTest {
  private static final Path PAGE = Path.of("../docs/consistency.md");
  private static final int SERVERS = 7;
  private static final List<String> THREE_ZONES = List.of("a", "a", "b", "b", "c", "c");
  private static final List<String> TWO_ZONES = List.of("a", "a", "a", "b", "b", "b");

  private static HashSpace space(List<String> zones, int copies) {
    List<Node> nodes = new ArrayList<>();
    for (String zone : zones) {
      nodes.add(new Node(SampleViews.node(11 + nodes.size()), true, zone));
    }
    return HashSpace.of(nodes, 1, copies);
  }

  /** Those that keep the keys of each range of the ring. */
  private static List<List<Node>> placements(HashSpace space) {
    return space.dump().stream().map(VirtualNode::hash).map(space::replicas).distinct().toList();
  }

  /** How many of these names may be lost, whichever they are, with a copy left of every key. */
  private static int bears(HashSpace space, Function<Node, String> name) {
    List<String> names = space.nodes().stream().map(name).distinct().toList();
    List<List<Node>> placements = placements(space);
    int worst = names.size();
    for (int lost = 0; lost < 1 << names.size(); lost++) {
      List<String> left = left(names, lost);
      boolean loses =
          placements.stream().anyMatch(nodes -> nodes.stream().map(name).noneMatch(left::contains));
      worst = loses ? Math.min(worst, Integer.bitCount(lost)) : worst;
    }
    return worst - 1;
  }

  private static List<String> left(List<String> names, int lost) {
    return IntStream.range(0, names.size())
        .filter(i -> (lost & 1 << i) == 0)
        .mapToObj(names::get)
        .toList();
  }

  private static String row(int copies) {
    HashSpace apart = space(Stream.generate(() -> "").limit(SERVERS).toList(), copies);
    HashSpace three = space(THREE_ZONES, copies);
    long least =
        placements(three).stream()
            .mapToLong(nodes -> nodes.stream().filter(node -> !node.zone().equals("a")).count())
            .min()
            .orElseThrow();
    return "| %d | %d | %d | %d | %d |"
        .formatted(
            copies,
            bears(apart, node -> node.address().toString()),
            bears(three, Node::zone),
            bears(space(TWO_ZONES, copies), Node::zone),
            least);
  }

  @Test
  void thePageSaysWhatCopiesBear() throws IOException {
    String rows =
        IntStream.of(1, 2, 3, 5, 7)
            .mapToObj(CopySurvivalTest::row)
            .collect(Collectors.joining("\n"));
    assertThat(Files.readString(PAGE)).contains(rows);
  }

  /** A manager in two of the zones; whichever zone is lost, the others can commit a view. */
  @Test
  void aZoneOfThreeTakesNoQuorumWithIt() {
    for (int servers = 1; servers <= 3; servers++) {
      assertOneZoneCanBeLost(servers);
    }
  }

  private static void assertOneZoneCanBeLost(int servers) {
    List<String> zones =
        Stream.of("a", "b", "c").flatMap(z -> Stream.generate(() -> z).limit(servers)).toList();
    HashSpace space = space(zones, 3);
    Map<NodeAddress, String> zoneOf =
        space.nodes().stream().collect(Collectors.toMap(Node::address, Node::zone));
    List<NodeAddress> directors = IntStream.rangeClosed(1, 2).mapToObj(SampleViews::node).toList();
    Map<NodeAddress, Voter> promised =
        Stream.concat(directors.stream(), zoneOf.keySet().stream())
            .collect(Collectors.toMap(Function.identity(), SampleViews::voter));
    directors.forEach(d -> zoneOf.put(d, d.equals(directors.get(0)) ? "a" : "b"));
    Voters voters = VoterChoice.choose(layout(space), directors, Voters.NONE, promised, List.of());
    for (String lost : List.of("a", "b", "c")) {
      List<Voter> left =
          voters.members().stream().filter(v -> !lost.equals(zoneOf.get(v.address()))).toList();
      assertThat(voters.isQuorum(left)).as("%s of %s", lost, voters).isTrue();
    }
  }

  private static ViewLayout layout(HashSpace space) {
    return new ViewLayout(
        new HashSpaces(space, space),
        space.nodes().stream().map(n -> new ViewMember(n.address(), 0, 0, n.zone())).toList(),
        OpenRebalance.NONE,
        0);
  }
}
