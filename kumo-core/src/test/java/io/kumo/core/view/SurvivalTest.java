package io.kumo.core.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the votes of a cluster bear, computed from its voters, as the page about it says. */
class SurvivalTest {
  private static final Path PAGE = Path.of("../docs/consistency.md");
  private static final int MOST_SERVERS = 7;
  private static final int NONE = -1;

  /** Servers have ports from 11 on, managers 1 and 2. */
  private record Cluster(List<NodeAddress> managers, List<NodeAddress> servers, Voters voters) {
    static Cluster of(int managerCount, int serverCount) {
      List<NodeAddress> managers = nodes(1, managerCount);
      List<NodeAddress> servers = nodes(11, serverCount);
      Map<NodeAddress, Voter> promised =
          Stream.concat(managers.stream(), servers.stream())
              .collect(Collectors.toMap(Function.identity(), SampleViews::voter));
      HashSpace space =
          HashSpace.of(servers.stream().map(server -> new Node(server, true)).toList(), 1L << 40);
      ViewLayout layout = layout(servers, space);
      Voters voters = VoterChoice.choose(layout, managers, Voters.NONE, promised, List.of());
      return new Cluster(managers, servers, voters);
    }

    private static ViewLayout layout(List<NodeAddress> servers, HashSpace space) {
      return new ViewLayout(
          new HashSpaces(space, space),
          servers.stream().map(server -> new ViewMember(server, 0, 0, "")).toList(),
          OpenRebalance.NONE,
          0);
    }

    List<NodeAddress> all() {
      return Stream.concat(managers.stream(), servers.stream()).toList();
    }

    ClusterView view() {
      HashSpace space =
          HashSpace.of(servers.stream().map(server -> new Node(server, true)).toList(), 1L << 40);
      return new ClusterView(
          new ViewId(1, 1),
          new ClusterId(1, 0),
          layout(servers, space),
          ViewFlush.NONE,
          ViewSettings.DEFAULT,
          new Electorate(voters, Voters.NONE, managers, managers));
    }

    private static List<NodeAddress> nodes(int first, int count) {
      return IntStream.range(first, first + count).mapToObj(SampleViews::node).toList();
    }

    /** Whoever are left can commit another view: then writes go on, too. */
    boolean decides(List<Voter> left) {
      return voters.isQuorum(left);
    }

    /** Whoever are left can grant leases: what the present view gives to them goes on. */
    boolean leases(List<Voter> left) {
      return voters.meetsEveryQuorum(left);
    }

    /**
     * The greatest number of servers that may be lost together with all these managers, whichever
     * they are; {@link #NONE} if not even those managers may.
     */
    int bears(int managersLost, BiPredicate<Cluster, List<Voter>> rule) {
      int most = NONE;
      for (int k = 0; k < servers.size(); k++) {
        if (!bearsAny(managersLost, k, rule)) {
          return most;
        }
        most = k;
      }
      return most;
    }

    private boolean bearsAny(int managersLost, int k, BiPredicate<Cluster, List<Voter>> rule) {
      List<NodeAddress> all = all();
      return IntStream.range(0, 1 << all.size())
          .filter(lost -> Integer.bitCount(lost & ((1 << managers.size()) - 1)) == managersLost)
          .filter(lost -> Integer.bitCount(lost >> managers.size()) == k)
          .allMatch(lost -> rule.test(this, left(all, lost)));
    }

    private List<Voter> left(List<NodeAddress> all, int lost) {
      List<Voter> left = new ArrayList<>();
      for (int i = 0; i < all.size(); i++) {
        if ((lost & 1 << i) == 0) {
          voters.find(all.get(i)).ifPresent(left::add);
        }
      }
      return left;
    }
  }

  @Test
  void thePageSaysWhatTheVotesBear() throws IOException {
    String rows =
        IntStream.rangeClosed(1, 2)
            .boxed()
            .flatMap(
                managers ->
                    IntStream.rangeClosed(1, MOST_SERVERS)
                        .mapToObj(servers -> row(Cluster.of(managers, servers))))
            .collect(Collectors.joining("\n"));

    assertThat(Files.readString(PAGE)).contains(rows);
  }

  @Test
  void whatIsToldOfAMomentIsWhatThePageSays() {
    for (int managers = 1; managers <= 2; managers++) {
      for (int servers = 1; servers <= MOST_SERVERS; servers++) {
        Cluster cluster = Cluster.of(managers, servers);
        int byRecords = Math.min(servers, HashSpace.DEFAULT_COPIES) - 1;
        int expected = Math.min(byRecords, cluster.bears(0, Cluster::decides));
        assertThat(Survival.of(cluster.view(), Set.copyOf(cluster.all()))).isEqualTo(expected);
      }
    }
  }

  @Test
  void whoDoesNotAnswerIsLostAlready() {
    Cluster cluster = Cluster.of(2, 3);
    Set<NodeAddress> there = new HashSet<>(cluster.all());
    there.remove(cluster.servers().get(0));
    assertThat(Survival.of(cluster.view(), there)).isEqualTo(1);
    there.removeAll(cluster.managers());
    assertThat(Survival.of(cluster.view(), there)).isZero();
  }

  @Test
  void serversMayBeLostOneAfterTheOtherDownToTheLast() {
    for (int managers = 1; managers <= 2; managers++) {
      for (int servers = 2; servers <= MOST_SERVERS; servers++) {
        assertThat(Cluster.of(managers, servers).bears(0, Cluster::decides)).isPositive();
      }
    }
  }

  @Test
  void allManagersMayBeLostWhileEveryServerIsThere() {
    for (int managers = 1; managers <= 2; managers++) {
      for (int servers = 1; servers <= MOST_SERVERS; servers++) {
        assertThat(Cluster.of(managers, servers).bears(managers, Cluster::leases)).isNotNegative();
      }
    }
  }

  private static String row(Cluster cluster) {
    int managers = cluster.managers().size();
    long voting = cluster.voters().members().stream().filter(v -> v.address().port() < 11).count();
    String besides = managers == 1 ? "-" : cell(cluster.bears(1, Cluster::decides));
    return "| %d | %d | %d + %d | %s | %s | %s |"
        .formatted(
            managers,
            cluster.servers().size(),
            cluster.voters().members().size() - voting,
            voting,
            cell(cluster.bears(0, Cluster::decides)),
            besides,
            cell(cluster.bears(managers, Cluster::leases)));
  }

  private static String cell(int servers) {
    return servers == NONE ? "no" : String.valueOf(servers);
  }
}
