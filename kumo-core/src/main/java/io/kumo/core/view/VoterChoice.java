package io.kumo.core.view;

import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.NodeAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the voters of the next view: up to five active servers and two managers, always fewer
 * managers than servers, so that the servers alone are a quorum.
 *
 * <p>A voter that is still there under its id stays. The others are filled up with those that have
 * promised the director's term, of zones and then of hosts that have fewest voters. The choice does
 * not depend on the order in which anybody promised, so asking again changes nothing.
 */
public final class VoterChoice {
  static final int MAX_SERVERS = 5;
  static final int MAX_MANAGERS = 2;

  private final Voters before;
  private final Map<NodeAddress, Voter> promised;
  private final List<Voter> chosen = new ArrayList<>();

  private VoterChoice(Voters before, Map<NodeAddress, Voter> promised) {
    this.before = before;
    this.promised = promised;
  }

  /**
   * Chooses.
   *
   * @param layout of the next view
   * @param managers of the next view
   * @param before voters of the present view
   * @param promised who has promised the director's term, by address
   * @param lost nodes that do not answer; those that the layout calls fault need not be among them
   */
  public static Voters choose(
      ViewLayout layout,
      List<NodeAddress> managers,
      Voters before,
      Map<NodeAddress, Voter> promised,
      List<NodeAddress> lost) {
    VoterChoice choice = new VoterChoice(before, promised);
    HashSpace write = layout.spaces().write();
    List<NodeAddress> servers =
        layout.spaces().write().nodes().stream()
            .map(node -> node.address())
            .filter(server -> write.isActive(server) && !lost.contains(server))
            .toList();
    choice.addServers(servers, layout);
    int room = Math.min(MAX_MANAGERS, choice.chosen.size() - 1);
    NodeAddress first =
        choice.addManagers(managers.stream().filter(m -> !lost.contains(m)).toList(), room);
    return new Voters(choice.chosen, first);
  }

  private void addServers(List<NodeAddress> servers, ViewLayout layout) {
    servers.forEach(server -> staying(server).ifPresent(this::addServer));
    List<NodeAddress> rest = new ArrayList<>(servers);
    rest.removeIf(server -> chosenAddresses().contains(server) || !promised.containsKey(server));
    while (chosen.size() < MAX_SERVERS && !rest.isEmpty()) {
      NodeAddress best =
          rest.stream()
              .min(
                  Comparator.comparingLong((NodeAddress s) -> sameZone(s, layout))
                      .thenComparingLong(this::sameHost)
                      .thenComparing(Comparator.naturalOrder()))
              .orElseThrow();
      rest.remove(best);
      chosen.add(promised.get(best));
    }
  }

  private void addServer(Voter voter) {
    if (chosen.size() < MAX_SERVERS) {
      chosen.add(voter);
    }
  }

  /** One with a new id is another voter, and comes in only when it has promised. */
  private Optional<Voter> staying(NodeAddress address) {
    Voter now = promised.get(address);
    return before.find(address).filter(voter -> now == null || now.equals(voter));
  }

  private @Nullable NodeAddress addManagers(List<NodeAddress> managers, int room) {
    List<Voter> voters =
        managers.stream()
            .sorted()
            .map(manager -> staying(manager).or(() -> Optional.ofNullable(promised.get(manager))))
            .flatMap(Optional::stream)
            .limit(Math.max(0, room))
            .toList();
    chosen.addAll(voters);
    return voters.isEmpty() ? null : voters.get(0).address();
  }

  private List<NodeAddress> chosenAddresses() {
    return chosen.stream().map(Voter::address).toList();
  }

  private long sameZone(NodeAddress server, ViewLayout layout) {
    String zone = zone(server, layout);
    return chosen.stream().filter(v -> zone(v.address(), layout).equals(zone)).count();
  }

  private long sameHost(NodeAddress server) {
    return chosen.stream().filter(v -> v.address().sameHost(server)).count();
  }

  private static String zone(NodeAddress server, ViewLayout layout) {
    return layout.members().stream()
        .filter(member -> member.address().equals(server))
        .map(ViewMember::zone)
        .findFirst()
        .orElse("");
  }
}
