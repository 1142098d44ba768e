package io.kumo.server.admin;

import io.kumo.core.cli.Version;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.status.GetNodeStatus;
import io.kumo.core.protocol.status.NodeStatus;
import io.kumo.core.protocol.status.RingState;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.server.view.ViewHolder;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Tells which view is installed here, and what it may do by it. Main loop only. */
public final class NodeStatusHandler {
  private final RpcEndpoint endpoint;
  private final ViewHolder spaces;
  private final BooleanSupplier full;
  private final BooleanSupplier lease;
  private final TimeSource time;
  private final long startedNs;
  private long changedMs;

  /**
   * @param full whether writes are refused because the disk is full
   * @param lease whether this server may coordinate keys now
   */
  public NodeStatusHandler(
      RpcEndpoint endpoint, ViewHolder spaces, BooleanSupplier full, BooleanSupplier lease) {
    this.full = full;
    this.endpoint = endpoint;
    this.spaces = spaces;
    this.lease = lease;
    this.time = endpoint.transport().time();
    this.startedNs = time.nanoTime();
  }

  public void register() {
    endpoint.handle(
        Method.GET_NODE_STATUS,
        GetNodeStatus.class,
        (message, caller, reply) -> status().write(reply.begin()));
  }

  /** Another view is installed. */
  public void viewInstalled() {
    changedMs = time.unixMillis();
  }

  /** Its state, or what keeps it from having another. */
  private String word() {
    String state = spaces.lifecycle().state().name();
    return full.getAsBoolean() ? "full" : state.toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private NodeStatus status() {
    HashSpaces now = spaces.current();
    return new NodeStatus(
        spaces.self().toString(),
        Version.current(),
        word(),
        endpoint.transport().protection(),
        TimeUnit.NANOSECONDS.toSeconds(time.nanoTime() - startedNs),
        RingState.of(now.write()),
        RingState.of(now.read()),
        spaces.voted().id(),
        spaces.isActive() && lease.getAsBoolean(),
        changedMs,
        0,
        0,
        endpoint.links());
  }
}
