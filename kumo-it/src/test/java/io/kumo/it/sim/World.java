package io.kumo.it.sim;

import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.KeyHash;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.route.request.ReadLevel;
import io.kumo.it.sim.disk.Disk;
import io.kumo.it.sim.history.History;
import io.kumo.testkit.bug.ClusterRules;
import io.kumo.testkit.bug.PlantedBug;
import io.kumo.testkit.net.EventQueue;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything of one run: the network, the processes on it, what clients saw. Confined to one
 * thread.
 */
final class World {
  static final long FIRST_UNRELATED = 100_000;

  private final @Nullable PlantedBug bug;
  private final Settings settings;
  private final Addresses addresses;
  private final MemoryNetwork network = new MemoryNetwork();
  private final Trace trace;
  private final SimNetworkConditions conditions;
  private final History history = new History();
  private final List<SimManager> managers = new ArrayList<>();
  private final List<SimServer> servers = new ArrayList<>();
  private final List<SimGateway> gateways = new ArrayList<>();

  World(Settings settings, SplittableRandom random, @Nullable PrintStream out) {
    this(settings, random, out, null);
  }

  /**
   * @param bug that all processes have
   */
  World(
      Settings settings,
      SplittableRandom random,
      @Nullable PrintStream out,
      @Nullable PlantedBug bug) {
    ClusterRules rules = bug == null ? ClusterRules.SOUND : bug.cluster();
    this.bug = bug;
    this.settings = settings;
    this.addresses = new Addresses(settings.managers(), settings.servers(), settings.gateways());
    this.trace = new Trace(network.events(), out);
    this.conditions = new SimNetworkConditions(random.split(), trace, addresses.hosts());
    network.setConditions(conditions);
    network.expectBugs();
    for (int i = 0; i < settings.managers(); i++) {
      managers.add(
          new SimManager(network, random.split(), addresses, i, settings, rules.manager()));
    }
    for (int i = 0; i < settings.servers(); i++) {
      Disk disk = new Disk(network.events(), settings.fsync(), rules.clockOrder());
      servers.add(
          new SimServer(network, random.split(), disk, addresses, i, settings, rules.server()));
      conditions.place(addresses.stream(i), addresses.serverIndex(i));
    }
    for (int i = 0; i < settings.gateways(); i++) {
      // The others read elsewhere when a coordinator does not answer; what that says is not judged.
      ReadLevel reads =
          settings.votes() && i % 2 == 0 ? ReadLevel.LINEARIZABLE : ReadLevel.AVAILABLE;
      gateways.add(new SimGateway(network, random.split(), addresses, i, reads, rules.requests()));
    }
    all().forEach(process -> conditions.place(process.address(), process.index()));
    conditions.place(addresses.operator(), addresses.operatorIndex());
  }

  /** What is wrong with all processes; null when nothing is. */
  @Nullable PlantedBug bug() {
    return bug;
  }

  Settings settings() {
    return settings;
  }

  Addresses addresses() {
    return addresses;
  }

  MemoryNetwork network() {
    return network;
  }

  EventQueue events() {
    return network.events();
  }

  Trace trace() {
    return trace;
  }

  SimNetworkConditions conditions() {
    return conditions;
  }

  History history() {
    return history;
  }

  List<SimManager> managers() {
    return managers;
  }

  List<SimServer> servers() {
    return servers;
  }

  List<SimGateway> gateways() {
    return gateways;
  }

  Stream<SimProcess> all() {
    return Stream.of(managers, servers, gateways).flatMap(List::stream);
  }

  Optional<SimServer> server(NodeAddress address) {
    return servers.stream().filter(server -> server.address().equals(address)).findFirst();
  }

  /** The process whose event is being handled. */
  String running() {
    MemoryHost host = network.running();
    return host == null
        ? "-"
        : all()
            .filter(process -> process.address().equals(host.name()))
            .map(SimProcess::toString)
            .findFirst()
            .orElse("operator");
  }

  /** The hash spaces of a manager that is well; the newest where they differ. */
  HashSpaces view() {
    HashSpaces newest = HashSpaces.EMPTY;
    for (SimManager manager : managers) {
      HashSpaces spaces = manager.spaces();
      boolean newer =
          Long.compareUnsigned(spaces.write().clockTime(), newest.write().clockTime()) > 0;
      if (manager.isWell() && newer) {
        newest = spaces;
      }
    }
    return newest;
  }

  /**
   * Whether the managers that are well agree, and every server is where it should be and has what
   * it should.
   */
  boolean isSettled() {
    HashSpaces view = view();
    boolean attached =
        !view.write().isEmpty() && view.write().nodes().stream().allMatch(Node::active);
    boolean present =
        view.write().nodes().stream()
            .allMatch(node -> server(node.address()).map(SimProcess::isWell).orElse(false));
    boolean agreed =
        managers.stream()
            .filter(SimProcess::isWell)
            .allMatch(manager -> isSame(manager.spaces(), view) && !manager.isRebalancing());
    boolean known =
        servers.stream()
            .filter(server -> view.write().isActive(server.address()))
            .allMatch(server -> isSame(server.spaces(), view));
    return attached && present && agreed && known && !view.rebalancing();
  }

  private static boolean isSame(HashSpaces one, HashSpaces other) {
    return one.write().equals(other.write()) && one.read().sameNodes(other.read());
  }

  static long hash(String key) {
    return KeyHash.of(key.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A source of its own for each part, so that a change in one does not change the others. Of small
   * seeds, which are known for what they found, each has the numbers of the one before without the
   * first; from {@link #FIRST_UNRELATED} on they have nothing in common.
   */
  static SplittableRandom source(long seed, String part) {
    SplittableRandom source = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + part.hashCode());
    return seed < FIRST_UNRELATED ? source : source.split();
  }

  static <T> T pick(List<T> from, RandomGenerator random) {
    return from.get(random.nextInt(from.size()));
  }
}
