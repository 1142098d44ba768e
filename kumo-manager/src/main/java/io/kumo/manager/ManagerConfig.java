package io.kumo.manager;

import io.kumo.core.ring.NodeAddress;
import io.kumo.core.rpc.RpcOptions;
import io.kumo.core.vote.VoteWriter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a manager is told when it starts.
 *
 * @param listen where it accepts connections; port 0 takes a free one
 * @param advertise how others reach it, and its name in the pair; null for what it listens on
 * @param partner the other manager of the pair; null if there is none
 * @param keepalive interval between heartbeats; a node that misses three is lost
 * @param autoReplace whether it attaches, detaches and rebalances by itself
 * @param replaceDelay how long it waits with that after the last server came or went
 * @param maxClockSkew by which the clock of a server that is made active may differ
 * @param rejoinAfter how long a server that is back after a restart waits before it rejoins by
 *     itself; null for it to wait for an order
 * @param votes where this manager keeps its vote, borrowed; null if it has none, and views count by
 *     their ClockTimes
 */
public record ManagerConfig(
    NodeAddress listen,
    @Nullable NodeAddress advertise,
    @Nullable NodeAddress partner,
    Duration keepalive,
    boolean autoReplace,
    Duration replaceDelay,
    Duration maxClockSkew,
    @Nullable Duration rejoinAfter,
    RpcOptions rpc,
    @Nullable VoteWriter votes) {
  /** With every default. */
  public static ManagerConfig of(NodeAddress listen, @Nullable NodeAddress partner) {
    return new ManagerConfig(
        listen,
        null,
        partner,
        Duration.ofSeconds(2),
        false,
        Duration.ofSeconds(4),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        RpcOptions.DEFAULT,
        null);
  }

  public ManagerConfig withVotes(@Nullable VoteWriter writer) {
    return new ManagerConfig(
        listen,
        advertise,
        partner,
        keepalive,
        autoReplace,
        replaceDelay,
        maxClockSkew,
        rejoinAfter,
        rpc,
        writer);
  }

  public ManagerConfig withKeepalive(Duration interval) {
    return new ManagerConfig(
        listen,
        advertise,
        partner,
        interval,
        autoReplace,
        replaceDelay,
        maxClockSkew,
        rejoinAfter,
        rpc,
        votes);
  }

  public ManagerConfig withAutoReplace(Duration delay) {
    return new ManagerConfig(
        listen, advertise, partner, keepalive, true, delay, maxClockSkew, rejoinAfter, rpc, votes);
  }

  /** Where servers rejoin after that time, or by order alone if it is null. */
  public ManagerConfig withRejoinAfter(@Nullable Duration after) {
    return new ManagerConfig(
        listen,
        advertise,
        partner,
        keepalive,
        autoReplace,
        replaceDelay,
        maxClockSkew,
        after,
        rpc,
        votes);
  }
}
