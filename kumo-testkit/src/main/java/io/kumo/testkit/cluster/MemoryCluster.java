package io.kumo.testkit.cluster;

import io.kumo.core.protocol.Message;
import io.kumo.core.protocol.PublishedSpaces;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.core.vote.VoteRules;
import io.kumo.core.vote.VoteWriter;
import io.kumo.manager.ManagerConfig;
import io.kumo.manager.ManagerNode;
import io.kumo.server.ServerConfig;
import io.kumo.server.ServerNode;
import io.kumo.server.rejoin.OldRecords;
import io.kumo.testkit.fake.FakeMember;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import io.kumo.testkit.store.MemoryStore;
import io.kumo.testkit.store.MemoryVote;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Managers, servers and made-up members on a network in memory, in virtual time, and a client of
 * them. Nothing starts by itself, and no time passes but in {@link #run} and in the calls that say
 * so. What a server has stored survives its being killed. Confined to one thread.
 */
public final class MemoryCluster {
  /** The manager that directs while both are there. */
  public static final NodeAddress LOWER = address(1, 19700);

  public static final NodeAddress UPPER = address(1, 19701);

  private static final NodeAddress CLIENT = address(99, 9);
  private static final int STREAM_PORT = 19900;
  private static final long CALL_TIMEOUT_NS = Duration.ofSeconds(20).toNanos();
  private static final int CALL_TIMEOUT_MS = 30_000;

  private final MemoryNetwork network = new MemoryNetwork();
  private final Map<NodeAddress, MemoryHost> hosts = new TreeMap<>();
  private final Map<NodeAddress, ManagerNode> managers = new TreeMap<>();
  private final Map<NodeAddress, ServerNode> servers = new TreeMap<>();
  private final Map<NodeAddress, MemoryStore> stores = new TreeMap<>();
  private final Map<NodeAddress, FakeMember> members = new TreeMap<>();
  private final Map<NodeAddress, MemoryVote> votes = new TreeMap<>();
  private final MemoryHost clientHost = startHost(CLIENT);
  private final RpcEndpoint client =
      new RpcEndpoint(clientHost, null, RpcOptions.DEFAULT, new Random(1));
  private long processes = 1;
  private boolean keepsVotes;

  /** 127.0.0.{@code last}. */
  public static NodeAddress address(int last, int port) {
    return NodeAddress.of(new byte[] {127, 0, 0, (byte) last}, port);
  }

  /** Where the server of this number, from 1 on, is. */
  public static NodeAddress serverAddress(int number) {
    return address(10 + number, 19800);
  }

  /** The configuration of a server where nothing else is said; the stream's port is 19900. */
  public static ServerConfig serverConfig(NodeAddress address, NodeAddress... managers) {
    NodeAddress stream = NodeAddress.fromBits(STREAM_PORT, address.ipv4());
    return ServerConfig.of(address, stream, List.of(managers));
  }

  /** All that is started from now on keeps a vote. */
  public MemoryCluster keepVotes() {
    keepsVotes = true;
    return this;
  }

  /** The disk on which the process of this address keeps its vote. */
  public MemoryVote vote(NodeAddress address) {
    return votes.computeIfAbsent(address, a -> new MemoryVote());
  }

  private @Nullable VoteWriter takeUpVote(NodeAddress address, MemoryHost host) {
    Random random = new Random(processes * 7919);
    return keepsVotes ? vote(address).open(VoteRules.SOUND, host, address, random) : null;
  }

  // ---- processes

  /** A process for the test to run what it wants on. */
  public MemoryHost startHost(NodeAddress address) {
    MemoryHost host = network.start(address);
    hosts.put(address, host);
    return host;
  }

  public ManagerNode startManager(ManagerConfig config) {
    MemoryHost host = startHost(config.listen());
    ManagerConfig voting = config.withVotes(takeUpVote(config.listen(), host));
    try {
      ManagerNode manager = ManagerNode.start(voting, host, new Random(processes++));
      managers.put(config.listen(), manager);
      return manager;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public ManagerNode startManager(NodeAddress address, @Nullable NodeAddress partner) {
    return startManager(ManagerConfig.of(address, partner));
  }

  /** Starts the two managers. */
  public void startPair() {
    startManager(LOWER, UPPER);
    startManager(UPPER, LOWER);
  }

  public ServerNode startServer(NodeAddress address, NodeAddress... managers) {
    return startServer(serverConfig(address, managers), OldRecords.LET_GO);
  }

  /**
   * Starts a server with the store that it had before, if it had.
   *
   * @param oldRecords as {@link ServerNode} is given it
   */
  public ServerNode startServer(ServerConfig config, OldRecords oldRecords) {
    NodeAddress address = config.addresses().self();
    MemoryStore store = stores.computeIfAbsent(address, a -> new MemoryStore());
    MemoryHost host = startHost(address);
    ServerNode.Threads threads = new ServerNode.Threads(host, host);
    Random random = new Random(processes++);
    ServerConfig voting = config.withVotes(takeUpVote(address, host));
    ServerNode node =
        new ServerNode(threads, store, oldRecords, voting, RpcOptions.DEFAULT, random);
    try {
      node.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    servers.put(address, node);
    return node;
  }

  /** Starts the servers from 1 to {@code count}, which know no manager. */
  public void startServers(int count) {
    for (int number = 1; number <= count; number++) {
      startServer(serverAddress(number));
    }
  }

  /** A server without records that both managers know. */
  public FakeMember startMember(NodeAddress address, PublishedSpaces persisted) {
    MemoryHost host = startHost(address);
    VoteWriter vote = takeUpVote(address, host);
    FakeMember member = new FakeMember(host, address, processes++, persisted, vote, LOWER, UPPER);
    members.put(address, member);
    return member;
  }

  public FakeMember startMember(NodeAddress address) {
    return startMember(address, PublishedSpaces.EMPTY);
  }

  /** Ends a process at once; its store stays. */
  public void kill(NodeAddress address) {
    network.kill(address);
    servers.remove(address);
  }

  /** The next server that is started there starts with nothing. */
  public void dropStore(NodeAddress address) {
    stores.remove(address);
    vote(address).lose();
  }

  // ---- what there is

  public MemoryNetwork network() {
    return network;
  }

  /** Where the process of this address ran last. */
  public MemoryHost host(NodeAddress address) {
    return started(hosts, address);
  }

  public ManagerNode manager(NodeAddress address) {
    return started(managers, address);
  }

  /** A server that runs. */
  public ServerNode server(NodeAddress address) {
    return started(servers, address);
  }

  /** Those that run. */
  public Collection<NodeAddress> serverAddresses() {
    return servers.keySet();
  }

  /** Those that run. */
  public Collection<ServerNode> servers() {
    return servers.values();
  }

  public FakeMember member(NodeAddress address) {
    return started(members, address);
  }

  /** All that were ever started, the last of each address. */
  public Collection<FakeMember> members() {
    return members.values();
  }

  /** The store of a server, running or not. */
  public MemoryStore store(NodeAddress address) {
    return started(stores, address);
  }

  private static <T> T started(Map<NodeAddress, T> map, NodeAddress address) {
    T found = map.get(address);
    if (found == null) {
      throw new IllegalArgumentException("not started: " + address);
    }
    return found;
  }

  /** The hash spaces of a manager. */
  public HashSpaces spaces(NodeAddress manager) {
    return manager(manager).control().table().spaces();
  }

  // ---- time

  public void run(Duration duration) {
    network.events().runFor(duration.toNanos());
  }

  public void runMillis(long millis) {
    run(Duration.ofMillis(millis));
  }

  /** Of virtual time, since the start. */
  public long nowMs() {
    return Duration.ofNanos(network.events().nowNs()).toMillis();
  }

  // ---- requests

  /** Gives every server that runs the hash spaces, in a manager's place. */
  public void tell(HashSpace write, HashSpace read) {
    servers.values().forEach(node -> node.spaces().offer(new HashSpaces(write, read)));
  }

  /** Sends a request as a gateway or kumoctl does; no time passes. */
  public CallResult send(NodeAddress to, Message message) {
    CallResult answer = new CallResult();
    clientHost.enter(() -> client.peer(to).call(message, CALL_TIMEOUT_NS, answer));
    return answer;
  }

  /** Sends a request and lets the time pass that it takes, to the millisecond. */
  public CallResult call(NodeAddress to, Message message) {
    CallResult answer = send(to, message);
    for (int ms = 0; ms < CALL_TIMEOUT_MS && !answer.isDone(); ms++) {
      runMillis(1);
    }
    return answer;
  }

  /** The same; see {@link CallResult#toString}. */
  public String ask(NodeAddress to, Message message) {
    return call(to, message).toString();
  }
}
