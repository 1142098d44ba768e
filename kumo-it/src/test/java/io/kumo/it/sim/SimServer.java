package io.kumo.it.sim;

import io.kumo.core.ring.HashSpaces;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.core.view.ClusterView;
import io.kumo.core.view.ViewId;
import io.kumo.core.voter.VoterService;
import io.kumo.it.sim.disk.Disk;
import io.kumo.server.ServerConfig;
import io.kumo.server.ServerNode;
import io.kumo.server.ServerRules;
import io.kumo.testkit.net.MemoryHost;
import io.kumo.testkit.net.MemoryNetwork;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A server and its disk. */
final class SimServer extends SimProcess {
  private final Disk disk;
  private final ServerConfig config;
  private final ServerRules rules;
  private final int number;
  private final boolean votes;
  private @Nullable ServerNode node;
  private boolean newDisk;

  SimServer(
      MemoryNetwork network,
      RandomGenerator random,
      Disk disk,
      Addresses addresses,
      int number,
      Settings settings,
      ServerRules rules) {
    super(network, random, addresses.server(number), addresses.serverIndex(number));
    this.disk = disk;
    this.rules = rules;
    this.number = number;
    this.votes = settings.votes();
    Duration seconds = Duration.ofSeconds(settings.tombstoneSeconds());
    CopySettings copies = settings.copies();
    ServerConfig usual = ServerConfig.of(address(), addresses.stream(number), addresses.managers());
    this.config =
        usual
            .withGarbage(new ServerConfig.Garbage(seconds))
            .withWrites(usual.writes().withMinCopies(copies.minCopies()))
            .withZone(copies.zone(number));
  }

  @Override
  void boot(MemoryHost on, RandomGenerator source) throws IOException {
    ServerConfig voting = votes ? config.withVotes(takeUpVote(rules.votes(), on)) : config;
    ServerNode fresh = new ServerNode(on, disk.open(), voting, RpcOptions.DEFAULT, source, rules);
    node = fresh;
    fresh.start();
  }

  @Override
  void ended() {
    node = null;
  }

  String zone() {
    return config.addresses().zone();
  }

  /** Asks it to end in an orderly way; it is to be killed a while later. */
  void stop() {
    if (node != null) {
      node.stop();
    }
  }

  Disk disk() {
    return disk;
  }

  /** A new, empty disk is put in. */
  void loseDisk() {
    newDisk = true;
    disk.wipe();
    vote().lose();
  }

  /** Whether it has never been active with the disk that it has. */
  boolean hasNewDisk() {
    newDisk &= !(isNamed() && spaces().write().isActive(address()));
    return newDisk;
  }

  /** Whether the cluster knows this very process, and not only one before it. */
  boolean isNamed() {
    return node != null && node.spaces().lifecycle().isNamed();
  }

  /** The newest view that it has seen published; the oldest there is while it is down. */
  ViewId noted() {
    return node == null || !votes ? new ViewId(0, 0) : node.requireVoter().newest().id();
  }

  /** The newest view that it knows to be committed; votes are on, and it is up. */
  ClusterView installed() {
    if (node == null) {
      throw new IllegalStateException(this + " is down");
    }
    return node.requireVoter().installed();
  }

  /** Its vote and its leases; null while it is down, or where there are no votes. */
  @Nullable VoterService voter() {
    return node == null || !votes ? null : node.requireVoter();
  }

  /** The same of one that is up. */
  VoterService requireVoter() {
    VoterService voter = voter();
    if (voter == null) {
      throw new IllegalStateException(this + " is down");
    }
    return voter;
  }

  /** Whether it has leases enough now. */
  boolean hasLease() {
    VoterService voter = requireVoter();
    return voter.holder().hasLease(voter.clocks());
  }

  /** Whether it is a key's coordinator by its views, if it has leases. */
  boolean wouldCoordinate(long hash) {
    return requireVoter().holder().isNamed(hash);
  }

  /** What is installed at it; empty while it is down. */
  HashSpaces spaces() {
    return node == null ? HashSpaces.EMPTY : node.spaces().current();
  }

  static List<SimServer> upOf(List<SimServer> servers) {
    return servers.stream().filter(SimProcess::isUp).toList();
  }

  @Override
  public String toString() {
    return "s" + (number + 1);
  }
}
