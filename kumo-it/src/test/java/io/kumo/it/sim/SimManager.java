package io.kumo.it.sim;

import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.StandingOrders;
import io.kumo.manager.ManagerConfig;
import io.kumo.manager.ManagerNode;
import io.kumo.manager.membership.HealthBook;
import io.kumo.manager.membership.ManagerRules;
import io.kumo.manager.rebalance.RebalancePhase;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One of the managers. */
final class SimManager extends SimProcess {
  private final ManagerConfig config;
  private final int number;
  private final boolean votes;
  private final ManagerRules rules;
  private @Nullable ManagerNode node;

  SimManager(
      MemoryNetwork network,
      RandomGenerator random,
      Addresses addresses,
      int number,
      Settings settings,
      ManagerRules rules) {
    super(network, random, addresses.manager(number), addresses.managerIndex(number));
    this.number = number;
    this.rules = rules;
    NodeAddress partner = addresses.managers().size() == 2 ? addresses.manager(1 - number) : null;
    ManagerConfig plain =
        ManagerConfig.of(address(), partner).withRejoinAfter(settings.rejoinAfter());
    this.votes = settings.votes();
    this.config = settings.autoReplace() ? plain.withAutoReplace(Duration.ofSeconds(4)) : plain;
  }

  @Override
  void boot(MemoryHost on, RandomGenerator source) throws IOException {
    ManagerConfig voting = votes ? config.withVotes(takeUpVote(rules.votes(), on)) : config;
    node = ManagerNode.start(voting, on, source, rules);
  }

  @Override
  void ended() {
    node = null;
  }

  /** What is installed at it; empty while it is down. */
  HashSpaces spaces() {
    return node == null ? HashSpaces.EMPTY : node.control().table().spaces();
  }

  /** What operators have ordered to hold on. */
  StandingOrders orders() {
    return node == null ? StandingOrders.NONE : node.control().table().orders();
  }

  /** Servers that are there but not in the write hash space. */
  List<NodeAddress> newcomers() {
    return node == null ? List.of() : node.control().table().newcomers();
  }

  /** Whether it may change the view. */
  boolean directs() {
    return node != null && node.control().membership().direction().votes().directs();
  }

  /** The newest view that it knows to be committed; none while it is down, or without votes. */
  ClusterView installed() {
    return node == null
        ? ClusterView.NONE
        : node.control().membership().direction().votes().installed();
  }

  /** Whether a server has told it of another one that it cannot reach. */
  boolean isToldOfBrokenLinks() {
    if (node == null) {
      return false;
    }
    Set<NodeAddress> servers = node.control().table().live().keySet();
    HealthBook health = node.control().membership().health();
    return servers.stream().anyMatch(server -> !health.cutFrom(server, servers).isEmpty());
  }

  boolean isRebalancing() {
    return phase().isRunning();
  }

  RebalancePhase phase() {
    return node == null ? RebalancePhase.IDLE : node.control().rebalance().director().phase();
  }

  @Override
  public String toString() {
    return "m" + (number + 1);
  }
}
