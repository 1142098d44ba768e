package io.kumo.server;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.vote.VoteWriter;
import io.kumo.server.write.round.WriteLimits;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server was told on its command line, but for the store's own options.
 *
 * @param addresses where it listens and whom it reports to
 * @param keepaliveNs interval of heartbeats
 * @param maxClockSkew how far a manager's physical clock may be away before the server says so
 * @param votes where this server keeps its vote; null for one that does not vote, and goes by hash
 *     spaces as their ClockTimes say
 */
public record ServerConfig(
    Addresses addresses,
    WriteLimits writes,
    Garbage garbage,
    Rebalance rebalance,
    long keepaliveNs,
    Duration maxClockSkew,
    @Nullable VoteWriter votes) {

  /**
   * Where a server listens and whom it reports to.
   *
   * @param self advertised; the server's name in the hash space
   * @param bind what the cluster port binds, which differs from {@code self} behind a wildcard
   * @param stream where other servers fetch the records offered to them
   * @param managers one or two
   * @param zone where its machine is, as others with the same name are; empty for nowhere
   */
  public record Addresses(
      NodeAddress self,
      NodeAddress bind,
      NodeAddress stream,
      List<NodeAddress> managers,
      String zone) {
    public Addresses {
      managers = List.copyOf(managers);
    }

    Addresses in(String otherZone) {
      return new Addresses(self, bind, stream, managers, otherZone);
    }
  }

  /**
   * How long tombstones live.
   *
   * @param keepTime a tombstone is dropped after this, once every replica has it
   */
  public record Garbage(Duration keepTime) {
    public static final Garbage DEFAULT = new Garbage(Duration.ofHours(1));
  }

  /**
   * How records are sent to other servers.
   *
   * @param memoryLimitBytes what may wait for the network at a time; 0 for the default
   * @param bytesPerSecond of keys and values sent to others; 0 for no limit
   */
  public record Rebalance(long memoryLimitBytes, long bytesPerSecond) {
    public static final Rebalance DEFAULT = new Rebalance(0, 0);
  }

  /** A server with the defaults of the command line. */
  public static ServerConfig of(NodeAddress self, NodeAddress stream, List<NodeAddress> managers) {
    return new ServerConfig(
        new Addresses(self, self, stream, managers, ""),
        WriteLimits.defaults(),
        Garbage.DEFAULT,
        Rebalance.DEFAULT,
        Duration.ofSeconds(2).toNanos(),
        Duration.ofSeconds(5),
        null);
  }

  public ServerConfig withZone(String zone) {
    return new ServerConfig(
        addresses.in(zone), writes, garbage, rebalance, keepaliveNs, maxClockSkew, votes);
  }

  public ServerConfig withWrites(WriteLimits other) {
    return new ServerConfig(addresses, other, garbage, rebalance, keepaliveNs, maxClockSkew, votes);
  }

  public ServerConfig withGarbage(Garbage other) {
    return new ServerConfig(addresses, writes, other, rebalance, keepaliveNs, maxClockSkew, votes);
  }

  public ServerConfig withRebalance(Rebalance other) {
    return new ServerConfig(addresses, writes, garbage, other, keepaliveNs, maxClockSkew, votes);
  }

  public ServerConfig withKeepaliveNs(long intervalNs) {
    return new ServerConfig(addresses, writes, garbage, rebalance, intervalNs, maxClockSkew, votes);
  }

  public ServerConfig withVotes(@Nullable VoteWriter place) {
    return new ServerConfig(
        addresses, writes, garbage, rebalance, keepaliveNs, maxClockSkew, place);
  }
}
